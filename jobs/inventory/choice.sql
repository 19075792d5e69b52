-- temp.item and temp.quantity -> temp.choice: what each item must show at each location, or why it is left
-- alone.  Runs after quantities.sql; rerunnable.

-- Why an item is left alone; NULL: it is pushed.  "fixed" needs nothing from Brightpearl.
DROP TABLE IF EXISTS temp.choice;
CREATE TEMP TABLE choice AS
SELECT i.row_key, 'stock:' || coalesce(nullif(i.sku, ''), i.product_id || '.' || i.variant_id) || '@' || i.location_id
       AS record, i.product_id, i.variant_id, i.location_id, i.sku, i.key, i.matches, s.publish = 'fixed' AS is_fixed,
       CASE WHEN s.publish = 'fixed' THEN s.fixed ELSE q.units END AS units,
       CASE
       WHEN i.tracking = 'none' OR i.tracking IS NULL THEN 'BigCommerce does not track its stock'
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
       WHEN a.payload IS NULL AND b.bundle = 1 THEN 'Brightpearl tells no stock of this bundle'
       END AS skipped
  FROM temp.item i
  LEFT JOIN map_stock s ON s.line = i.stock_line
  LEFT JOIN temp.quantity q ON q.row_key = i.row_key
  LEFT JOIN ref_bp_product b ON b.id = i.bp_product_id
  LEFT JOIN stg_bp_availability a ON a.product_id = i.bp_product_id;
CREATE UNIQUE INDEX temp.choice_key ON choice(row_key);
