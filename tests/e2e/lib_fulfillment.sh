# Shared by the fulfillment scenarios, after lib.sh.

# BigCommerce's shipments as order|SKU=pieces ...|tracking number|shipping method, by order and tracking number
shipments() {
	sql_sandbox "SELECT s.order_id, (SELECT group_concat(p.sku || '=' || (i.value ->> 'quantity'), ' ')
		FROM json_each(s.body, '\$.items') i JOIN bc_order_product p ON p.id = i.value ->> 'order_product_id'),
		s.body ->> 'tracking_number', s.body ->> 'shipping_method' FROM bc_shipment s ORDER BY s.order_id, 3, s.id"
}
# order|items|shipped of every order
shipped_all() { sql_sandbox "SELECT id, body ->> 'items_total', body ->> 'items_shipped' FROM bc_order ORDER BY id"; }
# The merchant ships in BigCommerce's control panel; quietly = the order does not show as modified.
ship_by_hand() { # ORDER SKU PIECES [quietly]
	merchant sql "INSERT INTO bc_shipment (order_id, body) SELECT order_id, json_object('order_id', order_id,
		'order_address_id', address_id, 'date_created', 'Thu, 05 Feb 2026 10:00:00 +0000', 'tracking_number', 'HAND', 'comments', '',
		'items', json_array(json_object('order_product_id', id, 'product_id', product_id, 'quantity', $3)))
		FROM bc_order_product WHERE order_id = $1 AND sku = '$2';
		UPDATE bc_shipment SET body = json_set(body, '\$.id', id) WHERE body ->> 'id' IS NULL;
		UPDATE bc_order_product SET body = json_set(body, '\$.quantity_shipped', quantity_shipped + $3) WHERE order_id = $1 AND sku = '$2';
		UPDATE bc_order SET body = json_set(body, '\$.items_shipped', (SELECT sum(quantity_shipped) FROM bc_order_product WHERE order_id = $1))
		$([ "${4-}" = quietly ] || echo ", date_modified = server_time() / 1000") WHERE id = $1"
}
# The merchant deletes an order's shipments in BigCommerce; quietly = the order does not show as modified,
# counted = its goods still count as shipped.
unship_there() { # ORDER [quietly|counted]
	merchant sql "DELETE FROM bc_shipment WHERE order_id = $1;
		$([ "${2-}" = counted ] && echo "SELECT 1" || echo "UPDATE bc_order_product SET body = json_set(body, '\$.quantity_shipped', 0) WHERE order_id = $1;
		UPDATE bc_order SET body = json_set(body, '\$.items_shipped', 0) WHERE id = $1");
		$([ "${2-}" = quietly ] && echo "SELECT 1" || echo "UPDATE bc_order SET date_modified = server_time() / 1000 WHERE id = $1")"
}
