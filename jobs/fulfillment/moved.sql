-- What left, of the sales orders of temp.todo's orders -> temp.moved; of bundles -> temp.bundled; all of it as
-- pieces of a home or of a product -> temp.piece; what temp.todo's notes ship of them.  After lines.sql;
-- rerunnable.

-- Goods of notes, in the order in which they were shipped.
DROP TABLE IF EXISTS temp.moved;
CREATE TEMP TABLE moved AS
SELECT s.order_id, n.sale_id, n.kind, n.id AS note_id, n.shipped_on, g.row_id, coalesce(b.product_id, g.product_id) AS product_id,
       g.quantity, b.parent_row_id, b.home, b.name
  FROM temp.sale s
  JOIN stg_bp_goods_out_note n ON n.sale_id = s.sale_id AND n.shipped_on IS NOT NULL AND NOT n.gone
   AND NOT coalesce(n.transfer, 0)
  JOIN stg_bp_goods_out_row g ON g.kind = n.kind AND g.note_id = n.id
  LEFT JOIN temp.row_line b ON b.sale_id = n.sale_id AND b.row_id = g.row_id
 WHERE EXISTS (SELECT 1 FROM temp.todo t WHERE t.order_id = s.order_id AND t.kind <> 'SO');

CREATE INDEX temp.moved_row ON moved(sale_id, row_id);

-- Components ship, the bundle is sold: of a bundle is shipped what all its components come to.
DROP TABLE IF EXISTS temp.bundled;
CREATE TEMP TABLE bundled AS
WITH part AS (
	SELECT c.sale_id, c.id AS row_id, c.parent_row_id, c.quantity AS needed, p.quantity AS of
	  FROM temp.sale s
	  JOIN stg_bp_sale_row c ON c.sale_id = s.sale_id AND c.parent_row_id IS NOT NULL AND c.quantity > 0
	  JOIN stg_bp_sale_row p ON p.sale_id = s.sale_id AND p.id = c.parent_row_id
	  LEFT JOIN ref_bp_product k ON k.id = c.product_id
	 WHERE coalesce(k.stock_tracked, 1)),
step AS (
	SELECT DISTINCT order_id, sale_id, shipped_on, kind, note_id, parent_row_id
	  FROM temp.moved WHERE parent_row_id IS NOT NULL),
complete AS (
	SELECT e.*, (SELECT min(coalesce((SELECT sum(m.quantity) FROM temp.moved m
	                                   WHERE m.sale_id = e.sale_id AND m.row_id = c.row_id
	                                     AND (m.shipped_on, m.kind, m.note_id) <= (e.shipped_on, e.kind, e.note_id)), 0)
	                        * c.of / c.needed)
	               FROM part c WHERE c.sale_id = e.sale_id AND c.parent_row_id = e.parent_row_id) AS until
	  FROM step e)
SELECT order_id, sale_id, kind, note_id, shipped_on, parent_row_id,
       until - lag(until, 1, 0) OVER (PARTITION BY sale_id, parent_row_id ORDER BY shipped_on, kind, note_id) AS quantity
  FROM complete;

-- A status ships all that the sales order holds.  key = the home, or the product of what has none.
DROP TABLE IF EXISTS temp.piece;
CREATE TEMP TABLE piece AS
SELECT p.order_id, p.kind, p.note_id, p.shipped_on, p.home,
       coalesce((SELECT l.product_id FROM temp.line l WHERE l.order_id = p.order_id AND l.home = p.home
                  ORDER BY l.product_id IS NULL, l.position LIMIT 1), p.product_id) AS product_id,
       min(p.name) AS name, sum(p.quantity) AS quantity,
       coalesce(max(t.shipped_on >= iif(p.kind = 'SO', 0, (SELECT at FROM fulfillment_start))
           OR EXISTS (SELECT 1 FROM catch_up c WHERE c.key = 'shipment:' || t.kind || t.note_id)), 0) AS wanted
  FROM (SELECT order_id, kind, note_id, shipped_on, home, product_id, name, quantity
          FROM temp.moved WHERE parent_row_id IS NULL
        UNION ALL
        SELECT b.order_id, b.kind, b.note_id, b.shipped_on, l.home, l.product_id, l.name, b.quantity
          FROM temp.bundled b JOIN temp.row_line l ON l.sale_id = b.sale_id AND l.row_id = b.parent_row_id
        UNION ALL
        SELECT t.order_id, 'SO', t.note_id, t.shipped_on, l.home, l.product_id, l.name, l.quantity
          FROM temp.todo t
          JOIN temp.row_line l ON l.sale_id = t.sale_id AND l.parent_row_id IS NULL AND l.product_id <> 1000
          LEFT JOIN ref_bp_product k ON k.id = l.product_id
         WHERE t.kind = 'SO' AND (l.home IS NOT NULL OR coalesce(k.stock_tracked, 1))
        UNION ALL -- and did so before
        SELECT DISTINCT x.order_id, 'SO', x.note_id, 0, l.home, l.product_id, l.name, l.quantity
          FROM out_shipment x JOIN temp.row_line l ON l.sale_id = x.note_id AND l.home IS NOT NULL AND l.parent_row_id IS NULL
         WHERE x.order_id IN (SELECT order_id FROM temp.todo) AND x.kind = 'SO' AND x.state = 'done'
           AND NOT EXISTS (SELECT 1 FROM temp.todo t WHERE t.kind = 'SO' AND t.note_id = x.note_id)) p
  LEFT JOIN temp.todo t ON t.kind = p.kind AND t.note_id = p.note_id AND NOT coalesce(t.transfer, 0)
 WHERE p.quantity > 0
 GROUP BY p.order_id, p.kind, p.note_id, p.home, iif(p.home IS NULL, p.product_id, NULL);
CREATE INDEX temp.piece_note ON piece(kind, note_id);
CREATE INDEX temp.piece_home ON piece(order_id, home);

-- What of a note was sent before, or given up by a person, is done with; but not what was deleted in
-- BigCommerce and then shipped again as the same note.
DROP TABLE IF EXISTS temp.before;
CREATE TEMP TABLE before AS
SELECT x.order_id, x.kind, x.note_id, l.home, l.product_id, sum(CAST(i.value ->> '$.quantity' AS INTEGER)) AS quantity
  FROM temp.todo t
  JOIN out_shipment x ON x.kind = t.kind AND x.note_id = t.note_id AND x.state IN ('done', 'claimed', 'ignored')
  JOIN json_each(coalesce(x.sent, x.body), '$.items') i
  JOIN temp.line l ON l.order_id = x.order_id AND l.id = i.value ->> '$.order_product_id'
 WHERE NOT EXISTS (SELECT 1 FROM temp.deleted d WHERE d.key = x.key AND t.shipped_on > d.at)
 GROUP BY x.order_id, x.kind, x.note_id, l.home;
CREATE INDEX temp.before_note ON before(kind, note_id);
