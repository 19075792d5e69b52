# Sourced by retail.sh: a busy day after the ordinary one, with the limits that are shipped.  What persons
# caused goes, however much: 1,500 orders at once, 1,000 notes shipped, a stocktake.  A mass fall of stock does not.

busy_orders=1500 busy_notes=1000

# What brakes hold, of all that is to be sent.
held() {
	own "SELECT (SELECT count(*) FROM out_customer WHERE held IS NOT NULL) + (SELECT count(*) FROM out_order WHERE held IS NOT NULL)
		+ (SELECT count(*) FROM out_order_note WHERE held IS NOT NULL) + (SELECT count(*) FROM out_note WHERE held IS NOT NULL)
		+ (SELECT count(*) FROM out_shipment WHERE held IS NOT NULL) + (SELECT count(*) FROM out_status WHERE held IS NOT NULL)
		+ (SELECT count(*) FROM out_stock WHERE held IS NOT NULL)"
}

pass() { # MINUTES on both sides
	PEARLBRIDGE_CLOCK_OFFSET=$((${PEARLBRIDGE_CLOCK_OFFSET:-0} + $1 * 60))
	export PEARLBRIDGE_CLOCK_OFFSET
	ask "UPDATE switch SET value = $PEARLBRIDGE_CLOCK_OFFSET WHERE name = 'clock_offset_s'"
}

place_orders() { # FILE: compact orders, to the sandbox
	local status url LC_ALL=C
	url=$(<"$work/sandbox/url")
	exec 5<>"/dev/tcp/127.0.0.1/${url##*:}"
	printf 'POST /sandbox/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' \
		"$(wc -c <"$1")" >&5
	cat "$1" >&5
	read -r _ status _ <&5
	exec 5>&-
	[ "$status" = 204 ] || { echo "retail: the sandbox refused the orders of the busy day: $status" >&2 && exit 70; }
}

busy_orders_at_once() {
	local run requests
	ask "SELECT json_group_array(json_object('id', 700000 + n.value, 'created', $(now), 'status_id', 11,
			'customer', json_object('email', printf('busy%d@example.com', n.value % 300), 'first_name', 'Bea', 'last_name', printf('Busy%d', n.value % 300)),
			'billing', json_object('street_1', '1 High Street', 'city', 'London', 'zip', 'N1 1AA', 'country', 'United Kingdom', 'country_iso2', 'GB'),
			'lines', json_array(json_object('sku', p.sku, 'quantity', 1 + n.value % 3, 'price', '2.00')),
			'inclusive', json('true'), 'tax_rate', '20', 'paid', json('true')))
		FROM generate_series(1, $busy_orders) n
		JOIN (SELECT sku, row_number() OVER (ORDER BY id) - 1 AS place FROM bc_product) p
		  ON p.place = n.value * 7 % (SELECT count(*) FROM bc_product)" >"$work/busy.json"
	place_orders "$work/busy.json"
	run_after "$busy_orders orders at once"
	run=$(own "SELECT max(id) FROM run")
	requests=$(asked_by "$run" brightpearl orders)
	must "exit code" "$code" -eq 0
	must "sales orders of the busy day" "$(ask "SELECT count(*) FROM bp_order WHERE external_ref GLOB 'BC-70????'")" -eq "$busy_orders"
	must "of these, paid" "$(ask "SELECT count(*) FROM bp_order o JOIN bp_payment p ON p.order_id = o.id WHERE o.external_ref GLOB 'BC-70????'")" -eq "$busy_orders"
	must "of these, reserved" "$(ask "SELECT count(*) FROM bp_order o JOIN bp_reservation v ON v.order_id = o.id WHERE o.external_ref GLOB 'BC-70????'")" -eq "$busy_orders"
	must "orders whose totals differ" "$(ask "SELECT count(*) FROM bp_order o JOIN bc_order b ON o.external_ref = 'BC-' || b.id WHERE o.total <> b.total_inc_tax")" -eq 0
	must "held by a brake" "$(held)" -eq 0
	must "requests to Brightpearl for them" "$requests" -le $((busy_orders * (205 + 15) / 1000 + 30))
}

# 1,000 of them leave; whoever counted the shelves found a little more or less of everything, and of 2 % nothing.
notes_and_stocktake() {
	ask "CREATE TRIGGER bp_goods_out_shipped AFTER UPDATE OF shipped_on ON bp_goods_out BEGIN
			UPDATE bp_order SET stock_status = g.stock_status, shipping_status = g.shipping_status, status_id = 21, updated_on = NEW.shipped_on
			  FROM bp_order_goods g WHERE g.order_id = bp_order.id AND bp_order.id = NEW.order_id;
		END;
		INSERT INTO bp_goods_out (id, order_id, reference, shipping_method_id, created_on)
		SELECT 620000 + row_number() OVER (ORDER BY id), id, 'BUSY' || id, 1, $(now) FROM bp_order
		 WHERE external_ref BETWEEN 'BC-700001' AND 'BC-' || (700000 + $busy_notes);
		INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity)
		SELECT n.id, r.id, r.product_id, r.quantity / 10000 FROM bp_goods_out n JOIN bp_order_row r ON r.order_id = n.order_id
		 WHERE n.id > 620000 AND r.product_id > 20000;
		UPDATE bp_goods_out SET shipped_on = $(now), version = version + 1 WHERE id > 620000;
		UPDATE bp_stock SET in_stock = max(allocated, in_stock - 3 + product_id % 7);
		UPDATE bp_stock SET in_stock = allocated WHERE product_id % 50 = 0"
	run_after "$busy_notes notes shipped and a stocktake"
	must "exit code" "$code" -eq 0
	must "shipments of the busy day" "$(ask "SELECT count(*) FROM bc_shipment WHERE order_id > 700000")" -eq "$busy_notes"
	must "orders that left and are not Shipped" "$(ask "SELECT count(*) FROM bc_order WHERE id BETWEEN 700001 AND 700000 + $busy_notes AND status_id <> 2")" -eq 0
	must "stock that differs" "$(unequal_stock)" -eq 0
	must "held by a brake" "$(held)" -eq 0
	must "POSTs of shipments" "$(writes_since "$since" POST '/v2/orders/*/shipments')" -le $((busy_notes * 105 / 100))
	must "writes of stock" "$(writes_since "$since" PUT '/v3/inventory/*')" -le 2
}

fall() { # CONDITION: stock of these products is gone there; sets fallen
	fallen=$(ask "SELECT count(*) FROM bp_stock t WHERE t.in_stock > t.allocated AND $1;
		DROP TABLE IF EXISTS busy_stock; CREATE TABLE busy_stock AS SELECT * FROM bp_stock;
		UPDATE bp_stock AS t SET in_stock = allocated WHERE $1")
}
shop_stock() { ask "SELECT variant_id, location_id, onhand FROM bc_stock ORDER BY 1, 2"; }

mass_fall() {
	shop_stock >"$work/shop.before"
	fall "product_id % 2 = 1"
	run_after "the stock of $fallen products fell to nothing"
	must "exit code" "$code" -eq 65
	must "held by a brake" "$(held)" -eq "$fallen"
	must "items that the shop shows otherwise" "$(shop_stock | diff - "$work/shop.before" | grep -c '^[<>]' || true)" -eq 0
	pass 11
	run_after "that was read again"
	must "exit code" "$code" -eq 65
	must "still held: 20 % or more of all" "$(held)" -eq "$fallen"
	ask "UPDATE bp_stock SET in_stock = b.in_stock FROM busy_stock b WHERE b.product_id = bp_stock.product_id AND b.warehouse_id = bp_stock.warehouse_id"
	run_after "it was put right there"
	must "exit code" "$code" -eq 0
	must "held by a brake" "$(held)" -eq 0
	must "writes" "$(ask "SELECT count(*) FROM request WHERE id > $since AND method <> 'GET'")" -eq 0
}

fall_read_twice() {
	fall "product_id % 10 = 3"
	run_after "the stock of $fallen products fell to nothing"
	must "exit code" "$code" -eq 65
	must "held by a brake" "$(held)" -eq "$fallen"
	pass 11
	run_after "it was read twice"
	must "exit code" "$code" -eq 0
	must "held by a brake" "$(held)" -eq 0
	must "stock that differs" "$(unequal_stock)" -eq 0
	quiet_after "it was read twice"
}

busy_day() {
	busy_orders_at_once
	notes_and_stocktake
	mass_fall
	fall_read_twice
}
