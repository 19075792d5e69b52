-- temp.finding -> reconcile_difference, the counts of reconcile_run, and temp.problem for the rejects.
-- Last; rerunnable, plain SQLite.
UPDATE temp.finding SET expected = (SELECT 'ignored by hand: ' || d.why FROM decision d
       WHERE d.job = 'reconcile' AND d.key = finding.key AND d.what = 'ignored')
 WHERE expected IS NULL;

DELETE FROM reconcile_difference WHERE reconcile_id = (SELECT max(id) FROM reconcile_run);
INSERT INTO reconcile_difference
SELECT (SELECT max(id) FROM reconcile_run),
       CASE WHEN expected IS NOT NULL THEN 'expected' WHEN waits IS NOT NULL THEN 'waiting' ELSE 'difference' END,
       kind, key, coalesce(bigcommerce, ''), coalesce(brightpearl, ''), message, coalesce(expected, waits, hint)
  FROM temp.finding WHERE true
    ON CONFLICT DO NOTHING;

UPDATE reconcile_run AS r
   SET state = 'done', orders = (SELECT count(*) FROM reconcile_bc_order),
       differences = (SELECT count(*) FROM reconcile_difference d WHERE d.reconcile_id = r.id AND class = 'difference'),
       waiting = (SELECT count(*) FROM reconcile_difference d WHERE d.reconcile_id = r.id AND class = 'waiting'),
       expected = (SELECT count(*) FROM reconcile_difference d WHERE d.reconcile_id = r.id AND class = 'expected')
 WHERE id = (SELECT max(id) FROM reconcile_run);

DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem AS
SELECT key, kind AS reason, message || iif(bigcommerce <> '' AND brightpearl <> '', ': ' || bigcommerce || ' in BigCommerce, '
       || brightpearl || ' in Brightpearl', '') AS message, hint, NULL AS csv_line
  FROM reconcile_difference WHERE reconcile_id = (SELECT max(id) FROM reconcile_run) AND class = 'difference';
