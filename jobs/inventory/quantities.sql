-- Availability, warehouses.csv, stock.csv and what orders hold -> temp.quantity: what each item must
-- show at each location.  First of the inventory job's transform scripts; rerunnable.

-- Published warehouses with the location that shows their stock; the default location comes first.
DROP TABLE IF EXISTS temp.published;
CREATE TEMP TABLE published AS
WITH place AS (
	SELECT CAST(id AS INTEGER) AS id, coalesce(detail ->> '$.is_default', 0) AS is_default
	  FROM ref_list WHERE system = 'bigcommerce' AND list = 'location'),
main AS (
	SELECT coalesce((SELECT id FROM place ORDER BY is_default DESC, id LIMIT 1), 1) AS id)
SELECT w.warehouse_id, w.buffer, coalesce(w.location_id, m.id) AS location_id,
       coalesce(w.location_id, m.id) <> m.id AS further
  FROM map_warehouses w, main m
 WHERE w.publish AND w.warehouse_id IS NOT NULL;

-- Every item at every location, with the line of stock.csv that speaks of it (the one that names the
-- location wins).
DROP TABLE IF EXISTS temp.item;
CREATE TEMP TABLE item AS
SELECT i.*, l.location_id, l.further,
       printf('%d.%d@%d', i.product_id, i.variant_id, l.location_id) AS row_key,
       (SELECT s.line FROM map_stock s
         WHERE s.sku_fold = i.sku_fold AND (s.location = '' OR s.location_id = l.location_id)
         ORDER BY s.location = '', s.bad IS NULL, s.line LIMIT 1) AS stock_line
  FROM stock_item i
  JOIN (SELECT DISTINCT location_id, further FROM temp.published) l;
CREATE UNIQUE INDEX temp.item_key ON item(row_key);

-- Units that live orders hold, of each product: on its own, and inside bundles.
DROP TABLE IF EXISTS temp.held;
CREATE TEMP TABLE held AS
SELECT product_id, sum(units) AS units
  FROM (SELECT product_id, units FROM stock_held
        UNION ALL
        SELECT c.product_id, h.units * c.quantity
          FROM stock_held h JOIN ref_bp_component c ON c.bundle_id = h.product_id)
 GROUP BY product_id;
CREATE UNIQUE INDEX temp.held_product ON held(product_id);

-- What a bundle loses: its own units, and as many as the scarcest component held elsewhere.
DROP TABLE IF EXISTS temp.taken;
CREATE TEMP TABLE taken AS
SELECT product_id, units FROM temp.held
 WHERE product_id NOT IN (SELECT bundle_id FROM ref_bp_component)
UNION ALL
SELECT c.bundle_id, coalesce(max(o.units), 0)
       + max((coalesce(h.units, 0) - coalesce(o.units, 0) * c.quantity + c.quantity - 1) / c.quantity, 0)
  FROM (SELECT c.*, row_number() OVER (PARTITION BY c.bundle_id
                                           ORDER BY coalesce(h.units, 0) / c.quantity DESC, c.product_id) AS rank
          FROM ref_bp_component c LEFT JOIN temp.held h ON h.product_id = c.product_id) c
  LEFT JOIN temp.held h ON h.product_id = c.product_id
  LEFT JOIN temp.held o ON o.product_id = c.bundle_id
 WHERE c.rank = 1
 GROUP BY c.bundle_id;
CREATE INDEX temp.taken_product ON taken(product_id);

-- Before orders: what the warehouses of a location have beyond their buffers.
DROP TABLE IF EXISTS temp.stocked;
CREATE TEMP TABLE stocked AS
SELECT i.row_key, i.bp_product_id, i.further, i.location_id,
       coalesce(sum(max(0, a.on_hand - coalesce(s.buffer, p.buffer))), 0) AS units
  FROM temp.item i
  LEFT JOIN map_stock s ON s.line = i.stock_line
  JOIN temp.published p ON p.location_id = i.location_id
  LEFT JOIN stg_bp_availability_warehouse a
         ON a.product_id = i.bp_product_id AND a.warehouse_id = p.warehouse_id
 WHERE i.bp_product_id IS NOT NULL
 GROUP BY i.row_key;

-- Held units are taken from the default location, and what it cannot give from the others.
DROP TABLE IF EXISTS temp.quantity;
CREATE TEMP TABLE quantity AS
SELECT q.row_key, min(2147483647, max(0, q.units - max(0, coalesce(t.units, 0) - q.before))) AS units
  FROM (SELECT s.*, i.product_id, i.variant_id,
               sum(s.units) OVER (PARTITION BY i.product_id, i.variant_id
                                      ORDER BY s.further, s.location_id) - s.units AS before
          FROM temp.stocked s JOIN temp.item i USING (row_key)) q
  LEFT JOIN (SELECT product_id, max(units) AS units FROM temp.taken GROUP BY product_id) t
         ON t.product_id = q.bp_product_id;
CREATE UNIQUE INDEX temp.quantity_key ON quantity(row_key);
