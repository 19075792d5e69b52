-- A day at the shop of the retail check, laid over both systems once every order was brought over.  The
-- numbers in comments are those of 1,600 orders; a shorter file has as many in proportion.  day_clock(at) is now.
DROP TABLE IF EXISTS day;
CREATE TABLE day AS -- n runs from 0 to 1,599 whatever the number of orders
SELECT (row_number() OVER (ORDER BY b.id) - 1) * 1600 / count(*) OVER () AS n, b.id AS shop, o.id AS sale, '' AS what
  FROM bc_order b JOIN bp_order o ON o.external_ref = 'BC-' || b.id
 WHERE EXISTS (SELECT 1 FROM bp_row_goods g WHERE g.order_id = o.id AND g.goods)
   AND EXISTS (SELECT 1 FROM bc_transaction t WHERE t.order_id = b.id)
   AND b.id NOT IN (SELECT id FROM day_uncaptured);
CREATE UNIQUE INDEX day_sale ON day (sale);
UPDATE day SET what = CASE WHEN n < 400 THEN iif(n % 4 = 0, 'part shipped', 'shipped')
	WHEN n < 475 THEN 'status there' WHEN n < 550 THEN 'status here' WHEN n < 580 THEN 'note there'
	WHEN n < 610 THEN 'note here' WHEN n < 630 THEN 'edited' WHEN n < 660 THEN 'refunded' ELSE '' END;

-- What a note changes of its order is told once for all, below: for each row it would take minutes.
DROP TRIGGER IF EXISTS bp_goods_out_noted;
DROP TRIGGER IF EXISTS bp_goods_out_shipped;

-- 400 orders leave: a quarter of them their first line alone; every tenth without its tracking number.
INSERT INTO bp_goods_out (id, order_id, reference, shipping_method_id, created_on)
SELECT 610000 + row_number() OVER (ORDER BY sale), sale, iif(shop % 10 = 1, '', 'TRACK' || shop), 1, (SELECT at FROM day_clock)
  FROM day WHERE what IN ('shipped', 'part shipped');
INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity)
SELECT n.id, g.row_id, g.product_id, g.wanted
  FROM bp_goods_out n JOIN day d ON d.sale = n.order_id JOIN bp_row_goods g ON g.order_id = n.order_id
 WHERE g.goods AND g.wanted > 0
   AND (d.what = 'shipped' OR g.row_id = (SELECT min(row_id) FROM bp_row_goods WHERE order_id = n.order_id AND goods));
UPDATE bp_goods_out SET shipped_on = (SELECT at FROM day_clock), version = version + 1;
UPDATE bp_order SET stock_status = g.stock_status, shipping_status = g.shipping_status FROM bp_order_goods g
 WHERE g.order_id = bp_order.id AND bp_order.id IN (SELECT order_id FROM bp_goods_out);
UPDATE bp_order SET updated_on = (SELECT at FROM day_clock), status_id = iif(shipping_status = 'ASS', 21, 20)
 WHERE id IN (SELECT order_id FROM bp_goods_out);

-- 75 go on hold in Brightpearl, 75 await shipment in BigCommerce.
UPDATE bp_order SET status_id = 18, updated_on = (SELECT at FROM day_clock) WHERE id IN (SELECT sale FROM day WHERE what = 'status there');
UPDATE bc_order SET status_id = 9, body = json_remove(body, '$.status', '$.custom_status'), date_modified = (SELECT at FROM day_clock)
 WHERE id IN (SELECT shop FROM day WHERE what = 'status here');

-- 30 notes on each side.
INSERT INTO bp_order_field (order_id, code, value)
SELECT sale, 'PCF_STAFFNOTE', json_quote('call about ' || shop) FROM day WHERE what = 'note there';
UPDATE bp_order SET updated_on = (SELECT at FROM day_clock) WHERE id IN (SELECT sale FROM day WHERE what = 'note there');
UPDATE bc_order SET customer_message = 'Ring twice, ' || id, body = json_remove(body, '$.customer_message'), date_modified = (SELECT at FROM day_clock)
 WHERE id IN (SELECT shop FROM day WHERE what = 'note here');

-- 20 delivery addresses are edited, of 30 orders five pence are refunded, 20 authorisations are captured.
UPDATE bc_order_address SET body = json_set(body, '$.street_1', '99 Changed Road')
 WHERE order_id IN (SELECT shop FROM day WHERE what = 'edited');
INSERT INTO bc_refund (id, order_id, created, body)
SELECT 60000 + shop, shop, (SELECT at FROM day_clock), json_object('id', 60000 + shop, 'order_id', shop, 'user_id', 1, 'reason', '',
	'total_amount', 0.05, 'total_tax', 0, 'uses_merchant_override_values', json('false'),
	'items', json_array(json_object('item_type', 'ORDER', 'item_id', shop, 'requested_amount', '0.05')),
	'payments', json_array(json_object('id', 60000 + shop, 'provider_id', 'authorizenet', 'amount', 0.05, 'offline', json('false'), 'is_declined', json('false'))),
	'created', strftime('%Y-%m-%dT%H:%M:%S+00:00', (SELECT at FROM day_clock), 'unixepoch'))
  FROM day WHERE what = 'refunded';
INSERT INTO bc_transaction (id, order_id, body)
SELECT id + 20000, order_id, json_set(body, '$.id', id + 20000, '$.event', 'capture', '$.reference_transaction_id', id)
  FROM bc_transaction WHERE order_id IN (SELECT id FROM day_uncaptured);
UPDATE bc_order SET date_modified = (SELECT at FROM day_clock), body = json_set(body, '$.payment_status',
	iif(id IN (SELECT id FROM day_uncaptured), 'captured', 'partially refunded'))
 WHERE id IN (SELECT shop FROM day WHERE what = 'refunded') OR id IN (SELECT id FROM day_uncaptured);
UPDATE bc_order SET date_modified = (SELECT at FROM day_clock) WHERE id IN (SELECT shop FROM day WHERE what = 'edited');

-- 500 products come in.
UPDATE bp_stock SET in_stock = in_stock + 7 WHERE product_id IN (SELECT product_id FROM bp_stock WHERE warehouse_id = 2
	ORDER BY product_id LIMIT (SELECT min(500, count(*) / 4) FROM bp_stock));
