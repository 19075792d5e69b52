-- Orders whose reservation may have to change -> temp.reserving, temp.scope.  Rerunnable.
DROP TABLE IF EXISTS temp.reserving;
CREATE TEMP TABLE reserving AS
SELECT k.order_id, k.sales_order_id AS sale_id, k.how, (SELECT prefix FROM order_reference) || k.order_id AS key,
       w.owes, NOT w.owes AND w.status_id IN (2, 3, 5, 6, 10) AS keep
  FROM link_order k
  JOIN stg_bp_sale s ON s.id = k.sales_order_id
  JOIN sale_alive a ON a.id = s.id
  JOIN stg_bc_order o ON o.id = k.order_id
  JOIN order_owes w ON w.order_id = o.id
  LEFT JOIN out_order x ON x.order_id = k.order_id
  LEFT JOIN out_reservation v ON v.order_id = k.order_id
 WHERE s.type = 'SO' AND NOT s.invoiced AND s.closed_on IS NULL
   AND v.state IS NOT 'claimed' AND v.state IS NOT 'ignored'
   AND (NOT EXISTS (SELECT 1 FROM order_named) OR k.order_id IN (SELECT id FROM order_named))
   AND (v.key IS NOT NULL OR w.owes AND (x.warehouse_id IS NOT NULL
        OR EXISTS (SELECT 1 FROM map_warehouses WHERE reserve IS NOT NULL)));
CREATE UNIQUE INDEX temp.reserving_order ON reserving(order_id);

DROP TABLE IF EXISTS temp.scope;
CREATE TEMP TABLE scope AS SELECT order_id, sale_id, key FROM temp.reserving;
CREATE UNIQUE INDEX temp.scope_order ON scope(order_id);
CREATE TEMP TABLE IF NOT EXISTS edit_after(row_id INTEGER PRIMARY KEY, pieces INTEGER);
