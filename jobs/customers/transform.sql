-- E-mails on orders to be imported -> link_customer where Brightpearl has the contact, out_customer
-- where it must be created; what cannot be done -> temp.problem with the reason.
-- Rerunnable: same input, same rows.  A row in flight (claimed) keeps its state.
DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem(key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);

-- One row per e-mail, with the newest order's billing address.
DROP TABLE IF EXISTS temp.wanted;
CREATE TEMP TABLE wanted AS
SELECT c.email, max(printf('%012d %d', o.date_created, o.id)) AS newest, o.id AS order_id
  FROM order_choice c JOIN stg_bc_order o ON o.id = c.id
 WHERE c.skipped IS NULL AND o.unreadable IS NULL AND c.email <> ''
 GROUP BY c.email;

-- Found: the lowest id among the contacts with exactly this primary e-mail; staff and suppliers only
-- if they are customers too.
INSERT INTO link_customer(email, contact_id, how, at)
SELECT w.email, min(s.id), 'found', unixepoch()
  FROM temp.wanted w JOIN stg_bp_contact s ON s.email = w.email
 WHERE (s.is_customer OR NOT coalesce(s.is_staff OR s.is_supplier, 0))
   AND NOT EXISTS (SELECT 1 FROM link_customer k WHERE k.email = w.email)
   AND NOT EXISTS (SELECT 1 FROM out_customer x WHERE x.key = w.email AND x.state = 'claimed')
 GROUP BY w.email;

DELETE FROM out_customer
 WHERE state IN ('pending', 'rejected')
   AND (key IN (SELECT email FROM link_customer) OR key NOT IN (SELECT email FROM temp.wanted)
        OR (SELECT value FROM setting WHERE name = 'customers.create') = 'no'
        OR (SELECT value FROM setting WHERE name = 'customers.enabled') = 'no');

INSERT INTO temp.problem
SELECT 'customer:' || w.email, 'customer_absent', 'Brightpearl has no customer with this e-mail',
       CASE WHEN (SELECT value FROM setting WHERE name = 'customers.enabled') = 'no'
            THEN 'customers.enabled is no: create the contact in Brightpearl, or set it to yes'
            ELSE 'customers.create is no: create the contact in Brightpearl, or name one in customers.if_absent'
       END, NULL
  FROM temp.wanted w LEFT JOIN link_customer k USING (email)
 WHERE k.email IS NULL AND w.email NOT IN (SELECT key FROM out_customer)
   AND (SELECT value FROM setting WHERE name = 'customers.if_absent') = 'hold'
   AND ((SELECT value FROM setting WHERE name = 'customers.create') = 'no'
        OR (SELECT value FROM setting WHERE name = 'customers.enabled') = 'no');

-- Names are at most 32 characters; a contact needs some name, an address its first line.
INSERT INTO out_customer(key, body, state, changed_run)
SELECT w.email,
       json_object(
       'address', json_patch('{}', json_object(
              'addressLine1', coalesce(nullif(trim(o.bill_street_1), ''), nullif(trim(o.bill_street_2), ''),
                                       nullif(trim(o.bill_city), ''), '-'),
              'addressLine2', iif(trim(coalesce(o.bill_street_1, '')) = '', NULL, nullif(trim(o.bill_street_2), '')),
              'addressLine3', nullif(trim(o.bill_city), ''),
              'addressLine4', nullif(trim(o.bill_state), ''),
              'postalCode', nullif(trim(o.bill_zip), ''),
              'countryIsoCode', o.bill_iso3)),
       'contact', json_patch('{}', json_object(
              'firstName', substr(coalesce(nullif(trim(o.bill_first), ''), nullif(trim(o.bill_company), ''),
                                           substr(w.email, 1, instr(w.email, '@') - 1)), 1, 32),
              'lastName', substr(coalesce(nullif(trim(o.bill_last), ''), '-'), 1, 32),
              'communication', json_object(
                     'emails', json_object('PRI', json_object('email', o.bill_email)),
                     'telephones', json(CASE WHEN trim(coalesce(o.bill_phone, '')) <> '' THEN
                                        json_object('PRI', trim(o.bill_phone)) END)),
              'organisation', json(CASE WHEN trim(coalesce(o.bill_company, '')) <> '' THEN
                                   json_object('name', trim(o.bill_company)) END)))),
       'pending', (SELECT id FROM current_run)
  FROM temp.wanted w
  JOIN stg_bc_order o ON o.id = w.order_id
 WHERE NOT EXISTS (SELECT 1 FROM link_customer k WHERE k.email = w.email)
   AND (SELECT value FROM setting WHERE name = 'customers.create') = 'yes'
   AND (SELECT value FROM setting WHERE name = 'customers.enabled') <> 'no'
    ON CONFLICT(key) DO UPDATE SET body = excluded.body, changed_run = excluded.changed_run,
       state = iif(state = 'rejected', 'pending', state),
       address_id = iif(state = 'claimed' OR body ->> '$.address' IS excluded.body ->> '$.address',
                        address_id, NULL)
 WHERE state IN ('pending', 'claimed', 'rejected') AND body IS NOT excluded.body;

DELETE FROM skip WHERE job = 'customers';
INSERT INTO skip(job, key, reason)
SELECT 'customers', 'customer:' || w.email,
       coalesce((SELECT 'ignored by hand' FROM out_customer x WHERE x.key = w.email AND x.state = 'ignored'),
                'booked on the contact of customers.if_absent')
  FROM temp.wanted w LEFT JOIN link_customer k USING (email)
 WHERE k.email IS NULL
   AND NOT EXISTS (SELECT 1 FROM out_customer x WHERE x.key = w.email AND x.state <> 'ignored')
   AND NOT EXISTS (SELECT 1 FROM temp.problem p WHERE p.key = 'customer:' || w.email);

DROP TABLE IF EXISTS temp.books;
CREATE TEMP TABLE books AS
SELECT (SELECT count(*) FROM (SELECT email FROM temp.wanted
                              UNION SELECT key FROM out_customer WHERE state IN ('pending', 'claimed', 'rejected')))
       AS considered,
       (SELECT count(*) FROM out_customer WHERE state IN ('pending', 'claimed')) AS planned,
       (SELECT count(*) FROM temp.wanted w JOIN link_customer k USING (email)
         WHERE NOT EXISTS (SELECT 1 FROM out_customer x WHERE x.key = w.email AND x.state = 'claimed'))
       AS unchanged,
       (SELECT count(*) FROM skip WHERE job = 'customers') AS skipped,
       (SELECT count(DISTINCT key) FROM temp.problem)
       + (SELECT count(*) FROM out_customer WHERE state = 'rejected') AS rejected;
