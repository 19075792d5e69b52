-- The end of the transform: what Brightpearl has already is done; closed rejects, skips, the books.
UPDATE out_customer SET state = 'done', sent = body, agreed = body
 WHERE state = 'pending' AND key NOT IN (SELECT key FROM out_customer_change)
   AND EXISTS (SELECT 1 FROM stg_bp_contact_data d
                WHERE d.id = remote_id AND NOT d.gone AND d.read_run = (SELECT id FROM current_run));

-- What the load refused is over once its row is settled or withdrawn.
UPDATE reject SET closed_at = unixepoch()
 WHERE job = 'customers' AND by_load AND closed_at IS NULL
   AND key NOT IN (SELECT 'customer:' || x.key FROM out_customer x WHERE x.state IN ('pending', 'claimed', 'rejected'));

DELETE FROM skip WHERE job = 'customers';
INSERT INTO skip(job, key, reason)
SELECT 'customers', 'customer:' || w.email,
       coalesce((SELECT 'ignored by hand' FROM out_customer x WHERE x.key = w.email AND x.state = 'ignored'),
                'booked on the contact of customers.if_absent')
  FROM temp.wanted w LEFT JOIN link_customer k USING (email)
 WHERE k.email IS NULL
   AND NOT EXISTS (SELECT 1 FROM out_customer x WHERE x.key = w.email AND x.state <> 'ignored')
   AND 'customer:' || w.email NOT IN (SELECT key FROM temp.problem);

DROP TABLE IF EXISTS temp.books;
CREATE TEMP TABLE books AS
SELECT (SELECT count(*) FROM (SELECT email FROM temp.wanted
                              UNION SELECT key FROM out_customer WHERE state IN ('pending', 'claimed', 'rejected')))
       AS considered,
       (SELECT count(*) FROM out_customer WHERE state IN ('pending', 'claimed')) AS planned,
       (SELECT count(*) FROM temp.wanted w JOIN link_customer k USING (email)
         WHERE NOT EXISTS (SELECT 1 FROM out_customer x WHERE x.key = w.email AND x.state IN ('pending', 'claimed', 'rejected')))
       AS unchanged,
       (SELECT count(*) FROM skip WHERE job = 'customers') AS skipped,
       (SELECT count(*) FROM (SELECT key FROM temp.problem
                              UNION SELECT 'customer:' || key FROM out_customer WHERE state = 'rejected')) AS rejected;
