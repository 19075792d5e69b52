-- Refunds of goods that did not leave -> temp.refund_open(refund_id, followed, pieces).  After units.sql for the
-- orders of temp.scope.
--   pieces    what of it is on no note and can still be shipped: of that there is never a credit
--   followed  the sales order was made smaller by it: the money went back on the order, there is nothing to credit
DROP TABLE IF EXISTS temp.refund_open;
CREATE TEMP TABLE refund_open AS
WITH root AS (
	SELECT g.order_id, g.root_id AS row_id, w.product_id, coalesce(nullif(w.sku, ''), w.name) AS name,
	       max((u.may_ship * g.root_ordered + g.ordered - 1) / g.ordered) AS may_ship
	  FROM temp.unit_goods g
	  JOIN temp.unit u ON u.order_id = g.order_id AND u.row_id = g.row_id
	  JOIN stg_bp_sale s ON s.id = g.sale_id AND s.invoiced IS NOT 1 AND s.closed_on IS NULL
	  JOIN sale_alive a ON a.id = s.id
	  JOIN stg_bp_sale_row w ON w.sale_id = g.sale_id AND w.id = g.root_id
	 GROUP BY g.order_id, g.root_id),
item AS (
	SELECT r.id AS refund_id, l.order_id, l.sale_id, l.id AS line_id, l.product_id, l.row_id, max(1, coalesce(i.quantity, 1)) AS quantity
	  FROM stg_bc_refund r
	  JOIN stg_bc_refund_item i ON i.refund_id = r.id AND i.type = 'PRODUCT'
	  JOIN temp.unit_line l ON l.order_id = r.order_id AND l.id = i.item_id),
product AS (
	SELECT order_id, product_id, sum(quantity) AS ordered,
	       coalesce((SELECT sum(i.quantity) FROM item i WHERE i.order_id = l.order_id AND i.product_id = l.product_id), 0) AS refunded,
	       coalesce((SELECT sum(w.quantity) / 10000 FROM stg_bp_sale_row w
	                  WHERE w.sale_id = l.sale_id AND w.product_id = l.product_id AND w.parent_row_id IS NULL), 0) AS there
	  FROM temp.unit_line l WHERE product_id IS NOT NULL GROUP BY order_id, product_id),
known AS (
	SELECT i.refund_id, i.order_id, coalesce(p.there < p.ordered AND p.there <= p.ordered - p.refunded, 0)
	       AND i.sale_id IN (SELECT id FROM stg_bp_sale WHERE sha256 <> '' AND NOT gone) AS followed, i.quantity, t.name,
	       coalesce(t.may_ship, 0) AS may_ship, row_number() OVER (PARTITION BY i.refund_id, i.line_id ORDER BY t.may_ship DESC) AS n
	  FROM item i
	  LEFT JOIN product p ON p.order_id = i.order_id AND p.product_id = i.product_id
	  LEFT JOIN root t ON t.order_id = i.order_id
	        AND iif(i.row_id IS NULL, t.product_id = i.product_id, t.row_id = i.row_id))
SELECT refund_id, min(followed) AS followed,
       group_concat(min(quantity, may_ship) || ' x ' || name, ', ') FILTER (WHERE may_ship > 0 AND NOT followed) AS pieces
  FROM known WHERE n = 1 GROUP BY refund_id
UNION ALL -- all of it, told as one amount
SELECT r.id, 0, group_concat(t.may_ship || ' x ' || t.name, ', ')
  FROM stg_bc_refund r
  JOIN temp.todo d ON d.id = r.order_id AND r.total >= d.total
  JOIN root t ON t.order_id = r.order_id AND t.may_ship > 0
 WHERE r.id NOT IN (SELECT refund_id FROM item) GROUP BY r.id;
CREATE INDEX temp.refund_open_id ON refund_open(refund_id);
