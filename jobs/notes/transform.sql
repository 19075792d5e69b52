-- temp.verdict -> out_note, temp.problem, skip, temp.books.  Runs after jobs/agreed/merge.sql; rerunnable.
DROP TABLE IF EXISTS temp.named;
CREATE TEMP TABLE named AS
SELECT v.*, printf('note:%d:%s', v.order_id, iif(v.field = 'customer_note', 'customer', 'staff')) AS key,
       k.sales_order_id
  FROM temp.verdict v JOIN link_order k ON k.order_id = v.order_id;

-- What is written: the text of the other side as it stands there (BigCommerce's decoded once), or both.
DROP TABLE IF EXISTS temp.wanted;
CREATE TEMP TABLE wanted AS
SELECT v.key, v.order_id, v.field, v.target, v.source, v.merged, v.value, n.code, f.sale_id IS NOT NULL AS is_set,
       CASE WHEN v.merged THEN t.text || char(10) || f.value
            WHEN v.target = 'brightpearl' THEN t.text
            ELSE coalesce(f.value, '') END AS text
  FROM temp.named v
  JOIN temp.noted n ON n.field = v.field
  JOIN (SELECT id, customer_message AS text, 'customer_note' AS field FROM stg_bc_order
        UNION ALL SELECT id, staff_notes, 'staff_note' FROM stg_bc_order) t
    ON t.id = v.order_id AND t.field = v.field
  LEFT JOIN stg_bp_sale_field f ON f.sale_id = v.sales_order_id AND f.code = n.code
 WHERE v.target IS NOT NULL AND v.waits IS NULL;

DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem AS
SELECT key, 'too_long' AS reason,
       printf('the note in Brightpearl has %d characters, BigCommerce takes 65535', length(text)) AS message,
       'shorten it in Brightpearl' AS hint, NULL AS csv_line
  FROM temp.wanted WHERE target = 'bigcommerce' AND length(text) > 65535;
DELETE FROM temp.wanted WHERE key IN (SELECT key FROM temp.problem);

-- A custom field that is set is replaced or removed, one that is not is added to.
ALTER TABLE temp.wanted ADD COLUMN body;
UPDATE temp.wanted SET value = iif(merged, source || char(10) || value, value),
       body = CASE WHEN target = 'bigcommerce'
                   THEN json_object(iif(field = 'customer_note', 'customer_message', 'staff_notes'), text)
                   WHEN value = '' THEN json_array(json_object('op', 'remove', 'path', '/' || code))
                   ELSE json_array(json_object('op', iif(is_set, 'replace', 'add'), 'path', '/' || code,
                                               'value', text)) END;

INSERT INTO out_note(key, order_id, field, target, source, merged, value, body, state, changed_run)
SELECT key, order_id, field, target, source, merged, value, body, 'pending', (SELECT id FROM current_run)
  FROM temp.wanted WHERE true
    ON CONFLICT(key) DO UPDATE SET target = excluded.target, source = excluded.source,
       merged = excluded.merged, value = excluded.value, body = excluded.body, message = NULL,
       state = 'pending', changed_run = excluded.changed_run
 WHERE state = 'done'
    OR (state <> 'claimed' AND (body <> excluded.body OR target <> excluded.target OR source <> excluded.source));

-- What is no longer wanted is not waited for.
UPDATE out_note SET state = 'done', body = sent, message = NULL
 WHERE state NOT IN ('claimed', 'done') AND sent IS NOT NULL AND key NOT IN (SELECT key FROM temp.wanted);
DELETE FROM out_note
 WHERE state NOT IN ('claimed', 'done') AND sent IS NULL AND key NOT IN (SELECT key FROM temp.wanted);
UPDATE reject SET closed_at = (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run))
 WHERE job = 'notes' AND by_load AND closed_at IS NULL
   AND key NOT IN (SELECT key FROM out_note WHERE state IN ('pending', 'claimed', 'rejected'));

DROP TABLE IF EXISTS temp.told;
CREATE TEMP TABLE told AS
SELECT v.key, CASE WHEN x.state IN ('pending', 'claimed') THEN 'planned'
                   WHEN x.state = 'rejected' OR p.key IS NOT NULL THEN 'rejected'
                   WHEN x.state = 'ignored' OR v.unknown IS NOT NULL OR v.waits IS NOT NULL OR v.differed
                   THEN 'skipped' ELSE 'unchanged' END AS what,
       CASE WHEN x.state = 'ignored'
            THEN coalesce((SELECT 'ignored by hand: ' || d.why FROM decision d
                            WHERE d.job = 'notes' AND d.key = v.key AND d.what = 'ignored'), 'ignored by hand')
            ELSE coalesce(v.unknown, v.waits, 'differed before notes were kept in step') END AS reason
  FROM temp.named v
  LEFT JOIN out_note x ON x.key = v.key
  LEFT JOIN temp.problem p ON p.key = v.key;

DELETE FROM skip WHERE job = 'notes';
INSERT INTO skip(job, key, reason) SELECT 'notes', key, reason FROM temp.told WHERE what = 'skipped';

DROP TABLE IF EXISTS temp.books;
CREATE TEMP TABLE books AS
SELECT count(*) AS considered, coalesce(sum(what = 'planned'), 0) AS planned,
       coalesce(sum(what = 'unchanged'), 0) AS unchanged, coalesce(sum(what = 'skipped'), 0) AS skipped,
       coalesce(sum(what = 'rejected'), 0) AS rejected
  FROM temp.told;
