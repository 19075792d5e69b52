-- temp.item and temp.quantity -> temp.choice: what each item must show at each location, or why it is left
-- alone.  Runs after quantities.sql; rerunnable.

-- Why an item is left alone; NULL: it is pushed.  "fixed" needs nothing from Brightpearl.  bad = a line of a
-- mapping that speaks of it, or may, is wrong: it waits.
DROP TABLE IF EXISTS temp.choice;
CREATE TEMP TABLE choice AS
SELECT i.row_key, 'stock:' || coalesce(nullif(i.sku, ''), i.product_id || '.' || i.variant_id) || '@' || i.location_id
       AS record, i.product_id, i.variant_id, i.location_id, i.sku, i.key, i.bc_key, i.shown,
       i.named_id, i.sku_line, i.matches, s.publish = 'fixed' AS is_fixed, i.wrong AS bad,
       CASE WHEN i.wrong IS NOT NULL THEN NULL WHEN s.publish = 'fixed' THEN s.fixed
            WHEN a.unreadable IS NULL AND (b.bundle IS NOT 1 OR a.payload IS NOT NULL) THEN q.units END AS units,
       iif(s.publish = 'fixed', NULL, coalesce(a.unreadable, iif(b.bundle = 1 AND a.product_id IS NOT NULL AND a.payload IS NULL,
                                                                 'it says that there is no such bundle', NULL))) AS unreadable,
       CASE
       WHEN i.tracking = 'none' OR i.tracking IS NULL THEN 'BigCommerce does not track its stock'
       WHEN i.wrong IS NOT NULL THEN NULL
       WHEN s.publish = 'no' THEN 'stock.csv says no'
       WHEN i.availability = 'preorder'
            AND (SELECT value FROM setting WHERE name = 'inventory.preorders') = 'leave'
            THEN 'on pre-order (inventory.preorders is leave)'
       WHEN s.publish = 'fixed' THEN NULL
       WHEN coalesce(i.key, '') = '' THEN 'it has no '
            || (SELECT value FROM setting WHERE name = 'products.bigcommerce_key')
       WHEN i.matches = 0 THEN 'Brightpearl has no such product'
       WHEN i.bp_product_id IS NULL THEN NULL
       WHEN NOT b.stock_tracked AND b.bundle IS NOT 1 THEN 'Brightpearl does not track its stock'
       WHEN a.product_id IS NULL THEN 'its stock was not read yet'
       END AS skipped
  FROM (SELECT i.*, CASE WHEN s.bad IS NOT NULL THEN printf('line %d of stock.csv is wrong: %s', s.line, s.bad)
                         WHEN s.line IS NULL AND d.line IS NOT NULL
                         THEN printf('line %d of stock.csv may speak of it: %s', d.line, d.bad)
                         WHEN s.publish IN ('no', 'fixed') THEN NULL
                         ELSE i.bad END AS wrong
          FROM temp.item i
          LEFT JOIN map_stock s ON s.line = i.stock_line
          LEFT JOIN (SELECT d.key_fold, b.line, b.bad, min(b.line) FROM map_doubt d JOIN map_stock b ON b.line = d.line
                      WHERE d.file = 'stock.csv' GROUP BY d.key_fold) d
                 ON d.key_fold = i.sku_fold) i
  LEFT JOIN map_stock s ON s.line = i.stock_line
  LEFT JOIN temp.quantity q ON q.row_key = i.row_key
  LEFT JOIN ref_bp_product b ON b.id = i.bp_product_id
  LEFT JOIN stg_bp_availability a ON a.product_id = i.bp_product_id;
CREATE UNIQUE INDEX temp.choice_key ON choice(row_key);
