-- What contacts that exist have to be told -> out_customer_change: a line for each field that is not
-- empty in BigCommerce, changed there since it was last agreed on, and differs in Brightpearl.  A
-- secondary contact's billing address is its organisation's.  "-" is what we write for a name that
-- we do not know.  Rerunnable.
DELETE FROM out_customer_change;
INSERT INTO out_customer_change(key, path, seen, wanted)
WITH field AS (
	SELECT x.key, x.fill_empty, f.path, trim(coalesce(d.payload ->> ('$.' || f.place), '')) AS seen,
	       x.body ->> ('$.contact.' || f.place) AS wanted, x.agreed ->> ('$.contact.' || f.place) AS agreed
	  FROM out_customer x
	  JOIN stg_bp_contact_data d ON d.id = x.remote_id
	  JOIN (SELECT '/firstName' AS path, 'firstName' AS place UNION ALL SELECT '/lastName', 'lastName'
	        UNION ALL SELECT '/communication/telephones/PRI', 'communication.telephones.PRI') f
	 WHERE x.state IN ('pending', 'claimed') AND NOT d.gone
	UNION ALL
	SELECT x.key, x.fill_empty, '/postAddressIds/BIL', coalesce(d.address, iif(d.address_id IS NULL, '', '?')),
	       x.body ->> '$.address', x.agreed ->> '$.address'
	  FROM out_customer x
	  JOIN stg_bp_contact_data d ON d.id = x.remote_id
	 WHERE x.state IN ('pending', 'claimed') AND NOT d.gone AND coalesce(d.is_primary, 1))
SELECT key, path, seen, wanted
  FROM field
 WHERE wanted IS NOT agreed AND wanted <> seen
   AND (seen IN ('', '-') OR NOT fill_empty);
