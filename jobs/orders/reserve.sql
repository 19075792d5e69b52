-- Sales orders in full + statuses -> out_reservation: what each order wants reserved.  Rerunnable.  A row
-- in flight is left as it was sent.  Quantities are pieces.

-- Orders whose reservation may have to change.  kept = it must stay as it is: something is on a goods-out
-- note, or the goods left without one.
DROP TABLE IF EXISTS temp.reserving;
CREATE TEMP TABLE reserving AS
SELECT k.order_id, k.sales_order_id AS sale_id, k.how, (SELECT prefix FROM order_reference) || k.order_id AS key,
       w.owes, s.stock_status IN ('SOP', 'SOA') OR s.shipping_status IN ('SPS', 'ASS') AS noted,
       s.stock_status IN ('SOP', 'SOA') OR s.shipping_status IN ('SPS', 'ASS') OR NOT w.owes AND w.status_id IN (2, 3, 10) AS kept
  FROM link_order k
  JOIN stg_bp_sale s ON s.id = k.sales_order_id
  JOIN stg_bc_order o ON o.id = k.order_id
  JOIN status_choice w ON w.status_id = o.status_id
  LEFT JOIN out_order x ON x.order_id = k.order_id
  LEFT JOIN out_reservation v ON v.order_id = k.order_id
 WHERE s.type = 'SO' AND NOT s.gone AND NOT s.invoiced AND s.closed_on IS NULL
   AND v.state IS NOT 'claimed' AND v.state IS NOT 'ignored' AND v.holder IS NOT 'other'
   AND (NOT EXISTS (SELECT 1 FROM order_named) OR k.order_id IN (SELECT id FROM order_named))
   AND (v.key IS NOT NULL OR w.owes AND (x.warehouse_id IS NOT NULL
        OR EXISTS (SELECT 1 FROM map_warehouses WHERE reserve IS NOT NULL)));
CREATE UNIQUE INDEX temp.reserving_order ON reserving(order_id);

-- Lines of which BigCommerce shipped some, by Brightpearl product: of the row that names the line, or an
-- equal one; else as the mappings have it now.
DROP TABLE IF EXISTS temp.shipped_line;
CREATE TEMP TABLE shipped_line AS
SELECT t.order_id, coalesce(
       (SELECT r.product_id
          FROM stg_bc_order_line e
          JOIN stg_bp_sale_row r ON r.sale_id = t.sale_id AND r.external_ref = t.key || ':' || e.id
         WHERE e.order_id = l.order_id AND e.product_id = l.product_id AND e.variant_id = l.variant_id
           AND e.sku_fold IS l.sku_fold
         LIMIT 1),
       (SELECT p.product_id FROM line_product p WHERE p.order_id = l.order_id AND p.id = l.id)) AS product_id,
       min(l.shipped, l.quantity) AS shipped
  FROM temp.reserving t JOIN stg_bc_order_line l ON l.order_id = t.order_id AND l.shipped > 0;

-- Each row of goods, with the row of the outermost bundle that it is a part of (or itself).  What is
-- downloaded is no goods, whatever the product says.
DROP TABLE IF EXISTS temp.goods_row;
CREATE TEMP TABLE goods_row AS
WITH RECURSIVE up(order_id, sale_id, id, at) AS (
	SELECT t.order_id, r.sale_id, r.id, r.id
	  FROM temp.reserving t JOIN stg_bp_sale_row r ON r.sale_id = t.sale_id
	 WHERE r.product_id <> 1000 AND NOT r.bundle_parent
	UNION ALL
	SELECT up.order_id, up.sale_id, up.id, p.parent_row_id
	  FROM up JOIN stg_bp_sale_row p ON p.sale_id = up.sale_id AND p.id = up.at
	 WHERE p.bundle_child AND p.parent_row_id IS NOT NULL)
SELECT up.order_id, r.id AS row_id, r.product_id, r.quantity / 10000 AS quantity, root.product_id AS root
  FROM up
  JOIN stg_bp_sale_row r ON r.sale_id = up.sale_id AND r.id = up.id
  JOIN stg_bp_sale_row root ON root.sale_id = up.sale_id AND root.id = up.at
  LEFT JOIN ref_bp_product p ON p.id = r.product_id
 WHERE NOT (root.bundle_child AND root.parent_row_id IS NOT NULL)
   AND coalesce(p.stock_tracked, 1) AND r.quantity >= 10000
   AND NOT EXISTS (SELECT 1 FROM stg_bc_order_line l JOIN temp.reserving t ON t.order_id = l.order_id
                    WHERE l.order_id = up.order_id AND l.type = 'digital' AND root.external_ref = t.key || ':' || l.id);

-- Of each product: ordered, and shipped in that (a part of a bundle as much as the bundle).
DROP TABLE IF EXISTS temp.goods;
CREATE TEMP TABLE goods AS
SELECT g.order_id, g.product_id, min(g.row_id) AS row_id, sum(g.quantity) AS ordered,
       coalesce(sum(g.quantity * min(s.shipped, b.quantity) / b.quantity), 0) AS shipped
  FROM temp.goods_row g
  LEFT JOIN (SELECT t.order_id, r.product_id, sum(r.quantity) / 10000 AS quantity
               FROM temp.reserving t JOIN stg_bp_sale_row r ON r.sale_id = t.sale_id
              WHERE r.quantity >= 10000
              GROUP BY t.order_id, r.product_id) b ON b.order_id = g.order_id AND b.product_id = g.root
  LEFT JOIN (SELECT order_id, product_id, sum(shipped) AS shipped FROM temp.shipped_line
              GROUP BY order_id, product_id) s ON s.order_id = g.order_id AND s.product_id = g.root
 GROUP BY g.order_id, g.product_id;
CREATE UNIQUE INDEX temp.goods_key ON goods(order_id, product_id);

-- What was shipped before an order was imported stays what it was: what is shipped later leaves Brightpearl
-- by its goods-out notes, and must not be let go of before.
INSERT INTO out_reservation_row(order_id, product_id, row_id, wanted, shipped)
SELECT t.order_id, g.product_id, g.row_id, g.ordered - g.shipped, g.shipped
  FROM temp.reserving t JOIN temp.goods g ON g.order_id = t.order_id
 WHERE t.owes AND NOT t.kept
    ON CONFLICT(order_id, product_id) DO UPDATE SET row_id = excluded.row_id,
       wanted = max(0, excluded.wanted + excluded.shipped - shipped)
 WHERE row_id <> excluded.row_id OR wanted <> max(0, excluded.wanted + excluded.shipped - shipped);
UPDATE out_reservation_row AS r SET wanted = 0
 WHERE wanted > 0
   AND EXISTS (SELECT 1 FROM temp.reserving t
                WHERE t.order_id = r.order_id AND NOT t.kept
                  AND NOT (t.owes AND EXISTS (SELECT 1 FROM temp.goods g
                           WHERE g.order_id = r.order_id AND g.product_id = r.product_id)));

-- One entry for each product, under its first row: a product that a request names twice is reserved twice.
INSERT INTO out_reservation(key, order_id, sale_id, body, state, guarded, changed_run)
SELECT t.key, t.order_id, t.sale_id, json_object('products', json(coalesce(p.products, '[]'))), 'pending',
       t.how = 'created', (SELECT id FROM current_run)
  FROM temp.reserving t
  LEFT JOIN (SELECT order_id, json_group_array(json_object('productId', product_id, 'salesOrderRowId', row_id,
                    'quantity', wanted)) AS products
               FROM (SELECT * FROM out_reservation_row WHERE wanted > 0 ORDER BY order_id, row_id)
              GROUP BY order_id) p ON p.order_id = t.order_id
 WHERE NOT t.kept AND (p.products IS NOT NULL OR t.order_id IN (SELECT order_id FROM out_reservation))
    ON CONFLICT(order_id) DO UPDATE SET body = excluded.body, state = 'pending', message = NULL, changed_run = excluded.changed_run
 WHERE state IN ('pending', 'done', 'rejected') AND body <> excluded.body;

-- Nothing wanted and nothing there: no row.  An order that is past reserving does not get its first either.
DELETE FROM out_reservation
 WHERE state IN ('pending', 'done', 'rejected') AND holder IS NULL
   AND (body = '{"products":[]}' OR state <> 'done' AND order_id IN (SELECT order_id FROM temp.reserving WHERE kept));
DELETE FROM out_reservation_row WHERE order_id NOT IN (SELECT order_id FROM out_reservation);

-- Goods on notes come out of the reservation, which is left alone from then on.
UPDATE out_reservation
   SET state = 'done', body = coalesce(sent, body), message = 'has goods-out notes: its reservation is left as it is'
 WHERE state IN ('pending', 'done') AND holder = 'us' AND message IS NULL
   AND order_id IN (SELECT order_id FROM temp.reserving WHERE kept AND noted);
