-- A day at the made-up merchant's, between the morning's run and the evening's: what people do in Brightpearl
-- and in BigCommerce.  Sent to the sandbox as one script.

-- Brightpearl, the warehouse: order 1001 leaves in part (the mug is still to come), orders 1003 and
-- 1014 whole.
INSERT INTO bp_goods_out (id, order_id, reference, shipping_method_id, created_on)
SELECT c.column2, o.id, c.column3, c.column4, server_time() / 1000
  FROM (VALUES ('BC-1001', 600101, 'RM100100GB', 1), ('BC-1003', 600103, 'DPD-1003', 2), ('BC-1014', 600114, 'RM101400GB', 1)) c
  JOIN bp_order o ON o.external_ref = c.column1;
INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity)
SELECT n.id, g.row_id, g.product_id, g.wanted
  FROM bp_goods_out n JOIN bp_row_goods g ON g.order_id = n.order_id JOIN bp_product p ON p.id = g.product_id
 WHERE g.goods AND (p.sku LIKE 'TEA-%' OR n.id = 600114);
UPDATE bp_goods_out SET shipped_on = server_time() / 1000;
UPDATE bp_order SET status_id = iif(external_ref = 'BC-1001', 20, 21) WHERE external_ref IN ('BC-1001', 'BC-1003', 'BC-1014');

-- Brightpearl, the office: a note for the staff on order 1009; twenty teapots are counted in.
INSERT INTO bp_order_field
SELECT id, 'PCF_STAFFNOTE', json_quote('Deliver to the back door before ten') FROM bp_order WHERE external_ref = 'BC-1009';
UPDATE bp_stock SET in_stock = in_stock + 20 WHERE product_id = (SELECT id FROM bp_product WHERE sku = 'POT-STEEL');
UPDATE bp_order SET updated_on = server_time() / 1000 WHERE external_ref IN ('BC-1001', 'BC-1003', 'BC-1009', 'BC-1014');

-- BigCommerce: Bob asks for his parcel to be left next door; Tess calls off her free sample; Frank's bank transfer
-- has come in.
UPDATE bc_order SET customer_message = 'Please leave it next door, at no. 5', date_modified = server_time() / 1000 WHERE id = 1002;
UPDATE bc_order SET status_id = 5, date_modified = server_time() / 1000 WHERE id = 1213;
UPDATE bc_order SET status_id = 11, date_modified = server_time() / 1000 WHERE id = 1007;
