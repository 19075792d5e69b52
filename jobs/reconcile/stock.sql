-- Stock that differs -> temp.finding.  After transform.sql, and after the inventory job's quantities.sql
-- and choice.sql were run on what was read just now; rerunnable, plain SQLite.
--
-- Orders that BigCommerce took since the last run are gone from its stock already.
DROP TABLE IF EXISTS temp.busy;
CREATE TEMP TABLE busy AS
SELECT EXISTS (SELECT 1 FROM reconcile_bc_order
                WHERE date_created > (SELECT seen_until FROM reconcile_run ORDER BY id DESC LIMIT 1)) AS newer;

-- Stock that is kept by product is listed by its only variant, or by all of them.
DROP TABLE IF EXISTS temp.shown;
CREATE TEMP TABLE shown AS
SELECT product_id, variant_id, location_id, on_hand FROM reconcile_bc_stock WHERE variant_id > 0
UNION ALL
SELECT product_id, 0, location_id, max(on_hand) FROM reconcile_bc_stock GROUP BY product_id, location_id;
CREATE INDEX temp.shown_item ON shown(product_id, variant_id, location_id);

INSERT INTO temp.finding
SELECT 'stock', c.record, coalesce(b.on_hand, 0) || ' on hand', c.units || ' may be sold', 'the stock differs',
       iif(c.units IS x.quantity, 'somebody changed it in BigCommerce: the next full push (inventory.full_push_hours) sets it right',
           'Brightpearl''s stock changed; the next run pushes it'),
       iif((SELECT newer FROM temp.busy) AND coalesce(b.on_hand, 0) < c.units, 'orders came in since the last run', NULL),
       CASE WHEN c.units IS NOT x.quantity AND NOT (SELECT asked FROM reconcile_run ORDER BY id DESC LIMIT 1)
                 THEN 'it changed while this run was on: the next one pushes it'
            ELSE (SELECT 'rejected: ' || min(r.message) FROM reject r
                   WHERE r.closed_at IS NULL AND r.job = 'inventory' AND r.key = c.record) END
  FROM temp.choice c
  LEFT JOIN temp.shown b
    ON b.product_id = c.product_id AND b.variant_id = c.variant_id AND b.location_id = c.location_id
  LEFT JOIN out_stock x ON x.key = c.row_key
 WHERE c.skipped IS NULL AND c.units IS NOT NULL
   AND abs(coalesce(b.on_hand, 0) - c.units)
       > (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'reconcile.stock_tolerance');
