# Sourced by the sweeps after lib_sweep.sh: a flavour in which every job has something to do.
#
#   prepare_day FLAVOUR "MINUTES..." [SWITCH=VALUE]...
#
# A first run, an hour ($ago seconds) ago, brought eight orders over.  Since then the merchant shipped, noted, changed
# statuses and stock in Brightpearl; in BigCommerce orders were placed, edited, refunded, noted.

all_on() { # STORE: every job on yes, with the mappings that make them do something
	sed -i -e 's/^\([a-z_.]*\.enabled\),[a-z]*/\1,yes/' -e 's/^notes.customer_field,/&PCF_CUSTNOTE/' \
		-e 's/^orders\.start_date,,/orders.start_date,2026-01-01T00:00:00Z,/' \
		-e 's/^notes.staff_field,/&PCF_STAFFNOTE/' -e 's/^payments.refunds,off/payments.refunds,credit/' \
		-e 's/^orders.edits.lines,note/orders.edits.lines,update/' "$1/mappings/settings.csv"
	sed -i -e 's/^\(BigCommerce,Awaiting Shipment,yes,,\)(leave)/\1Ready to ship/' \
		-e 's/^Brightpearl,\*,/Brightpearl,Shipped,yes,,Shipped,\n&/' "$1/mappings/statuses.csv"
}

day_first() {
	local n list=''
	for n in 1 2 3 4 5 6 7 8; do
		list+=",$(order 200$n $((n % 3)) c$((n % 3)) "$mug,$tea" 11)"
	done
	echo "[${list:1}]"
}
day_second() { # edited: another quantity; refunded; placed since: one moved house, one goes to two addresses
	local edited='{"sku":"MUG","quantity":5,"price":"10.00"}'
	echo "[$(order 2006 0 c0 "$edited,$tea" 11), $(order 2008 2 c2 "$mug,$tea" 14 |
		sed 's/^{/{"refunds":[{"reason":"broken","total_amount":10.00,"items":[{"item_type":"ORDER","item_id":2008,"quantity":1,"requested_amount":10.00}],"payments":[{"id":91,"provider_id":"credit_card","amount":10.00,"offline":false,"is_declined":false}]}],/'),
	$(order 2011 1 c1 "$tea" 11 | sed 's/2011 High St/1 New House/; s/2026-01-0[0-9]/2026-01-20/'),
	$(order 2012 0 new "$mug" 11 | sed 's/^{/{"shipping":[{"street_1":"1 A St","city":"Leeds","country_iso2":"GB","country":"United Kingdom"},{"street_1":"2 B St","city":"York","country_iso2":"GB","country":"United Kingdom"}],/; s/"price":"10.00"}/&,{"sku":"TEA","quantity":1,"price":"4.50","address":1}/')]"
}
day_acts="
INSERT INTO bp_goods_out (id, order_id, reference, shipping_method_id, created_on, shipped_on)
	SELECT 600001, id, 'TRACK1', 1, server_time() / 1000, server_time() / 1000 FROM bp_order WHERE external_ref = 'BC-2001';
INSERT INTO bp_goods_out (id, order_id, reference, shipping_method_id, created_on, shipped_on)
	SELECT 600002, id, 'TRACK2', 2, server_time() / 1000, server_time() / 1000 FROM bp_order WHERE external_ref = 'BC-2002';
INSERT INTO bp_goods_out_row (note_id, row_id, product_id, quantity)
	SELECT n.id, g.row_id, g.product_id, iif(n.id = 600001, g.wanted, 1) FROM bp_goods_out n JOIN bp_row_goods g ON g.order_id = n.order_id
	 WHERE g.goods AND (n.id = 600001 OR g.product_id = 1007);
UPDATE bp_order SET status_id = 21, updated_on = server_time() / 1000 WHERE external_ref IN ('BC-2001', 'BC-2003');
REPLACE INTO bp_order_field SELECT id, 'PCF_STAFFNOTE', json_quote('leave with neighbour') FROM bp_order WHERE external_ref = 'BC-2004';
UPDATE bp_order SET updated_on = server_time() / 1000 WHERE external_ref = 'BC-2004';
UPDATE bc_order SET status_id = 9, staff_notes = 'call first', date_modified = server_time() / 1000 WHERE id = 2005;
UPDATE bp_stock SET in_stock = in_stock - 7;"

prepare_day() { # FLAVOUR "MINUTES..." [SWITCH=VALUE]...
	local flavour=$1 switch
	minutes[$flavour]=$2
	shift 2
	mkdir -p "$work/$flavour/sb"
	{
		echo "$shop_sql INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1007, 2, 100), (1008, 2, 8);"
		for switch in bp_quota=0 bc_quota=0 clock_offset_s=-${ago:-3600} "$@"; do
			echo "UPDATE switch SET value = '${switch#*=}' WHERE name = '${switch%%=*}';"
		done
	} >"$work/shop.sql"
	day_first >"$work/orders.json"
	"$build/sandbox" "$work/$flavour/sb" --init-only --sql "$work/shop.sql" --order "$work/orders.json" || exit 1
	init_store "$work/$flavour/store"
	rm "$work/$flavour/store/.env"
	all_on "$work/$flavour/store"
	serve "$work/$flavour/sb"
	PEARLBRIDGE_CLOCK_OFFSET=-${ago:-3600} client "$work/$flavour"
	[[ " 0 65 " == *" $? "* ]] || echo "--- the first run of $flavour failed: $(tail -n 3 "$work/$flavour/store/log")"
	unserve
	echo "UPDATE switch SET value = 0 WHERE name = 'clock_offset_s'; $day_acts DELETE FROM request;" >"$work/acts.sql"
	touch "$work/$flavour/volatile"
	day_second | sed "s/\"created\":/\"modified\":$EPOCHSECONDS,&/g" >"$work/more.json"
	"$build/sandbox" "$work/$flavour/sb" --init-only --sql "$work/acts.sql" --order "$work/more.json" || exit 1
	rm -f "$work/$flavour/store/log"
	golden "$flavour" "$work/copy.0" PEARLBRIDGE_STEP_TRACE="$work/$flavour.trace" >"$work/$flavour.golden"
	again "$flavour" "$work/copy.0"
	[ "${every:-1}" = 1 ] || writes_of "$work/$flavour.trace" >"$work/$flavour.points"
}

# The points around each write: before and after it, and the commits beside it.
writes_of() { # TRACE
	awk '/^(before|after) (POST|PUT|PATCH) / { print NR - 1; print NR; print NR + 1 }' "$1" | sort -nu
}
