-- The orders of temp.todo: their lines with what is left to ship -> temp.line; and which line each row
-- of their sales orders is sold as -> temp.row_line.  After scope.sql; rerunnable.
--
-- A row of ours carries the order and the first of the equal lines that it stands for (BC-1042:77); the
-- others of them have that line as their home.  A row whose reference is gone is told by its product.

DROP TABLE IF EXISTS temp.sale;
CREATE TEMP TABLE sale AS
SELECT DISTINCT order_id, sale_id FROM temp.todo
UNION
SELECT k.order_id, k.sales_order_id FROM link_order k WHERE k.order_id IN (SELECT order_id FROM temp.todo);

DROP TABLE IF EXISTS temp.reference;
CREATE TEMP TABLE reference AS
SELECT s.order_id, s.sale_id, r.id AS row_id, l.id AS line_id
  FROM temp.sale s
  JOIN stg_bp_sale_row r ON r.sale_id = s.sale_id
  JOIN stg_bc_order_line l ON l.order_id = s.order_id
   AND r.external_ref = (SELECT prefix FROM order_reference) || s.order_id || ':' || l.id;
CREATE INDEX temp.reference_row ON reference(sale_id, row_id);
CREATE INDEX temp.reference_line ON reference(order_id, line_id);

DROP TABLE IF EXISTS temp.home;
CREATE TEMP TABLE home AS
SELECT l.order_id, l.id, h.id AS line_id,
       row_number() OVER (PARTITION BY l.order_id, l.id ORDER BY h.id <> l.id,
              1.0 * abs(coalesce(h.discounted_inc, h.total_inc) * l.quantity
                        - coalesce(l.discounted_inc, l.total_inc) * h.quantity) / max(1, h.quantity), h.id) AS rank
  FROM (SELECT DISTINCT order_id, line_id FROM temp.reference) r
  JOIN stg_bc_order_line h ON h.order_id = r.order_id AND h.id = r.line_id
  JOIN stg_bc_order_line l ON l.order_id = h.order_id AND l.type = h.type AND l.product_id = h.product_id
   AND l.variant_id IS h.variant_id AND l.sku_fold IS h.sku_fold AND l.name IS h.name AND l.options IS h.options;

-- Ours: in shipments that were sent.  Others': what BigCommerce has beyond that, as staged with the order
-- or as its shipments were read.
DROP TABLE IF EXISTS temp.line;
CREATE TEMP TABLE line AS
WITH sent AS (
	SELECT x.order_id, i.value ->> '$.order_product_id' AS line_id, x.state, x.remote_id,
	       CAST(i.value ->> '$.quantity' AS INTEGER) AS quantity
	  FROM out_shipment x JOIN json_each(x.sent, '$.items') i
	 WHERE x.order_id IN (SELECT order_id FROM temp.todo) AND x.state IN ('done', 'claimed')),
ours AS (
	SELECT order_id, line_id, sum(quantity) AS quantity, sum(iif(state = 'done', quantity, 0)) AS done
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
       coalesce(h.line_id, l.id) AS home
  FROM stg_bc_order_line l
  LEFT JOIN ours u ON u.order_id = l.order_id AND u.line_id = l.id
  LEFT JOIN others f ON f.order_id = l.order_id AND f.line_id = l.id
  LEFT JOIN temp.home h ON h.order_id = l.order_id AND h.id = l.id AND h.rank = 1
 WHERE l.order_id IN (SELECT order_id FROM temp.todo);
CREATE UNIQUE INDEX temp.line_id ON line(order_id, id);

-- By product: of several such lines the first that no other row names, else the first.
DROP TABLE IF EXISTS temp.product_home;
CREATE TEMP TABLE product_home AS
SELECT l.order_id, p.product_id, l.home,
       row_number() OVER (PARTITION BY l.order_id, p.product_id
              ORDER BY EXISTS (SELECT 1 FROM temp.reference r WHERE r.order_id = l.order_id AND r.line_id = l.home),
                       l.position) AS rank
  FROM temp.line l JOIN line_product p ON p.order_id = l.order_id AND p.id = l.id
 WHERE p.product_id IS NOT NULL;
CREATE INDEX temp.product_home_product ON product_home(order_id, product_id, rank);

DROP TABLE IF EXISTS temp.row_line;
CREATE TEMP TABLE row_line AS
SELECT s.order_id, s.sale_id, r.id AS row_id,
       coalesce((SELECT l.home FROM temp.reference f JOIN temp.line l ON l.order_id = f.order_id AND l.id = f.line_id
                  WHERE f.sale_id = s.sale_id AND f.row_id = r.id),
                (SELECT h.home FROM temp.product_home h
                  WHERE h.order_id = s.order_id AND h.product_id = r.product_id AND h.rank = 1)) AS home
  FROM temp.sale s JOIN stg_bp_sale_row r ON r.sale_id = s.sale_id;
CREATE UNIQUE INDEX temp.row_line_row ON row_line(sale_id, row_id);
