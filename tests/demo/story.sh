# shellcheck shell=bash disable=SC2154
# The story that tests/demo.sh tells, sourced by it; a day in chapters.  Every sentence that follows from a
# run is told by so(): its query must answer 1.  "there" are the two systems, as the sandbox holds them.

# Parts of queries: an order's number in Brightpearl; the teapots in stock, reserved, and on sale in the shop;
# the goods that orders still owe, with what is reserved or on its way.
sale() { echo "(SELECT id FROM there.bp_order WHERE external_ref = 'BC-$1')"; } # ORDER
teapots() { # IN STOCK, RESERVED, ON SALE
	echo "(SELECT t.in_stock = $1 AND t.allocated = $2 AND s.onhand = $3 FROM there.bc_stock s, there.bp_stock t
		JOIN there.bp_product p ON p.id = t.product_id WHERE s.variant_id = 500006 AND p.sku = 'POT-STEEL' AND t.warehouse_id = 2)"
}
goods="SELECT p.sku, g.wanted, g.noted + coalesce((SELECT quantity FROM there.bp_reservation_row r WHERE r.row_id = g.row_id), 0) AS held
	FROM there.bp_row_goods g JOIN there.bp_product p ON p.id = g.product_id JOIN there.bp_order o ON o.id = g.order_id
	JOIN there.bc_order b ON o.external_ref = 'BC-' || b.id WHERE g.goods AND b.status_id IN (3, 8, 9, 11)"

tell() {
	say_beginning
	say_morning
	say_waiting
	say_day
	say_evening
	say_books
	say_end
}

say_beginning() {
	echo "Pearlbridge keeps a BigCommerce shop and a Brightpearl account in step. This is a day of a made-up tea shop,"
	echo "on this machine alone: a sandbox plays both systems, and nothing leaves it."
	chapter "1. The shop and the account"
	say "The sandbox answers at $(cat "$sandbox/url"), as both."
	say "$(ask "SELECT printf('BigCommerce has %d orders for %d products.', (SELECT count(*) FROM bc_order), (SELECT count(*) FROM bc_product))")"
	say "$(ask "SELECT printf('Brightpearl has %d products and %d customers, but %s order.', (SELECT count(*) FROM bp_product WHERE sku <> ''),
		(SELECT count(*) FROM bp_contact WHERE is_customer), iif((SELECT count(*) FROM bp_order), 'already an', 'no'))")"
	say "The mapping files in data/demo/mappings are the shipped examples. All jobs are on yes; statuses.csv says which"
	say "status follows which, edits are followed, refunds become sales credits, notes go to and from two custom fields."
	[ "$(grep -c '^[a-z_.]*\.enabled,yes' "$store/mappings/settings.csv")" = 9 ] || die "not every job is on yes"
}

say_morning() {
	chapter "2. The morning's run: ./run.sh"
	run_pipeline 65
	check_orders
	say "So of the shop's orders:"
	ask_all "$(<"$home/tests/demo/groups.sql")"
	so "Among them 1216 in euros, 1219 with 120 lines, 1218 with the shopper's message and its emoji, and 1106 of" \
		"SELECT (SELECT currency = 'EUR' FROM there.bp_order WHERE id = $(sale 1216))
		    AND (SELECT count(*) FROM there.bp_order_row WHERE order_id = $(sale 1219) AND product_id > 1000) = 120
		    AND (SELECT value ->> '\$' = 'Please ring twice 🔔' FROM there.bp_order_field WHERE code = 'PCF_CUSTNOTE' AND order_id = $(sale 1218))
		    AND (SELECT email = 'Rosa.Ruiz@Example.COM' COLLATE BINARY FROM there.bc_order WHERE id = 1106)
		    AND (SELECT c.id = 1606 AND c.email = 'rosa.ruiz@example.com' FROM there.bp_contact c
		          WHERE id = (SELECT contact_id FROM there.bp_order WHERE id = $(sale 1106)))"
	say "Rosa.Ruiz@Example.COM, who is the rosa.ruiz@example.com that Brightpearl knows already."
	say "$(ask_all "SELECT printf('%d payments are booked on %d sales orders.', count(*), count(DISTINCT order_id)) FROM there.bp_payment")"
	so "Every sales order has the total of its order, to the penny, and no more paid on it than that." \
		"SELECT count(*) > 40 AND min(o.total = b.total_inc_tax) AND NOT max(o.total < (SELECT coalesce(sum(amount_paid), 0)
		   FROM there.bp_payment p WHERE p.order_id = o.id)) FROM there.bp_order o JOIN there.bc_order b ON o.external_ref = 'BC-' || b.id"
	so "Goods are reserved for all of them, but for 3 teapots: 9 are ordered, 6 are in stock, so the shop sells none." \
		"SELECT (SELECT sum(wanted) FROM ($goods) WHERE sku = 'POT-STEEL') = 9 AND (SELECT sum(wanted - held) FROM ($goods) WHERE wanted > held) = 3
		    AND (SELECT min(sku) = 'POT-STEEL' AND max(sku) = 'POT-STEEL' FROM ($goods) WHERE wanted > held)
		    AND $(teapots 6 6 0)"
}

say_waiting() {
	chapter "3. What waits for a person, and why (./run.sh rejects); the rest went on without it"
	ask_all "$(<"$home/tests/demo/waits.sql")" | fold -s -w 116 | sed 's/^\([^ ]\)/        \1/'
	say "Left out on purpose: $(ask_all "SELECT group_concat(n || ' ' || reason, ', ')
		FROM (SELECT count(*) AS n, replace(replace(reason, 'status ', 'in '), ' (statuses.csv, sync no)', '') AS reason
		        FROM skip WHERE job = 'orders' GROUP BY reason ORDER BY 2)")."
}

# What people do in the two systems; the scripts say how, the query that they did.
day="SELECT (SELECT count(*) = 3 AND count(shipped_on) = 3 AND max(reference = '') = 0 FROM bp_goods_out)
	AND (SELECT group_concat(r.product_id || '=' || r.quantity, ' ') FROM bp_goods_out_row r) = '20001=2 20002=3 20004=2'
	AND (SELECT count(*) FROM bp_order_field WHERE code = 'PCF_STAFFNOTE') = 1
	AND (SELECT in_stock FROM bp_stock WHERE product_id = 20006 AND warehouse_id = 2) = 26
	AND (SELECT quantity FROM bc_order_product WHERE order_id = 1102) = 3
	AND (SELECT count(*) FROM bc_transaction WHERE order_id = 1102) = 2
	AND (SELECT body ->> '$.items[0].item_id' FROM bc_refund WHERE order_id = 1014) = (SELECT id FROM bc_order_product WHERE order_id = 1014)
	AND (SELECT customer_message FROM bc_order WHERE id = 1002) LIKE '%next door%'
	AND (SELECT status_id FROM bc_order WHERE id = 1213) = 5 AND (SELECT status_id FROM bc_order WHERE id = 1007) = 11"
say_day() {
	chapter "4. The merchant's day (tests/demo/day.sql and day.json)"
	merchant sql day.sql
	merchant orders day.json
	sed -i 's/^bigcommerce,brightpearl,note.*/&\nMUG-GREEN,MUG-GRN,/' "$store/mappings/sku_keys.csv"
	grep -q '^MUG-GREEN,MUG-GRN,' "$store/mappings/sku_keys.csv" || die "sku_keys.csv has no line for the green mug"
	[ "$(ask "$day")" = 1 ] || die "the merchant's day did not come about"
	say "In Brightpearl   the tea of order 1001 is shipped, its mug is not; orders 1003 and 1014 are shipped whole; all with" \
		"                 tracking numbers." \
		"                 Somebody writes a staff note on order 1009. Twenty teapots are counted in." \
		"In BigCommerce   order 1102 is edited: three packets of tea, not one, and the rest is paid. A mug of order" \
		"                 1014 arrives broken and is refunded. The customer of 1002 asks to leave the parcel next door." \
		"                 Order 1213 is cancelled. The bank transfer for order 1007 has come in." \
		"In sku_keys.csv  the line that order 1008 waits for is filled in: MUG-GREEN is MUG-GRN in Brightpearl."
}

say_evening() {
	chapter "5. The evening's run: the same command"
	run_pipeline 0
	check_orders
	so "Shop: order 1001 is Partially Shipped, two packets of tea with tracking number RM100100GB." \
		"SELECT count(*) = 1 AND min(body ->> 'tracking_number') = 'RM100100GB' AND min(body ->> '$.items[0].quantity') = 2
		    AND (SELECT status_id FROM there.bc_order WHERE id = 1001) = 3 FROM there.bc_shipment WHERE order_id = 1001"
	so "Shop: order 1003 is Shipped, Express, with tracking number DPD-1003." \
		"SELECT count(*) = 1 AND min(body ->> 'tracking_number') = 'DPD-1003' AND min(body ->> 'shipping_method') = 'Express'
		    AND (SELECT status_id FROM there.bc_order WHERE id = 1003) = 2 FROM there.bc_shipment WHERE order_id = 1003"
	so "Shop: the staff note of order 1009 says: Deliver to the back door before ten" \
		"SELECT staff_notes = 'Deliver to the back door before ten' FROM there.bc_order WHERE id = 1009"
	so "Shop: sixteen teapots are on sale: 26 are in stock, orders have ten of them reserved." "SELECT $(teapots 26 10 16)"
	so "Account: the customer note of order 1002 says: Please leave it next door, at no. 5" \
		"SELECT value ->> '$' = 'Please leave it next door, at no. 5' FROM there.bp_order_field WHERE code = 'PCF_CUSTNOTE' AND order_id = $(sale 1002)"
	so "Account: order 1102 has its three packets, at 23.45, paid by two receipts, and reserved." \
		"SELECT (SELECT total FROM there.bp_order WHERE id = $(sale 1102)) = 234500
		    AND (SELECT count(*) = 2 AND sum(amount_paid) = 234500 FROM there.bp_payment WHERE order_id = $(sale 1102))
		    AND (SELECT sum(quantity) FROM there.bp_reservation_row WHERE order_id = $(sale 1102)) = 3"
	so "Account: the mug refunded on order 1014 is a sales credit of 12.00, paid back." \
		"SELECT count(*) = 1 AND min(c.total) = 120000 AND min(p.type) = 'PAYMENT' AND min(p.amount_paid) = 120000
		   FROM there.bp_order c JOIN there.bp_payment p ON p.order_id = c.id WHERE c.order_type = 'SC' AND c.parent_id = $(sale 1014)"
	so "Account: orders 1007 and 1008 came over; 1007 is paid by BANK, and no order is short of goods any more." \
		"SELECT (SELECT method = 'BANK' FROM there.bp_payment WHERE order_id = $(sale 1007)) AND $(sale 1008) IS NOT NULL
		    AND NOT EXISTS (SELECT 1 FROM ($goods) WHERE wanted > held)"
	so "Account: order 1213 is Cancelled, which set its goods free again." \
		"SELECT (SELECT status_id FROM there.bp_order WHERE id = $(sale 1213)) = 5
		    AND NOT EXISTS (SELECT 1 FROM there.bp_reservation_row WHERE order_id = $(sale 1213))"
}

say_books() {
	local before
	chapter "6. Are both books equal? ./run.sh reconcile --from 2025-03-01 --to 2025-03-31"
	before=$(writes)
	"$program" reconcile --store "$store" --from 2025-03-01 --to 2025-03-31 >"$store/reconcile.txt" 2>>"$log" ||
		{ cat "$store/reconcile.txt" >&2 && die "both systems differ"; }
	sed -n '1p; /^paid, by/,/^$/p' "$store/reconcile.txt" | sed -e 's/^/   /' -e '/^ *$/d'
	[ "$(writes)" = "$before" ] || die "the comparison wrote something"
	so "It read both systems afresh and wrote nothing. What differs is the orders of chapter 3 that still wait, no other." \
		"SELECT differences = 0 AND waiting = (SELECT count(*) FROM reject WHERE job = 'orders' AND closed_at IS NULL AND key LIKE 'order:%')
		   FROM reconcile_run WHERE state = 'done' ORDER BY id DESC LIMIT 1"
}

say_end() {
	local before
	chapter "7. Two last runs"
	before=$(writes)
	run_pipeline 0 >/dev/null
	so "Shop: the sample that order 1213 set free is on sale again. $(($(writes) - before)) write, and that was all there was to do." \
		"SELECT (SELECT sum(onhand) FROM there.bc_stock s JOIN there.bc_product p ON s.variant_id = 500000 + p.id WHERE p.sku = 'SAMPLE-FREE')
		      = (SELECT max(0, in_stock - allocated) FROM there.bp_stock t JOIN there.bp_product p ON p.id = t.product_id
		          WHERE p.sku = 'SAMPLE-FREE' AND t.warehouse_id = 2)"
	before=$(writes)
	run_pipeline 0
	[ "$(writes)" = "$before" ] || die "the last run wrote something"
	check_orders
	say "Nothing to do: $(($(writes) - before)) writes to either system, exit code 0. What waits still does; it was told before."
	chapter "Where to look next"
	say "./run.sh explain order 1211 --store data/demo   one order's whole story; likewise 1001-1016, 1101-1119, 1201-1229" \
		"./run.sh status --store data/demo               the verdict and every stage" \
		"./run.sh rejects --store data/demo              what waits, why, and what would mend it" \
		"data/demo/data/pearlbridge.db                   every record, request and decision, for any SQLite tool" \
		"./run.sh init --store DIR                       begin with a store of your own (README.md)"
}
