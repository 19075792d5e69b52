-- Stock that differs -> temp.finding.  After transform.sql, and after the inventory job's quantities.sql,
-- choice.sql and shown.sql were run on what was read just now; rerunnable, plain SQLite.
--
-- Orders that BigCommerce took, or that changed there, since the last run: its stock followed them already.
DROP TABLE IF EXISTS temp.moved;
CREATE TEMP TABLE moved AS
SELECT id FROM reconcile_bc_order
 WHERE max(date_created, coalesce(date_modified, 0)) > (SELECT seen_until FROM reconcile_run ORDER BY id DESC LIMIT 1);
DROP TABLE IF EXISTS temp.moved_item;
CREATE TEMP TABLE moved_item AS
SELECT DISTINCT product_id FROM stg_bc_order_line WHERE order_id IN (SELECT id FROM temp.moved);

INSERT INTO temp.finding
SELECT 'stock', c.record, coalesce(b.on_hand, 0) || ' on hand', c.units || ' may be sold', 'the stock differs',
       iif(c.units IS x.quantity, 'it changed in BigCommerce since it was set: the next run sets it right',
           'Brightpearl''s stock changed; the next run pushes it'),
       iif(c.product_id IN (SELECT product_id FROM temp.moved_item)
           OR coalesce(b.on_hand, 0) < c.units AND EXISTS (SELECT 1 FROM temp.moved),
           'orders came in, or changed, since the last run', NULL),
       CASE WHEN c.units IS NOT x.quantity AND NOT (SELECT asked FROM reconcile_run ORDER BY id DESC LIMIT 1)
                 THEN 'it changed while this run was on: the next one pushes it'
            ELSE (SELECT 'rejected: ' || min(r.message) FROM reject_told r
                   WHERE r.closed_at IS NULL AND r.job = 'inventory' AND r.record = c.record) END
  FROM temp.choice c
  LEFT JOIN temp.shown b
    ON b.product_id = c.product_id AND b.variant_id = c.variant_id AND b.location_id = c.location_id
  LEFT JOIN out_stock x ON x.key = c.row_key
 WHERE c.skipped IS NULL AND c.units IS NOT NULL AND x.held IS NULL
   AND abs(coalesce(b.on_hand, 0) - c.units)
       > (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'reconcile.stock_tolerance');

-- What a brake holds is one thing, however many quantities it is.
INSERT INTO temp.finding
SELECT 'stock', 'stock:held', '', '', printf('%d quantities are held by the brake of stock', count(*)),
       'see ./run.sh plan inventory', NULL, './run.sh plan inventory lists them; ./run.sh --allow-large inventory sends them once'
  FROM out_stock WHERE state = 'pending' AND held IS NOT NULL
HAVING count(*) > 0;
