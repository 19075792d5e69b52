-- The e-mails that need a look, each with what its newest order says -> temp.wanted.  Extract and
-- transform begin with it; rerunnable.
--
-- An e-mail is looked at while an order of it is open, or while its row of out_customer is not
-- settled.  What counts is the newest of its orders that are here or to be imported.  Its contact is
-- the one it is linked to, else the lowest id with exactly this primary e-mail; staff and suppliers
-- only if they are customers too.
DROP TABLE IF EXISTS temp.wanted;
CREATE TEMP TABLE wanted AS
WITH open AS MATERIALIZED (
	SELECT c.id, c.email FROM order_choice c JOIN stg_bc_order o ON o.id = c.id
	 WHERE c.skipped IS NULL AND c.email <> '' AND o.unreadable IS NULL),
asked AS (
	SELECT email, max(open) AS is_open
	  FROM (SELECT email, 1 AS open FROM open
	        UNION ALL
	        SELECT key, 0 FROM out_customer
	         WHERE remote_id IS NOT NULL AND (state IN ('pending', 'claimed', 'rejected')
	                                          OR (state = 'done' AND body IS NOT sent)))
	 GROUP BY email),
gone AS MATERIALIZED (SELECT id FROM stg_bp_contact_data WHERE gone)
SELECT a.email, a.is_open, o.id AS order_id, max(printf('%012d %012d', o.date_created, o.id)) AS newest,
       o.date_created, o.customer_id,
       coalesce((SELECT k.contact_id FROM link_customer k
                  WHERE k.email = a.email AND k.contact_id NOT IN (SELECT id FROM gone)),
                (SELECT min(s.id) FROM stg_bp_contact s
                  WHERE s.email = a.email AND s.id NOT IN (SELECT id FROM gone)
                    AND (s.is_customer OR NOT coalesce(s.is_staff OR s.is_supplier, 0)))) AS contact_id
  FROM asked a JOIN stg_bc_order o ON o.email = a.email
 WHERE o.unreadable IS NULL
   AND (o.id IN (SELECT id FROM open) OR o.id IN (SELECT order_id FROM link_order))
 GROUP BY a.email;
CREATE UNIQUE INDEX temp.wanted_email ON wanted(email);

-- Names take 32 characters.  A character beyond the basic plane counts as two, as in UTF-16, which
-- is the stricter way of counting; none is cut in half.
DROP TABLE IF EXISTS temp.person;
CREATE TEMP TABLE person AS
WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 32),
given AS (
	SELECT w.email, f.name AS field,
	       nullif(trim(replace(replace(CASE f.name WHEN 'first' THEN o.bill_first WHEN 'last' THEN o.bill_last
	                                   ELSE o.bill_company END, char(13), ' '), char(10), ' ')), '') AS text
	  FROM temp.wanted w JOIN stg_bc_order o ON o.id = w.order_id
	  JOIN (SELECT 'first' AS name UNION ALL SELECT 'last' UNION ALL SELECT 'company') f)
SELECT email, field,
       rtrim(CASE WHEN length(text) <= 16 THEN text
                  ELSE substr(text, 1, (SELECT max(p.n) FROM place p
                         WHERE p.n + (SELECT count(*) FROM place b
                                       WHERE b.n <= p.n AND unicode(substr(text, b.n, 1)) > 65535) <= 32))
             END) AS text
  FROM given;
CREATE INDEX temp.person_email ON person(email, field);

-- What that order says of the contact: only what it says, so that an empty value never overwrites.
-- The first line of an address must not be empty.
DROP TABLE IF EXISTS temp.billed;
CREATE TEMP TABLE billed AS
SELECT w.email, p.first, p.last, p.company, nullif(trim(o.bill_phone), '') AS phone,
       coalesce(nullif(trim(o.bill_street_1), ''), nullif(trim(o.bill_street_2), ''), nullif(trim(o.bill_city), ''),
                nullif(trim(o.bill_zip), '')) IS NOT NULL AS has_address,
       json_patch('{}', json_object(
              'addressLine1', coalesce(nullif(trim(o.bill_street_1), ''), nullif(trim(o.bill_street_2), ''),
                                       nullif(trim(o.bill_city), ''), '-'),
              'addressLine2', iif(trim(coalesce(o.bill_street_1, '')) = '', NULL, nullif(trim(o.bill_street_2), '')),
              'addressLine3', nullif(trim(o.bill_city), ''),
              'addressLine4', nullif(trim(o.bill_state), ''),
              'postalCode', nullif(trim(o.bill_zip), ''),
              'countryIsoCode', o.bill_iso3)) AS address
  FROM temp.wanted w
  JOIN stg_bc_order o ON o.id = w.order_id
  JOIN (SELECT email, max(iif(field = 'first', text, NULL)) AS first, max(iif(field = 'last', text, NULL)) AS last,
               max(iif(field = 'company', text, NULL)) AS company
          FROM temp.person GROUP BY email) p USING (email);

-- Whose contact follows, and what it should then say: the data last agreed on, with what the newest
-- order says instead.  An order older than the one last applied changes nothing.
DROP TABLE IF EXISTS temp.follow;
CREATE TEMP TABLE follow AS
SELECT w.email, w.contact_id, w.date_created AS source_at, x.agreed, u.rule = 'fill_empty' AS fill_empty,
       json_object('address', json(iif(b.has_address, b.address, x.agreed -> '$.address')),
                   'contact', json_patch(coalesce(x.agreed -> '$.contact', '{}'), json_patch('{}', json_object(
                          'firstName', b.first, 'lastName', b.last,
                          'communication', json(CASE WHEN b.phone IS NOT NULL THEN
                                 json_object('telephones', json_object('PRI', b.phone)) END))))) AS body
  FROM temp.wanted w
  JOIN temp.billed b USING (email)
  JOIN order_contact_update u ON u.id = w.order_id
  LEFT JOIN (SELECT key, remote_id, source_at, iif(state = 'done', sent, agreed) AS agreed FROM out_customer) x
         ON x.key = w.email AND x.remote_id = w.contact_id
 WHERE w.contact_id IS NOT NULL
   AND CASE u.rule
       WHEN 'no' THEN 0 WHEN 'registered' THEN w.customer_id > 0 ELSE 1 END
   AND (SELECT value FROM setting WHERE name = 'customers.enabled') <> 'no'
   AND w.date_created >= coalesce(x.source_at, 0);
