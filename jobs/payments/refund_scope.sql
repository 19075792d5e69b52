-- Orders with refunds -> temp.scope, for units.sql of the orders job: what of them can still be shipped.
DROP TABLE IF EXISTS temp.scope;
CREATE TEMP TABLE scope AS
SELECT d.id AS order_id, d.sales_order_id AS sale_id, d.ref AS key
  FROM temp.todo d
 WHERE d.sales_order_id IS NOT NULL AND EXISTS (SELECT 1 FROM stg_bc_refund r WHERE r.order_id = d.id);
CREATE UNIQUE INDEX temp.scope_order ON scope(order_id);
