-- temp.scope(order_id, sale_id, key) -> temp.unit: each row of goods of these sales orders, in pieces: ordered,
-- refunded of that without Brightpearl's order having followed, and shipped by hand in BigCommerce.  Rerunnable.
--
-- Lines are matched to rows by the row that names the line, what is left by Brightpearl's product: rows may have
-- been merged, or made by another hand.

-- Each row of goods, with the row of the outermost bundle that it is a part of (or itself).  What is
-- downloaded is no goods, whatever the product says.
DROP TABLE IF EXISTS temp.unit_goods;
CREATE TEMP TABLE unit_goods AS
WITH RECURSIVE up(order_id, sale_id, key, id, at) AS (
	SELECT t.order_id, r.sale_id, t.key, r.id, r.id
	  FROM temp.scope t JOIN stg_bp_sale_row r ON r.sale_id = t.sale_id
	 WHERE r.product_id <> 1000 AND NOT r.bundle_parent
	UNION ALL
	SELECT up.order_id, up.sale_id, up.key, up.id, p.parent_row_id
	  FROM up JOIN stg_bp_sale_row p ON p.sale_id = up.sale_id AND p.id = up.at
	 WHERE p.bundle_child AND p.parent_row_id IS NOT NULL)
SELECT up.order_id, up.sale_id, r.id AS row_id, r.product_id, r.quantity / 10000 AS ordered, root.id AS root_id,
       root.quantity / 10000 AS root_ordered
  FROM up
  JOIN stg_bp_sale_row r ON r.sale_id = up.sale_id AND r.id = up.id
  JOIN stg_bp_sale_row root ON root.sale_id = up.sale_id AND root.id = up.at
  LEFT JOIN ref_bp_product p ON p.id = r.product_id
 WHERE NOT (root.bundle_child AND root.parent_row_id IS NOT NULL)
   AND coalesce(p.stock_tracked, 1) AND r.quantity >= 10000
   AND NOT EXISTS (SELECT 1 FROM stg_bc_order_line l
                    WHERE l.order_id = up.order_id AND l.type = 'digital' AND root.external_ref = up.key || ':' || l.id);

-- What left by our own shipments is on goods-out notes; other shipments were made by hand.
DROP TABLE IF EXISTS temp.unit_carried;
CREATE TEMP TABLE unit_carried AS
SELECT x.order_id, i.value ->> '$.order_product_id' AS line_id, sum(CAST(i.value ->> '$.quantity' AS INTEGER)) AS pieces
  FROM temp.scope t
  JOIN out_shipment x ON x.order_id = t.order_id AND x.state = 'done'
  JOIN json_each(coalesce(x.sent, x.body), '$.items') i
 WHERE (SELECT value FROM setting WHERE name = 'fulfillment.enabled') = 'yes'
 GROUP BY 1, 2;
CREATE INDEX temp.unit_carried_line ON unit_carried(order_id, line_id);

-- Lines of orders of which something was shipped or refunded; row_id = the row that names the line.
DROP TABLE IF EXISTS temp.unit_line;
CREATE TEMP TABLE unit_line AS
SELECT t.order_id, t.sale_id, l.id, l.quantity, min(l.refunded, l.quantity) AS refunded,
       max(0, min(l.shipped, l.quantity) - coalesce((SELECT c.pieces FROM temp.unit_carried c
           WHERE c.order_id = l.order_id AND c.line_id = l.id), 0)) AS by_hand,
       (SELECT r.id FROM stg_bp_sale_row r
         WHERE r.sale_id = t.sale_id AND r.external_ref = t.key || ':' || l.id AND NOT r.bundle_child) AS row_id,
       coalesce(
       (SELECT r.product_id
          FROM stg_bc_order_line e
          JOIN stg_bp_sale_row r ON r.sale_id = t.sale_id AND r.external_ref = t.key || ':' || e.id
         WHERE e.order_id = l.order_id AND e.product_id = l.product_id AND e.variant_id = l.variant_id
           AND e.sku_fold IS l.sku_fold
         LIMIT 1),
       (SELECT p.product_id FROM line_product p WHERE p.order_id = l.order_id AND p.id = l.id)) AS product_id
  FROM temp.scope t JOIN stg_bc_order_line l ON l.order_id = t.order_id
 WHERE EXISTS (SELECT 1 FROM stg_bc_order_line m WHERE m.order_id = t.order_id AND (m.shipped > 0 OR m.refunded > 0))
    OR EXISTS (SELECT 1 FROM stg_bc_refund f WHERE f.order_id = t.order_id);
CREATE INDEX temp.unit_line_row ON unit_line(order_id, row_id);

-- Rows as they were ordered, of the products of these lines, and what the lines that name them say.
DROP TABLE IF EXISTS temp.unit_root;
CREATE TEMP TABLE unit_root AS
SELECT t.order_id, r.id AS row_id, r.product_id, r.quantity / 10000 AS ordered,
       coalesce((SELECT sum(l.refunded) FROM temp.unit_line l WHERE l.order_id = t.order_id AND l.row_id = r.id), 0) AS refunded,
       coalesce((SELECT sum(l.by_hand) FROM temp.unit_line l WHERE l.order_id = t.order_id AND l.row_id = r.id), 0) AS by_hand
  FROM (SELECT DISTINCT order_id, sale_id FROM temp.unit_line) t
  JOIN stg_bp_sale_row r ON r.sale_id = t.sale_id
 WHERE r.quantity >= 10000 AND r.product_id <> 1000 AND NOT (r.bundle_child AND r.parent_row_id IS NOT NULL);
CREATE INDEX temp.unit_root_product ON unit_root(order_id, product_id);

-- Of each product, to be shared out over its rows: a refund that Brightpearl's order has followed already (its
-- rows are smaller by it) is none any more.
DROP TABLE IF EXISTS temp.unit_share;
CREATE TEMP TABLE unit_share AS
WITH product AS (
	SELECT l.order_id, l.product_id, sum(l.quantity - l.refunded) AS left, sum(l.refunded) AS refunded, sum(l.by_hand) AS by_hand,
	       (SELECT sum(r.ordered) FROM temp.unit_root r WHERE r.order_id = l.order_id AND r.product_id = l.product_id) AS ordered
	  FROM temp.unit_line l WHERE l.product_id IS NOT NULL GROUP BY l.order_id, l.product_id),
total AS (
	SELECT order_id, product_id, 'refunded' AS what, max(0, min(refunded, ordered - left)) AS total FROM product WHERE refunded > 0
	UNION ALL
	SELECT order_id, product_id, 'by_hand', min(by_hand, ordered) FROM product WHERE by_hand > 0),
named AS (
	SELECT r.order_id, r.product_id, r.row_id, r.ordered, t.what, t.total,
	       min(r.ordered, iif(t.what = 'refunded', r.refunded, r.by_hand)) AS room
	  FROM total t JOIN temp.unit_root r ON r.order_id = t.order_id AND r.product_id = t.product_id
	 WHERE t.total > 0),
first AS (
	SELECT *, max(0, min(room, total - (sum(room) OVER w - room))) AS part
	  FROM named WINDOW w AS (PARTITION BY order_id, product_id, what ORDER BY row_id)),
rest AS (
	SELECT *, ordered - part AS more, total - sum(part) OVER (PARTITION BY order_id, product_id, what) AS unnamed
	  FROM first)
SELECT order_id, row_id, what, part + max(0, min(more, unnamed - (sum(more) OVER w - more))) AS pieces
  FROM rest WINDOW w AS (PARTITION BY order_id, product_id, what ORDER BY row_id);
CREATE UNIQUE INDEX temp.unit_share_row ON unit_share(order_id, row_id, what);

-- A part of a bundle goes as far as the bundle.  Without fulfillment a shipment that was entered by hand may be
-- that of a note: then only what is more than the notes counts.
DROP TABLE IF EXISTS temp.unit;
CREATE TEMP TABLE unit AS
SELECT g.order_id, g.sale_id, g.row_id, g.product_id, g.ordered, coalesce(n.pieces, 0) AS noted,
       coalesce(g.ordered * f.pieces / g.root_ordered, 0) AS refunded,
       max(0, coalesce(g.ordered * h.pieces / g.root_ordered, 0)
              - iif((SELECT value FROM setting WHERE name = 'fulfillment.enabled') = 'yes', 0, coalesce(n.pieces, 0))) AS by_hand
  FROM temp.unit_goods g
  LEFT JOIN stg_bp_noted n ON n.sale_id = g.sale_id AND n.row_id = g.row_id
  LEFT JOIN temp.unit_share f ON f.order_id = g.order_id AND f.row_id = g.root_id AND f.what = 'refunded'
  LEFT JOIN temp.unit_share h ON h.order_id = g.order_id AND h.row_id = g.root_id AND h.what = 'by_hand';
CREATE UNIQUE INDEX temp.unit_row ON unit(order_id, row_id);
-- may_ship = on no note, and not gone by hand; refunded counts only of these.
ALTER TABLE temp.unit ADD COLUMN may_ship INTEGER;
UPDATE temp.unit SET may_ship = max(0, ordered - noted - by_hand);
UPDATE temp.unit SET refunded = min(refunded, may_ship);
