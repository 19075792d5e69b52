-- The orders of temp.todo: their lines with what is left to ship -> temp.line; and which of them each row
-- of their sales orders stands for -> temp.row_line.  After scope.sql; rerunnable.
--
-- Lines that one row stands for have one home, the first of them.  Which those are was stored when the row
-- was sent (link_row); a row that is not ours has no home: it is told by its product (pieces.sql).

-- All sales orders of these orders: the linked one, and what was split off from it.
DROP TABLE IF EXISTS temp.sale;
CREATE TEMP TABLE sale AS
SELECT DISTINCT order_id, sale_id FROM temp.todo
UNION
SELECT k.order_id, k.sales_order_id FROM link_order k WHERE k.order_id IN (SELECT order_id FROM temp.todo)
UNION
SELECT x.order_id, x.sale_id FROM out_shipment x WHERE x.order_id IN (SELECT order_id FROM temp.todo);
CREATE UNIQUE INDEX temp.sale_id ON sale(order_id, sale_id);
CREATE INDEX temp.sale_by_id ON sale(sale_id);

-- Orders sent before that was stored: equal lines are the row's that has their price and tax rate, as far as
-- the pieces then come to the row's; else the row is the line that its reference names, alone.
DROP TABLE IF EXISTS temp.sent_row;
CREATE TEMP TABLE sent_row AS
SELECT x.order_id, r.value ->> '$.externalRef' AS ref, l.id AS line_id, r.value ->> '$.productId' AS product_id,
       CAST(r.value ->> '$.quantity' AS INTEGER) AS quantity
  FROM (SELECT DISTINCT order_id FROM temp.todo) t
  JOIN out_order x ON x.order_id = t.order_id AND x.lines IS NULL
  JOIN json_each(coalesce(x.agreed, x.sent), '$.rows') r
  JOIN stg_bc_order_line l ON l.order_id = x.order_id AND r.value ->> '$.externalRef' = x.key || ':' || l.id
 WHERE NOT EXISTS (SELECT 1 FROM link_row k WHERE k.order_id = x.order_id);

DROP TABLE IF EXISTS temp.told_apart;
CREATE TEMP TABLE told_apart AS
SELECT h.order_id, s.ref, l.id AS line_id, l.quantity, s.product_id, s.quantity AS wanted, h.id = l.id AS named,
       row_number() OVER (PARTITION BY l.order_id, l.id ORDER BY h.id <> l.id,
              1.0 * abs(coalesce(h.discounted_inc, h.total_inc) * l.quantity
                        - coalesce(l.discounted_inc, l.total_inc) * h.quantity) / max(1, h.quantity),
              1.0 * abs(h.total_tax * l.total_inc - l.total_tax * h.total_inc) / max(1, h.total_inc), h.id) AS rank
  FROM temp.sent_row s
  JOIN stg_bc_order_line h ON h.order_id = s.order_id AND h.id = s.line_id
  JOIN stg_bc_order_line l ON l.order_id = h.order_id AND l.type = h.type AND l.product_id = h.product_id
   AND l.variant_id IS h.variant_id AND l.sku_fold IS h.sku_fold AND l.name IS h.name AND l.options IS h.options
   AND l.quantity > 0;
INSERT INTO link_row(order_id, ref, line_id, quantity, product_id, row_id)
SELECT a.order_id, a.ref, a.line_id, a.quantity, a.product_id,
       (SELECT min(r.id) FROM link_order k JOIN stg_bp_sale_row r ON r.sale_id = k.sales_order_id
         WHERE k.order_id = a.order_id AND r.external_ref = a.ref AND NOT r.bundle_child)
  FROM temp.told_apart a
 WHERE a.rank = 1
   AND (a.named OR (SELECT sum(b.quantity) FROM temp.told_apart b
                     WHERE b.order_id = a.order_id AND b.ref = a.ref AND b.rank = 1) = a.wanted);

DROP TABLE IF EXISTS temp.home;
CREATE TEMP TABLE home AS
SELECT k.order_id, k.ref, min(k.line_id) AS home, max(k.product_id) AS product_id, max(k.row_id) AS row_id
  FROM (SELECT DISTINCT order_id FROM temp.todo) t JOIN link_row k ON k.order_id = t.order_id
 GROUP BY k.order_id, k.ref;
CREATE INDEX temp.home_row ON home(order_id, row_id);
CREATE INDEX temp.home_ref ON home(order_id, ref);

-- Shipments of ours that BigCommerce no longer had when it was read: a person deleted them.
DROP TABLE IF EXISTS temp.deleted;
CREATE TEMP TABLE deleted AS
SELECT d.key, d.kind, d.note_id, d.claimed_at + (SELECT seconds FROM clock_ahead) AS at
  FROM (SELECT DISTINCT order_id FROM temp.todo) t JOIN shipment_deleted d ON d.order_id = t.order_id;

-- Ours: in shipments that were sent and are still there.  Others': what BigCommerce has beyond what we ever sent,
-- as staged with the order, or as its shipments were read.
DROP TABLE IF EXISTS temp.line;
CREATE TEMP TABLE line AS
WITH sent AS (
	SELECT x.order_id, i.value ->> '$.order_product_id' AS line_id, x.state,
	       CAST(i.value ->> '$.quantity' AS INTEGER) AS quantity, x.key IN (SELECT key FROM temp.deleted) AS deleted
	  FROM out_shipment x JOIN json_each(x.sent, '$.items') i
	 WHERE x.order_id IN (SELECT order_id FROM temp.todo) AND x.state IN ('done', 'claimed')),
ours AS (
	SELECT order_id, line_id, sum(iif(deleted, 0, quantity)) AS quantity, sum(iif(state = 'done', quantity, 0)) AS done
	  FROM sent GROUP BY order_id, line_id),
others AS (
	SELECT b.order_id, i.value ->> '$.order_product_id' AS line_id,
	       sum(CAST(i.value ->> '$.quantity' AS INTEGER)) AS quantity
	  FROM stg_bc_shipment b JOIN json_each(b.payload, '$.items') i
	 WHERE b.order_id IN (SELECT order_id FROM temp.todo)
	   AND NOT EXISTS (SELECT 1 FROM out_shipment x WHERE x.order_id = b.order_id AND x.state IN ('done', 'claimed')
	                      AND (x.remote_id = b.id OR instr(b.words, ' ' || x.key || ' ')))
	 GROUP BY 1, 2)
SELECT l.order_id, l.id, l.position, l.type, l.sku, l.name, l.address_id,
       EXISTS (SELECT 1 FROM stg_bc_order_address a
                WHERE a.order_id = l.order_id AND a.id = l.address_id AND a.kind = 'shipping') AS addressed,
       coalesce(u.quantity, 0) + max(coalesce(f.quantity, 0), l.shipped - coalesce(u.done, 0), 0)
       AS shipped, l.quantity,
       coalesce((SELECT h.home FROM link_row k JOIN temp.home h ON h.order_id = k.order_id AND h.ref = k.ref
                  WHERE k.order_id = l.order_id AND k.line_id = l.id), l.id) AS home,
       coalesce((SELECT nullif(k.product_id, 1000) FROM link_row k WHERE k.order_id = l.order_id AND k.line_id = l.id),
                p.product_id) AS product_id,
       p.product_id AS known_as
  FROM stg_bc_order_line l
  LEFT JOIN line_product p ON p.order_id = l.order_id AND p.id = l.id
  LEFT JOIN ours u ON u.order_id = l.order_id AND u.line_id = l.id
  LEFT JOIN others f ON f.order_id = l.order_id AND f.line_id = l.id
 WHERE l.order_id IN (SELECT order_id FROM temp.todo);
CREATE UNIQUE INDEX temp.line_id ON line(order_id, id);
CREATE INDEX temp.line_home ON line(order_id, home);
CREATE INDEX temp.line_by_product ON line(order_id, product_id);

-- A row is ours by its id, else by its reference (a copy of it in an order that was split off, or one that was
-- never read back).  One that holds another product than it was sent with is a substitute, unless it is what
-- the line's product is known as today, or takes the place of a text.
DROP TABLE IF EXISTS temp.row_line;
CREATE TEMP TABLE row_line AS
WITH told AS (
	SELECT s.order_id, s.sale_id, r.id AS row_id, r.product_id, r.parent_row_id, r.quantity / 10000 AS quantity,
	       coalesce(nullif(r.sku, ''), nullif(r.name, ''), 'product ' || r.product_id) AS name,
	       coalesce((SELECT h.ref FROM temp.home h WHERE h.order_id = s.order_id AND h.row_id = r.id),
	                (SELECT h.ref FROM temp.home h WHERE h.order_id = s.order_id AND h.ref = r.external_ref)) AS ref,
	       (SELECT l.id FROM temp.line l WHERE l.order_id = s.order_id
	           AND r.external_ref = (SELECT prefix FROM order_reference) || s.order_id || ':' || l.id) AS line_id
	  FROM temp.sale s JOIN stg_bp_sale_row r ON r.sale_id = s.sale_id)
SELECT t.order_id, t.sale_id, t.row_id, t.product_id, t.parent_row_id, t.quantity, t.name,
       CASE WHEN h.ref IS NULL THEN (SELECT l.home FROM temp.line l WHERE l.order_id = t.order_id AND l.id = t.line_id
                                        AND coalesce(l.known_as, t.product_id) = t.product_id)
            WHEN h.product_id IN (1000, t.product_id)
              OR EXISTS (SELECT 1 FROM temp.line l WHERE l.order_id = t.order_id AND l.home = h.home AND l.known_as = t.product_id)
            THEN h.home END AS home
  FROM told t
  LEFT JOIN temp.home h ON h.order_id = t.order_id AND h.ref = t.ref;
-- Rows that are gone, as far as goods left as them.
INSERT INTO temp.row_line
SELECT DISTINCT s.order_id, s.sale_id, g.row_id, g.product_id, NULL, 0, coalesce(b.sku, 'product ' || g.product_id),
       (SELECT h.home FROM temp.home h WHERE h.order_id = s.order_id AND h.row_id = g.row_id
           AND h.product_id IN (1000, g.product_id))
  FROM temp.sale s
  JOIN stg_bp_goods_out_note n ON n.sale_id = s.sale_id
  JOIN stg_bp_goods_out_row g ON g.kind = n.kind AND g.note_id = n.id
  LEFT JOIN ref_bp_product b ON b.id = g.product_id
 WHERE NOT EXISTS (SELECT 1 FROM stg_bp_sale_row r WHERE r.sale_id = s.sale_id AND r.id = g.row_id)
   AND NOT EXISTS (SELECT 1 FROM temp.row_line l WHERE l.sale_id = s.sale_id AND l.row_id = g.row_id);
CREATE INDEX temp.row_line_row ON row_line(sale_id, row_id);
CREATE INDEX temp.row_line_home ON row_line(order_id, home);
