-- temp.page (contacts as received) for temp.asked -> stg_bp_contact_data.  Those of temp.asked without a
-- page are gone; what cannot be read stands in neither.
INSERT INTO stg_history(record, id, replaced_at, payload, sha256)
SELECT 'bp_contact_data', d.id, a.at, d.payload, d.sha256
  FROM temp.page p
  JOIN stg_bp_contact_data d ON d.id = whole(p.payload -> '$.contactId')
  JOIN temp.asked a ON a.id = d.id
 WHERE d.sha256 <> sha256(p.payload) AND d.payload IS NOT NULL;

INSERT INTO stg_bp_contact_data(id, payload, sha256, changed_run, read_at, read_run, gone, is_primary, address_id)
SELECT a.id, p.payload, coalesce(sha256(p.payload), ''), r.id, a.at, r.id, p.payload IS NULL,
       flag(p.payload ->> '$.isPrimaryContact'),
       nullif(coalesce(whole(p.payload -> '$.postAddressIds.BIL'), whole(p.payload -> '$.postAddressIds.DEF')), 0)
  FROM temp.asked a
  JOIN current_run r
  LEFT JOIN temp.page p ON whole(p.payload -> '$.contactId') = a.id
 WHERE true
    ON CONFLICT(id) DO UPDATE SET payload = coalesce(excluded.payload, payload),
       changed_run = iif(sha256 = excluded.sha256, changed_run, excluded.changed_run),
       sha256 = excluded.sha256, read_at = excluded.read_at, read_run = excluded.read_run, gone = excluded.gone,
       is_primary = excluded.is_primary, address_id = excluded.address_id, address = NULL, address_own = NULL;

INSERT OR IGNORE INTO temp.address_to_read
SELECT d.address_id FROM temp.asked a JOIN stg_bp_contact_data d ON d.id = a.id
  JOIN temp.to_read t ON t.id = a.id AND NOT t.brief
 WHERE d.read_at = a.at AND d.address_id IS NOT NULL AND NOT d.gone;

DELETE FROM temp.to_read
 WHERE id IN (SELECT a.id FROM temp.asked a JOIN stg_bp_contact_data d ON d.id = a.id AND d.read_at = a.at);
