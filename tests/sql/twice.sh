#!/bin/bash
# Each transform run twice on the same staged data gives the same tables; so does one run on rows that
# were inserted in another order, with other query plans, and on an empty outcome.
. "$(dirname "$0")/../e2e/lib.sh"
. "$(dirname "$0")/../e2e/lib_agreed.sh"
start_sandbox
make_store
notes_on
setting statuses.to_brightpearl.enabled yes statuses.to_bigcommerce.enabled yes notes.conflict append
sed -i 's/^BigCommerce,Shipped,.*/BigCommerce,Shipped,yes,,Shipped,/; s/^Brightpearl,\*.*/Brightpearl,Ready to ship,yes,,Awaiting Shipment,\nBrightpearl,*,yes,,,/' "$store/mappings/statuses.csv"
setting payments.enabled plan
for i in 1 2 3 4 5; do product $i SKU-$i; done
contact 501 u1@x.example
contact 502 u1@x.example
mapping sku_keys.csv 'ALIAS,SKU-5,'
RANDOM=42
list=''
for n in $(seq 90); do
	lines=''
	for i in $(seq $((RANDOM % 4 + 1))); do
		lines+=",$(line "SKU-$((RANDOM % 6 + 1))" $((RANDOM % 5 + 1)) "$((RANDOM % 30)).$((RANDOM % 90 + 10))" \
			"\"product_id\":$((RANDOM % 6)),\"name\":\"n\",\"tax_rate\":\"$((RANDOM % 7 ? 20 : 3))\"")"
	done
	list+=",$(order $n "u$((RANDOM % 12))@x.example" "${lines:1}" "\"inclusive\":$([ $((RANDOM % 2)) = 0 ] && echo true || echo false),
		\"status_id\":$((RANDOM % 5 ? 11 : 9)),\"discount\":\"0.$((RANDOM % 3))\",\"shipping_cost\":\"$((RANDOM % 5)).95\"")"
done
put_order "[${list:1}]"
put_order "$(order 99 '' "$(line SKU-1 1 10.00)")"
run_store 65 # some are sent, some rejected
expect_eq "there is something to compare" "$(sql_store "SELECT (SELECT count(*) > 20 FROM out_order), (SELECT count(*) > 5 FROM reject WHERE closed_at IS NULL), (SELECT count(*) > 0 FROM link_customer WHERE how = 'found')")" "1|1|1"
setting customers.enabled plan orders.enabled plan orders.edits update
list='' # edits, of orders that may follow and of some that may not
for n in $(sql_store "SELECT order_id FROM out_order WHERE state = 'done' ORDER BY 1 LIMIT 12"); do
	list+=",$(order $n u1@x.example "$(line SKU-1 7 3.00 '"name":"n"'), $(line SKU-2 1 $n.00)")"
done
put_order "[${list:1}]"
sql_sandbox "UPDATE bp_order SET invoice_ref = 'SI-1' WHERE external_ref IN (SELECT external_ref FROM bp_order ORDER BY id LIMIT 4)"
setting fulfillment.enabled plan fulfillment.start_date 2020-01-01T00:00:00Z
for n in $(sql_sandbox "SELECT substr(external_ref, 4) FROM bp_order ORDER BY id DESC LIMIT 16"); do
	ship_note "$n" "$([ $((n % 2)) = 0 ] && sql_sandbox "SELECT p.sku || '=1' FROM bp_row_goods g JOIN bp_product p ON p.id = g.product_id JOIN bp_order o ON o.id = g.order_id WHERE o.external_ref = 'BC-$n' LIMIT 1")" "T$n"
done
for n in notes statuses; do setting $n.to_brightpearl.enabled plan $n.to_bigcommerce.enabled plan; done
setting statuses.to_bigcommerce.enabled yes limits.statuses 0 # a pause would begin it anew; the brake holds them
sql_sandbox "UPDATE bc_order SET status_id = 2, staff_notes = 'here', date_modified = $(now) WHERE id % 3 = 0;
	INSERT INTO bp_order_field SELECT id, 'PCF_STAFFNOTE', '\"there\"' FROM bp_order WHERE id % 2;
	UPDATE bp_order SET status_id = iif(id % 5 = 0, 19, status_id), updated_on = $(now)"
list=''
for n in $(seq 101 140); do
	list+=",$(order $n "w$((RANDOM % 12))@x.example" "$(line "SKU-$((RANDOM % 6 + 1))" 2 "$((RANDOM % 30)).$((RANDOM % 90 + 10))" '"name":"n"')" "\"status_id\":$((RANDOM % 4 + 8))")"
done
for n in 141 142 143; do # contacts that exist, found and created, and should follow
	list+=",$(order $n "u$((n - 140))@x.example" "$(line SKU-1 1 10.00 '"name":"n"')" "\"customer\":{\"id\":7,\"email\":\"u$((n - 140))@x.example\",\"first_name\":\"Newer\",\"last_name\":\"Name\"}")"
done
put_order "[${list:1}]"
run_store 65 # and some wait, pending; edits are news
fault api=bigcommerce kind=status_before arg=401 times=-1
run_store 77 # a run that stays open, so that its stages can be run by themselves

tables="out_shipment out_tracking agreed out_note out_status out_order_note out_customer out_order out_payment link_customer link_order reject skip map_settings map_statuses map_sales map_shipping map_payments
	map_warehouses map_stock map_sku_keys map_taxes map_complaint ref_list ref_bp_product ref_bc_product stg_bc_order stg_bc_order_line"
dump() { for t in $tables; do sql_store "SELECT '$t', * FROM $t ORDER BY 2, 3, 4"; done; }
# the same without what tells when: ids of rejects, times and runs
timeless() {
	sql_store "SELECT * FROM skip ORDER BY 1, 2" "SELECT job, key, reason, message, hint, csv_line, by_load FROM reject WHERE closed_at IS NULL ORDER BY 1, 2, 3" \
		"SELECT key, body, state, sent, waits_for, total, channel_id, source_sha256, agreed, edit FROM out_order ORDER BY 1" "SELECT key, body, state FROM out_order_note ORDER BY 1" "SELECT key, body, state, agreed, source_at, remote_id FROM out_customer ORDER BY 1" \
		"SELECT email, contact_id, how FROM link_customer ORDER BY 1" \
		"SELECT key, body, state, waits_for, left_out FROM out_shipment ORDER BY 1" \
		"SELECT key, target, source, merged, value, body, state FROM out_note ORDER BY 1" "SELECT key, target, source, value, body, state FROM out_status ORDER BY 1"
}
stage() { PEARLBRIDGE_RUN=$(open_run) "$build/pearlbridge" stage --store "$store" "$1" >"$work/told" 2>&1 || bad "$1 ended with $?: $(tail -n 3 "$work/told")"; }

for transform in reference.transform customers.transform orders.transform payments.transform notes.transform fulfillment.transform statuses.transform; do
	stage $transform
	dump >"$work/once"
	stage $transform
	dump >"$work/twice"
	expect_eq "$transform run twice" "$(diff "$work/once" "$work/twice" | head -n 20)" ""
done
expect_eq "contacts that follow" "$(sql_store "SELECT count(*) FROM out_customer WHERE state = 'pending' AND remote_id IS NOT NULL")" 3
expect_eq "notes and statuses that are pending, each way" "$(sql_store "SELECT (SELECT count(DISTINCT target) FROM out_note WHERE state = 'pending'), (SELECT count(DISTINCT target) FROM out_status WHERE state = 'pending')")" "2|2"
expect_eq "rows that are pending" "$(sql_store "SELECT count(*) > 10 FROM out_order WHERE state = 'pending'")" 1
expect_eq "shipments that are pending" "$(sql_store "SELECT count(*) > 5 FROM out_shipment WHERE state = 'pending'")" 1
timeless >"$work/golden"

say "staged again in another order, with statistics that change the query plans"
for seed in 1 2 3; do
	for t in stg_bc_order stg_bc_order_line stg_bc_order_address stg_bc_order_fee stg_bp_contact stg_bp_contact_data stg_bp_order stg_bp_sale stg_bp_sale_row stg_bp_sale_field stg_bp_goods_out_note stg_bp_goods_out_row link_order agreed ref_bp_product ref_bc_product ref_list map_taxes map_sales map_statuses; do
		echo "CREATE TEMP TABLE x AS SELECT * FROM $t; DELETE FROM $t; INSERT INTO $t SELECT * FROM x ORDER BY random(); DROP TABLE x;"
	done | sql_store "PRAGMA foreign_keys = OFF" ".read /dev/stdin"
	[ $seed = 1 ] || sql_store "ANALYZE"
	[ $seed != 3 ] || sql_store "CREATE INDEX another ON stg_bc_order_line(sku_fold, order_id); CREATE INDEX more ON stg_bc_order(status_id); ANALYZE"
	# what was not sent yet is made anew
	sql_store "DELETE FROM out_order WHERE state IN ('pending', 'rejected') AND remote_id IS NULL; DELETE FROM out_order_note WHERE state = 'pending'; DELETE FROM out_customer WHERE state IN ('pending', 'rejected') AND sent IS NULL;
		DELETE FROM skip; DELETE FROM reject; DELETE FROM link_customer WHERE how = 'found' AND email IN (SELECT email FROM order_choice WHERE skipped IS NULL)"
	sql_store "DELETE FROM out_note; DELETE FROM out_status WHERE state = 'pending'; DELETE FROM out_shipment"
	for s in customers orders notes fulfillment statuses; do stage $s.transform; done
	timeless >"$work/shuffled"
	expect_eq "the outcome, shuffle $seed" "$(diff "$work/golden" "$work/shuffled" | head -n 20)" ""
done
