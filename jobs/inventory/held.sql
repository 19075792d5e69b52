-- Units of Brightpearl products that orders hold and that are not set aside there -> temp.stock_held(product_id,
-- units): of orders that owe goods, what is neither refunded, nor shipped by hand, nor on notes, nor reserved;
-- whether or not they are imported.  One whose sales order is gone or cancelled holds nothing.  Rerunnable.
DROP TABLE IF EXISTS temp.held_line;
CREATE TEMP TABLE held_line AS
SELECT l.order_id, l.id, p.product_id, l.quantity, l.refunded, min(l.shipped, l.quantity) AS shipped
  FROM stg_bc_order o
  JOIN order_owes c ON c.order_id = o.id AND c.owes
  JOIN stg_bc_order_line l ON l.order_id = o.id
  JOIN line_product p ON p.order_id = l.order_id AND p.id = l.id
 WHERE o.is_deleted IS NOT 1 AND p.product_id IS NOT NULL
   AND o.date_created >= CAST((SELECT value FROM setting WHERE name = 'orders.start_date') AS INTEGER)
   AND o.id >= CAST((SELECT value FROM setting WHERE name = 'orders.start_id') AS INTEGER)
   AND NOT EXISTS (SELECT 1 FROM link_order k JOIN stg_bp_sale s ON s.id = k.sales_order_id
                    WHERE k.order_id = o.id AND s.id NOT IN (SELECT id FROM sale_alive));

-- Our own shipments carry what is on notes: by hand is what was shipped beside them.
DROP TABLE IF EXISTS temp.held_carried;
CREATE TEMP TABLE held_carried AS
SELECT x.order_id, i.value ->> '$.order_product_id' AS line_id, sum(CAST(i.value ->> '$.quantity' AS INTEGER)) AS pieces
  FROM out_shipment x JOIN json_each(coalesce(x.sent, x.body), '$.items') i
 WHERE x.state = 'done' AND x.order_id IN (SELECT order_id FROM temp.held_line WHERE shipped > 0)
 GROUP BY 1, 2;
CREATE INDEX temp.held_carried_line ON held_carried(order_id, line_id);

DROP TABLE IF EXISTS temp.held_aside;
CREATE TEMP TABLE held_aside AS
SELECT order_id, product_id, sum(reserved) AS reserved, sum(noted) AS noted FROM order_reserved GROUP BY 1, 2;
CREATE UNIQUE INDEX temp.held_aside_product ON held_aside(order_id, product_id);

-- Without fulfillment, what was shipped in BigCommerce may be what is on notes: the larger of both is gone.
DROP TABLE IF EXISTS temp.stock_held;
CREATE TEMP TABLE stock_held AS
SELECT w.product_id, sum(max(0, w.units - coalesce(a.reserved, 0)
       - iif((SELECT value FROM setting WHERE name = 'fulfillment.enabled') = 'yes',
             w.by_hand + coalesce(a.noted, 0), max(w.shipped, coalesce(a.noted, 0))))) AS units
  FROM (SELECT l.order_id, l.product_id, sum(max(0, l.quantity - l.refunded)) AS units, sum(l.shipped) AS shipped,
               sum(max(0, l.shipped - coalesce(c.pieces, 0))) AS by_hand
          FROM temp.held_line l LEFT JOIN temp.held_carried c ON c.order_id = l.order_id AND c.line_id = l.id
         GROUP BY l.order_id, l.product_id) w
  LEFT JOIN temp.held_aside a ON a.order_id = w.order_id AND a.product_id = w.product_id
 GROUP BY w.product_id;
CREATE UNIQUE INDEX temp.stock_held_product ON stock_held(product_id);

-- No more is set aside than Brightpearl has allocated: it tells that with every quantity.
INSERT INTO temp.stock_held SELECT product_id, missing FROM reserved_no_more WHERE true
    ON CONFLICT(product_id) DO UPDATE SET units = units + excluded.units;
