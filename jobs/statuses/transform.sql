-- temp.verdict -> out_status, temp.problem, skip, temp.books.  Runs after jobs/agreed/merge.sql; rerunnable.
DROP TABLE IF EXISTS temp.wanted;
CREATE TEMP TABLE wanted AS
SELECT printf('status:%d', order_id) AS key, order_id, field, target, source, merged, value,
       json_object(iif(target = 'brightpearl', 'orderStatusId', 'status_id'), CAST(value AS INTEGER)) AS body
  FROM temp.verdict WHERE target IS NOT NULL AND waits IS NULL;

DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem AS
SELECT printf('status:%d', v.order_id) AS key, v.waits AS reason,
       CASE v.waits WHEN 'held_by_mapping' THEN printf('line %d of statuses.csv says (hold)', b.line)
            WHEN 'cancelled_there' THEN printf('order %d is %s in BigCommerce, but cancelled in Brightpearl (sales order %d)',
                 v.order_id, b.name, (SELECT sales_order_id FROM link_order k WHERE k.order_id = v.order_id))
            ELSE printf('statuses.csv has no line for the %s status %s', t.title, b.name) END AS message,
       CASE v.waits WHEN 'held_by_mapping' THEN 'decide what becomes of it and edit the line'
            WHEN 'cancelled_there' THEN 'cancel it in BigCommerce too, or give it another status in Brightpearl by hand;'
                 || ' then this closes by itself'
            ELSE 'say what becomes of it on the other side, (leave) for nothing' END AS hint,
       iif(v.waits = 'no_status_line', (SELECT printf('mappings/statuses.csv: %s,%s,no,,(leave),', t.title,
              iif(cell(r.name) IS NOT r.name OR r.name GLOB '*[*|]*' OR r.name GLOB '(*'
                  OR EXISTS (SELECT 1 FROM ref_list o WHERE o.system = r.system AND o.list = r.list AND o.id <> r.id
                                AND (o.name_fold = r.name_fold OR o.id = r.name)), 'id:' || r.id, r.name))
          FROM ref_list r WHERE r.system = t.system AND r.list = iif(t.system = 'bigcommerce', 'status', 'order_status')
           AND r.id = CAST(b.status_id AS TEXT)), NULL) AS csv_line
  FROM temp.verdict v
  JOIN (SELECT 'bigcommerce' AS system, 'BigCommerce' AS title UNION ALL SELECT 'brightpearl', 'Brightpearl') t
    ON t.system <> v.target
  JOIN temp.become b ON b.system = t.system AND b.status_id = CAST(v.source AS INTEGER)
 WHERE v.waits IN ('no_status_line', 'held_by_mapping', 'cancelled_there');

INSERT INTO out_status(key, order_id, field, target, source, merged, value, body, state, changed_run)
SELECT key, order_id, field, target, source, merged, value, body, 'pending', (SELECT id FROM current_run)
  FROM temp.wanted WHERE true
    ON CONFLICT(key) DO UPDATE SET target = excluded.target, source = excluded.source,
       merged = excluded.merged, value = excluded.value, body = excluded.body, message = NULL,
       state = 'pending', changed_run = excluded.changed_run
 WHERE state = 'done'
    OR (state <> 'claimed' AND (body <> excluded.body OR target <> excluded.target OR source <> excluded.source));

-- What is no longer wanted is not waited for.
UPDATE out_status SET state = 'done', body = sent, message = NULL
 WHERE state NOT IN ('claimed', 'done') AND sent IS NOT NULL AND key NOT IN (SELECT key FROM temp.wanted);
DELETE FROM out_status
 WHERE state NOT IN ('claimed', 'done') AND sent IS NULL AND key NOT IN (SELECT key FROM temp.wanted);
UPDATE reject SET closed_at = (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run))
 WHERE job = 'statuses' AND by_load AND closed_at IS NULL
   AND key NOT IN (SELECT key FROM out_status WHERE state IN ('pending', 'claimed', 'rejected'));

DROP TABLE IF EXISTS temp.told;
CREATE TEMP TABLE told AS
SELECT v.key, CASE WHEN x.state IN ('pending', 'claimed') THEN 'planned'
                   WHEN x.state = 'rejected' OR p.key IS NOT NULL THEN 'rejected'
                   WHEN x.state = 'ignored' OR v.unknown IS NOT NULL OR v.waits IS NOT NULL OR v.differed
                   THEN 'skipped' ELSE 'unchanged' END AS what,
       CASE WHEN x.state = 'ignored'
            THEN coalesce((SELECT 'ignored by hand: ' || d.why FROM decision d
                            WHERE d.job = 'statuses' AND d.key = v.key AND d.what = 'ignored'), 'ignored by hand')
            ELSE coalesce(v.unknown, v.waits, iif(v.differed = 2, 'not moved back: ' || (SELECT iif(h.cancelled, 'cancelled',
                    iif(h.invoiced, 'invoiced', 'shipped')) FROM temp.behind h WHERE h.order_id = v.order_id)
                    || ' in Brightpearl', NULL),
                 iif(v.differed = 4, 'not moved back: ' || v.kept || ' in BigCommerce', NULL), 'differed before statuses were kept in step') END AS reason
  FROM (SELECT *, printf('status:%d', order_id) AS key FROM temp.verdict) v
  LEFT JOIN out_status x ON x.key = v.key
  LEFT JOIN temp.problem p ON p.key = v.key;

DELETE FROM skip WHERE job = 'statuses';
INSERT INTO skip(job, key, reason) SELECT 'statuses', key, reason FROM temp.told WHERE what = 'skipped';

DROP TABLE IF EXISTS temp.books;
CREATE TEMP TABLE books AS
SELECT count(*) AS considered, coalesce(sum(what = 'planned'), 0) AS planned,
       coalesce(sum(what = 'unchanged'), 0) AS unchanged, coalesce(sum(what = 'skipped'), 0) AS skipped,
       coalesce(sum(what = 'rejected'), 0) AS rejected
  FROM temp.told;
