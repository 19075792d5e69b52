-- What each note of temp.todo ships, shared out over the lines that are left -> temp.shared(kind, note_id,
-- order_id, line_id, address_id, quantity); what of it does not go, and why -> temp.left_out.  After
-- lines.sql; rerunnable.

-- All that was shipped of the sales orders, in the order in which it was.  A row that is not known is told
-- by its product.
DROP TABLE IF EXISTS temp.moved;
CREATE TEMP TABLE moved AS
SELECT s.order_id, n.sale_id, n.kind, n.id AS note_id, n.shipped_on, g.row_id, g.product_id, g.quantity,
       r.parent_row_id,
       coalesce(b.home, (SELECT h.home FROM temp.product_home h WHERE r.id IS NULL AND h.rank = 1
                            AND h.order_id = s.order_id AND h.product_id = g.product_id)) AS home
  FROM temp.sale s
  JOIN stg_bp_goods_out_note n ON n.sale_id = s.sale_id AND n.shipped_on IS NOT NULL AND NOT n.gone
  JOIN stg_bp_goods_out_row g ON g.kind = n.kind AND g.note_id = n.id
  LEFT JOIN stg_bp_sale_row r ON r.sale_id = n.sale_id AND r.id = g.row_id
  LEFT JOIN temp.row_line b ON b.sale_id = n.sale_id AND b.row_id = g.row_id
 WHERE EXISTS (SELECT 1 FROM temp.todo t WHERE t.sale_id = n.sale_id AND t.kind <> 'SO');

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
SELECT order_id, sale_id, kind, note_id, parent_row_id,
       until - lag(until, 1, 0) OVER (PARTITION BY sale_id, parent_row_id ORDER BY shipped_on, kind, note_id) AS quantity
  FROM complete;

DROP TABLE IF EXISTS temp.piece;
CREATE TEMP TABLE piece AS
SELECT t.kind, t.note_id, t.order_id, t.shipped_on, p.home, sum(p.quantity) AS quantity
  FROM temp.todo t
  JOIN (SELECT kind, note_id, home, quantity FROM temp.moved WHERE parent_row_id IS NULL
        UNION ALL
        SELECT b.kind, b.note_id, l.home, b.quantity
          FROM temp.bundled b JOIN temp.row_line l ON l.sale_id = b.sale_id AND l.row_id = b.parent_row_id
        UNION ALL -- a status ships all that the sales order holds
        SELECT 'SO', r.sale_id, l.home, r.quantity / 10000
          FROM stg_bp_sale_row r JOIN temp.row_line l ON l.sale_id = r.sale_id AND l.row_id = r.id
         WHERE r.parent_row_id IS NULL) p
    ON p.kind = t.kind AND p.note_id = t.note_id
 WHERE p.home IS NOT NULL AND p.quantity > 0
   AND (t.shipped_on >= iif(t.kind = 'SO', 0, (SELECT at FROM fulfillment_start))
        OR EXISTS (SELECT 1 FROM catch_up c WHERE c.key = 'shipment:' || t.kind || t.note_id)) AND NOT coalesce(t.transfer, 0)
 GROUP BY t.kind, t.note_id, p.home;

-- What of them was sent before, or given up by a person, is done with.
UPDATE temp.piece AS p SET quantity = quantity - coalesce((
	SELECT sum(CAST(i.value ->> '$.quantity' AS INTEGER))
	  FROM out_shipment x JOIN json_each(coalesce(x.sent, x.body), '$.items') i
	  JOIN temp.line l ON l.order_id = x.order_id AND l.id = i.value ->> '$.order_product_id'
	 WHERE x.kind = p.kind AND x.note_id = p.note_id AND x.state IN ('done', 'claimed', 'ignored')
	   AND l.home = p.home), 0);
DELETE FROM temp.piece WHERE quantity <= 0;

-- Both sides as stretches of one another: the pieces of a home in the order of shipping, what is left of
-- its lines in the order of the lines.
DROP TABLE IF EXISTS temp.shared;
CREATE TEMP TABLE shared AS
WITH demand AS (
	SELECT *, sum(quantity) OVER (PARTITION BY order_id, home ORDER BY shipped_on, kind, note_id) AS until
	  FROM temp.piece),
supply AS (
	SELECT order_id, id, home, address_id, position, quantity - shipped AS quantity,
	       sum(quantity - shipped) OVER (PARTITION BY order_id, home ORDER BY position, id) AS until
	  FROM temp.line
	 WHERE quantity > shipped AND type = 'physical' AND addressed)
SELECT d.kind, d.note_id, d.order_id, d.home, s.id AS line_id, s.address_id, s.position,
       min(d.until, s.until) - max(d.until - d.quantity, s.until - s.quantity) AS quantity
  FROM demand d JOIN supply s ON s.order_id = d.order_id AND s.home = d.home
 WHERE min(d.until, s.until) > max(d.until - d.quantity, s.until - s.quantity);

-- With a status, all that is left goes; what is not left is no loss.
DROP TABLE IF EXISTS temp.left_out;
CREATE TEMP TABLE left_out AS
SELECT p.kind, p.note_id,
       printf('%d of %s: ', p.quantity - coalesce(g.quantity, 0), coalesce(nullif(l.sku, ''), l.name))
       || CASE WHEN l.type <> 'physical' THEN 'not a thing that is shipped'
               WHEN NOT l.addressed THEN 'not delivered to an address'
               ELSE 'no more of it is left to ship in BigCommerce' END AS why
  FROM temp.piece p
  JOIN temp.line l ON l.order_id = p.order_id AND l.id = p.home
  LEFT JOIN (SELECT kind, note_id, home, sum(quantity) AS quantity FROM temp.shared GROUP BY kind, note_id, home) g
    ON g.kind = p.kind AND g.note_id = p.note_id AND g.home = p.home
 WHERE p.quantity > coalesce(g.quantity, 0) AND p.kind <> 'SO'
UNION ALL
SELECT m.kind, m.note_id, printf('row %d (%s): not on the order in BigCommerce', m.row_id,
              coalesce(nullif(r.sku, ''), r.name, 'product ' || m.product_id))
  FROM temp.moved m
  JOIN temp.todo t ON t.kind = m.kind AND t.note_id = m.note_id
  LEFT JOIN stg_bp_sale_row r ON r.sale_id = m.sale_id AND r.id = m.row_id
 WHERE m.parent_row_id IS NULL AND m.home IS NULL
UNION ALL
SELECT b.kind, b.note_id, printf('row %d: %s', b.parent_row_id, iif(l.home IS NULL, 'not on the order in BigCommerce',
              'the rest of the bundle is still to come'))
  FROM temp.bundled b
  JOIN temp.todo t ON t.kind = b.kind AND t.note_id = b.note_id
  JOIN temp.row_line l ON l.sale_id = b.sale_id AND l.row_id = b.parent_row_id
 WHERE b.quantity = 0 OR l.home IS NULL;
