-- Orders of which goods should not leave any more, and whose sales order can still ship -> temp.scope.
DROP TABLE IF EXISTS temp.scope;
CREATE TEMP TABLE scope AS
SELECT k.order_id, k.sales_order_id AS sale_id, (SELECT prefix FROM order_reference) || k.order_id AS key
  FROM link_order k
  JOIN stg_bc_order o ON o.id = k.order_id
  JOIN stg_bp_sale s ON s.id = k.sales_order_id AND s.type = 'SO'
  JOIN sale_alive a ON a.id = s.id
 WHERE k.order_id IN (SELECT id FROM stg_bc_order WHERE status_id IN (4, 5, 6, 13)
                       UNION SELECT order_id FROM stg_bc_order_line WHERE refunded > 0);
CREATE UNIQUE INDEX temp.scope_order ON scope(order_id);
