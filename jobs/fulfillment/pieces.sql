-- What the notes of temp.todo ship (temp.piece), shared out over the lines that are left -> temp.shared(kind,
-- note_id, order_id, line_id, address_id, position, quantity); what of it does not go, and why ->
-- temp.left_out, and whether BigCommerce is then not told of something that left -> temp.untold_piece.
-- After moved.sql; rerunnable.
--
-- First each row's pieces go to its own lines.  What is left over, and what is of no row of ours (typed anew,
-- split off without a reference), goes to lines of the same product, first to what no other row will ship.
-- Where that leaves a choice between two addresses, nothing goes: a person knows who got it.

-- Both sides as stretches of one another: the pieces of a home in the order of shipping, what is left of
-- its lines in the order of the lines.
DROP TABLE IF EXISTS temp.supply;
CREATE TEMP TABLE supply AS
SELECT order_id, id, home, product_id, address_id, position, quantity - shipped AS quantity
  FROM temp.line WHERE quantity > shipped AND type = 'physical' AND addressed;
CREATE INDEX temp.supply_home ON supply(order_id, home);

DROP TABLE IF EXISTS temp.demand;
CREATE TEMP TABLE demand AS
SELECT p.order_id, p.kind, p.note_id, p.shipped_on, p.home, p.product_id,
       p.quantity - coalesce((SELECT b.quantity FROM temp.before b
                               WHERE b.kind = p.kind AND b.note_id = p.note_id AND b.home = p.home), 0) AS quantity
  FROM temp.piece p WHERE p.wanted AND p.home IS NOT NULL;
DELETE FROM temp.demand WHERE quantity <= 0;
CREATE INDEX temp.demand_home ON demand(order_id, home);
CREATE INDEX temp.demand_note ON demand(kind, note_id, home);

-- Homes of which one note takes a part, and which are delivered to several addresses.
DROP TABLE IF EXISTS temp.unclear;
CREATE TEMP TABLE unclear AS
SELECT s.order_id, s.home
  FROM temp.supply s
 GROUP BY s.order_id, s.home
HAVING count(DISTINCT s.address_id) > 1
   AND sum(s.quantity) > coalesce((SELECT max(d.quantity) FROM temp.demand d
                                    WHERE d.order_id = s.order_id AND d.home = s.home), 0);

DROP TABLE IF EXISTS temp.shared;
CREATE TEMP TABLE shared AS
WITH demand AS (
	SELECT *, sum(quantity) OVER (PARTITION BY order_id, home ORDER BY shipped_on, kind, note_id) AS until
	  FROM temp.demand d
	 WHERE NOT EXISTS (SELECT 1 FROM temp.unclear u WHERE u.order_id = d.order_id AND u.home = d.home)),
supply AS (
	SELECT *, sum(quantity) OVER (PARTITION BY order_id, home ORDER BY position, id) AS until FROM temp.supply)
SELECT d.kind, d.note_id, d.order_id, d.home, d.product_id, s.id AS line_id, s.address_id, s.position,
       min(d.until, s.until) - max(d.until - d.quantity, s.until - s.quantity) AS quantity
  FROM demand d JOIN supply s ON s.order_id = d.order_id AND s.home = d.home
 WHERE min(d.until, s.until) > max(d.until - d.quantity, s.until - s.quantity);

CREATE INDEX temp.shared_line ON shared(order_id, line_id);
CREATE INDEX temp.shared_note ON shared(kind, note_id, home);

-- What its own lines do not take, with the pieces that have none: by product, less what went so before.
DROP TABLE IF EXISTS temp.loose;
CREATE TEMP TABLE loose AS
SELECT p.order_id, p.kind, p.note_id, p.shipped_on, p.product_id, min(p.name) AS name,
       sum(iif(p.home IS NULL, p.quantity, coalesce(d.quantity, 0) - coalesce(g.quantity, 0)))
       - coalesce((SELECT sum(max(0, b.quantity - coalesce((SELECT sum(o.quantity) FROM temp.piece o
                           WHERE o.kind = b.kind AND o.note_id = b.note_id AND o.home = b.home), 0)))
                     FROM temp.before b
                    WHERE b.kind = p.kind AND b.note_id = p.note_id AND b.product_id = p.product_id), 0) AS quantity
  FROM temp.piece p
  LEFT JOIN temp.demand d ON d.kind = p.kind AND d.note_id = p.note_id AND d.home = p.home
  LEFT JOIN (SELECT kind, note_id, home, sum(quantity) AS quantity FROM temp.shared GROUP BY kind, note_id, home) g
    ON g.kind = p.kind AND g.note_id = p.note_id AND g.home = p.home
 WHERE p.wanted
 GROUP BY p.order_id, p.kind, p.note_id, p.product_id;
DELETE FROM temp.loose WHERE quantity <= 0;
CREATE INDEX temp.loose_product ON loose(order_id, product_id);

-- What lines can take of them: first what is left of a home beyond what its own rows have still to ship (turn 0);
-- then, where all of the product goes to one address, that as well (turn 1): of a copy of a sales order or of a
-- row that grew, a piece left all the same.
DROP TABLE IF EXISTS temp.spare;
CREATE TEMP TABLE spare AS
WITH rest AS (
	SELECT s.order_id, s.id, s.home, s.product_id, s.address_id, s.position,
	       s.quantity - coalesce((SELECT sum(g.quantity) FROM temp.shared g
	                               WHERE g.order_id = s.order_id AND g.line_id = s.id), 0) AS quantity
	  FROM temp.supply s
	 WHERE NOT EXISTS (SELECT 1 FROM temp.unclear u WHERE u.order_id = s.order_id AND u.home = s.home)),
free AS (
	SELECT r.order_id, r.home, sum(r.quantity) - max(0,
	       coalesce((SELECT sum(l.quantity) FROM temp.row_line l JOIN stg_bp_sale b ON b.id = l.sale_id AND NOT b.gone
	                  WHERE l.order_id = r.order_id AND l.home = r.home
	                    AND b.status_id IS NOT (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration
	                                             WHERE name = 'cancelledOrderStatusId')), 0)
	       - coalesce((SELECT sum(p.quantity) FROM temp.piece p WHERE p.order_id = r.order_id AND p.home = r.home), 0))
	       AS quantity
	  FROM rest r GROUP BY r.order_id, r.home),
freed AS (
	SELECT r.*, max(0, min(r.quantity, f.quantity - coalesce(sum(r.quantity) OVER (PARTITION BY r.order_id, r.home
	              ORDER BY r.position DESC, r.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))) AS free
	  FROM rest r JOIN free f ON f.order_id = r.order_id AND f.home = r.home
	 WHERE r.quantity > 0)
SELECT order_id, id, product_id, address_id, position, 0 AS turn, free AS quantity FROM freed WHERE free > 0
UNION ALL
SELECT f.order_id, f.id, f.product_id, f.address_id, f.position, 1, f.quantity - f.free
  FROM freed f
 WHERE f.quantity > f.free
   AND (SELECT count(DISTINCT l.address_id) FROM temp.line l
         WHERE l.order_id = f.order_id AND l.product_id = f.product_id AND l.type = 'physical' AND l.quantity > 0) = 1;

DROP TABLE IF EXISTS temp.unclear_product;
CREATE TEMP TABLE unclear_product AS
SELECT s.order_id, s.product_id
  FROM temp.spare s
 GROUP BY s.order_id, s.product_id
HAVING count(DISTINCT s.address_id) > 1
   AND sum(s.quantity) > coalesce((SELECT max(d.quantity) FROM temp.loose d
                                    WHERE d.order_id = s.order_id AND d.product_id = s.product_id), 0);

INSERT INTO temp.shared
WITH demand AS (
	SELECT *, sum(quantity) OVER (PARTITION BY order_id, product_id ORDER BY shipped_on, kind, note_id) AS until
	  FROM temp.loose d
	 WHERE NOT EXISTS (SELECT 1 FROM temp.unclear_product u
	                    WHERE u.order_id = d.order_id AND u.product_id = d.product_id)),
supply AS (
	SELECT *, sum(quantity) OVER (PARTITION BY order_id, product_id ORDER BY turn, position, id) AS until FROM temp.spare)
SELECT d.kind, d.note_id, d.order_id, NULL, d.product_id, s.id, s.address_id, s.position,
       min(d.until, s.until) - max(d.until - d.quantity, s.until - s.quantity)
  FROM demand d JOIN supply s ON s.order_id = d.order_id AND s.product_id = d.product_id
 WHERE min(d.until, s.until) > max(d.until - d.quantity, s.until - s.quantity);

-- What does not go.  missing = pieces of the order that left and of which BigCommerce knows no shipment,
-- whoever made it, when all of temp.shared is sent; what cannot be shipped there is not missed.
DROP TABLE IF EXISTS temp.untold_piece;
CREATE TEMP TABLE untold_piece AS
WITH held AS (
	SELECT l.order_id, l.product_id, l.type, l.addressed, l.quantity, l.shipped
	       + coalesce((SELECT sum(g.quantity) FROM temp.shared g WHERE g.order_id = l.order_id AND g.line_id = l.id), 0)
	       AS shipped, l.type = 'physical' AND l.addressed AS ships
	  FROM temp.line l),
of_order AS (
	SELECT order_id, sum(iif(ships, shipped, max(quantity, shipped))) AS told FROM held GROUP BY order_id),
of_product AS (
	SELECT order_id, product_id, sum(iif(ships, shipped, max(quantity, shipped))) AS told, max(ships) AS ships,
	       max(type = 'physical') AS physical
	  FROM held GROUP BY order_id, product_id),
rest AS (
	SELECT d.order_id, d.kind, d.note_id, d.shipped_on, d.product_id, d.name,
	       d.quantity - coalesce((SELECT sum(g.quantity) FROM temp.shared g
	                               WHERE g.kind = d.kind AND g.note_id = d.note_id AND g.home IS NULL
	                                 AND g.product_id = d.product_id), 0) AS quantity
	  FROM temp.loose d),
missing AS (
	SELECT r.*, o.ships, o.physical, o.product_id IS NOT NULL AS ordered,
	       EXISTS (SELECT 1 FROM temp.unclear_product u WHERE u.order_id = r.order_id AND u.product_id = r.product_id)
	       OR EXISTS (SELECT 1 FROM temp.unclear u JOIN temp.piece p ON p.order_id = u.order_id AND p.home = u.home
	                   WHERE p.kind = r.kind AND p.note_id = r.note_id AND p.product_id = r.product_id) AS unclear,
	       max(0, min((SELECT sum(p.quantity) FROM temp.piece p WHERE p.order_id = r.order_id AND p.product_id = r.product_id)
	                  - coalesce(o.told, 0),
	                  (SELECT sum(p.quantity) FROM temp.piece p WHERE p.order_id = r.order_id)
	                  - coalesce((SELECT told FROM of_order a WHERE a.order_id = r.order_id), 0))) AS missing,
	       coalesce(sum(r.quantity) OVER (PARTITION BY r.order_id, r.product_id ORDER BY r.shipped_on DESC, r.kind DESC,
	              r.note_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS later
	  FROM rest r
	  LEFT JOIN of_product o ON o.order_id = r.order_id AND o.product_id = r.product_id
	 WHERE r.quantity > 0)
SELECT order_id, kind, note_id, product_id, quantity, min(quantity, max(0, missing - later)) AS untold,
       coalesce((SELECT nullif(l.sku, '') FROM temp.line l WHERE l.order_id = m.order_id AND l.product_id = m.product_id
                  ORDER BY l.position LIMIT 1), name, 'product ' || product_id) AS name,
       CASE WHEN NOT ordered THEN 'it is not on the order in BigCommerce'
            WHEN unclear THEN 'its lines go to several addresses, and the note does not tell which of them got it'
            WHEN NOT physical THEN 'not a thing that is shipped'
            WHEN NOT ships THEN 'not delivered to an address'
            ELSE 'no more of it is left to ship in BigCommerce' END AS why
  FROM missing m;

DROP TABLE IF EXISTS temp.left_out;
CREATE TEMP TABLE left_out AS
SELECT kind, note_id, printf('%d of %s: %s', quantity, name, why) AS why FROM temp.untold_piece
UNION ALL
SELECT b.kind, b.note_id, printf('row %d: the rest of the bundle is still to come', b.parent_row_id)
  FROM temp.bundled b
  JOIN temp.todo t ON t.kind = b.kind AND t.note_id = b.note_id
 WHERE b.quantity = 0;
