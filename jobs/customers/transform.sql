-- temp.wanted, temp.billed, temp.follow (wanted.sql) -> link_customer where Brightpearl has the
-- contact, out_customer where it must be created or told of changes; what cannot be done ->
-- temp.problem with the reason.  Rerunnable: same input, same rows.  A row in flight (claimed) keeps
-- its state.
DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem(key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);

-- A contact that is gone from Brightpearl is never made again by itself: its e-mail is linked to
-- another one that has it, or waits for a person.
INSERT INTO out_customer(key, body, state, remote_id, message, changed_run)
SELECT k.email, '{}', 'rejected', k.contact_id, 'gone from Brightpearl', (SELECT id FROM current_run)
  FROM link_customer k JOIN stg_bp_contact_data d ON d.id = k.contact_id
 WHERE d.gone
    ON CONFLICT(key) DO UPDATE SET state = 'rejected', remote_id = excluded.remote_id, address_id = NULL,
       message = excluded.message, changed_run = excluded.changed_run
 WHERE state NOT IN ('claimed', 'ignored');

DELETE FROM link_customer WHERE contact_id IN (SELECT id FROM stg_bp_contact_data WHERE gone);

INSERT INTO link_customer(email, contact_id, how, at)
SELECT w.email, w.contact_id, 'found', unixepoch()
  FROM temp.wanted w
 WHERE w.contact_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM link_customer k WHERE k.email = w.email)
   AND NOT EXISTS (SELECT 1 FROM out_customer x WHERE x.key = w.email AND x.state = 'claimed');

UPDATE out_customer SET state = 'rejected', message = 'gone from Brightpearl'
 WHERE state = 'pending' AND remote_id IN (SELECT id FROM stg_bp_contact_data WHERE gone)
   AND key NOT IN (SELECT email FROM link_customer);

-- Not in flight, and not to be created as things are.
DELETE FROM out_customer
 WHERE remote_id IS NULL AND state IN ('pending', 'rejected')
   AND (key IN (SELECT email FROM link_customer) OR key NOT IN (SELECT email FROM temp.wanted)
        OR (SELECT value FROM setting WHERE name = 'customers.create') = 'no'
        OR (SELECT value FROM setting WHERE name = 'customers.enabled') = 'no');

-- Linked to another contact than the one it was about.
DELETE FROM out_customer
 WHERE state NOT IN ('claimed', 'ignored')
   AND remote_id <> (SELECT k.contact_id FROM link_customer k WHERE k.email = key);

-- Nothing to tell any more.
DELETE FROM out_customer
 WHERE remote_id IS NOT NULL AND state IN ('pending', 'rejected') AND agreed IS NULL AND sent IS NULL
   AND key IN (SELECT email FROM link_customer) AND key NOT IN (SELECT email FROM temp.follow);
UPDATE out_customer SET state = 'done', body = coalesce(agreed, sent), sent = coalesce(agreed, sent), message = NULL
 WHERE remote_id IS NOT NULL AND coalesce(agreed, sent) IS NOT NULL
   AND (state IN ('pending', 'rejected') OR (state = 'done' AND body IS NOT sent))
   AND key IN (SELECT email FROM link_customer)
   AND key NOT IN (SELECT email FROM temp.follow WHERE body IS NOT agreed);

-- Contacts whose data follow; difference.sql tells what of it.
INSERT INTO out_customer(key, body, state, agreed, fill_empty, source_at, remote_id, changed_run)
SELECT f.email, f.body, 'pending', f.agreed, f.fill_empty, f.source_at, f.contact_id, (SELECT id FROM current_run)
  FROM temp.follow f JOIN link_customer k ON k.email = f.email AND k.contact_id = f.contact_id
 WHERE f.body IS NOT f.agreed
    ON CONFLICT(key) DO UPDATE SET body = excluded.body, state = 'pending', agreed = excluded.agreed,
       fill_empty = excluded.fill_empty, source_at = excluded.source_at, changed_run = excluded.changed_run, message = NULL,
       address_id = iif(body ->> '$.address' IS excluded.body ->> '$.address', address_id, NULL)
 WHERE state NOT IN ('claimed', 'ignored') AND (body IS NOT excluded.body OR state = 'done' OR fill_empty <> excluded.fill_empty);

INSERT INTO temp.problem
SELECT 'customer:' || key, 'contact_gone', printf('its contact %d is no longer in Brightpearl', remote_id),
       printf('give its e-mail to a contact in Brightpearl, or name the one that replaced it: ./run.sh link customer %s ID', key),
       NULL
  FROM out_customer x
 WHERE state = 'rejected' AND NOT EXISTS (SELECT 1 FROM link_customer k WHERE k.email = x.key)
   AND remote_id IN (SELECT id FROM stg_bp_contact_data WHERE gone);

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

-- A contact needs some name.
INSERT INTO out_customer(key, body, state, source_at, changed_run)
SELECT w.email,
       json_object('address', json(b.address), 'contact', json_patch('{}', json_object(
              'firstName', coalesce(b.first, b.company, substr(w.email, 1, min(32, instr(w.email || '@', '@') - 1))),
              'lastName', coalesce(b.last, '-'),
              'communication', json_object(
                     'emails', json_object('PRI', json_object('email', o.bill_email)),
                     'telephones', json(CASE WHEN b.phone IS NOT NULL THEN json_object('PRI', b.phone) END)),
              'organisation', json(CASE WHEN b.company IS NOT NULL THEN
                                   json_object('name', trim(o.bill_company)) END)))),
       'pending', w.date_created, (SELECT id FROM current_run)
  FROM temp.wanted w
  JOIN temp.billed b USING (email)
  JOIN stg_bc_order o ON o.id = w.order_id
 WHERE w.is_open AND NOT EXISTS (SELECT 1 FROM link_customer k WHERE k.email = w.email)
   AND (SELECT value FROM setting WHERE name = 'customers.create') = 'yes'
   AND (SELECT value FROM setting WHERE name = 'customers.enabled') <> 'no'
    ON CONFLICT(key) DO UPDATE SET body = excluded.body, source_at = excluded.source_at, changed_run = excluded.changed_run,
       state = iif(state = 'rejected', 'pending', state),
       address_id = iif(state = 'claimed' OR body ->> '$.address' IS excluded.body ->> '$.address',
                        address_id, NULL)
 WHERE remote_id IS NULL AND state IN ('pending', 'claimed', 'rejected') AND body IS NOT excluded.body;
