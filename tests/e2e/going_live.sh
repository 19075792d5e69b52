#!/bin/bash
# Going live mails nobody about a year of old orders; what Brightpearl was never told of them is carried there; after a lost database all is only recorded.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting orders.start_date 2025-01-01T00:00:00Z
lines=('BigCommerce,Awaiting Fulfillment,yes,,New web order,' 'BigCommerce,Shipped,yes,,Shipped,' 'BigCommerce,*,no,,,'
	'Brightpearl,New*,yes,,Awaiting Fulfillment,' 'Brightpearl,Shipped,yes,,Completed,' 'Brightpearl,*,yes,,,')
statuses_on "${lines[@]}"
for n in notes statuses; do setting $n.to_brightpearl.enabled plan $n.to_bigcommerce.enabled plan; done
product 1 MUG
list=''
for n in $(seq 150); do
	list+=",$(order $n "u$((n % 9))@x.example" "$(line MUG 1 10.00)" "\"created\":\"2025-$(printf '%02d-%02d' $((n % 12 + 1)) $((n % 28 + 1)))T10:00:00Z\"")"
done
put_order "[${list:1}]"
run_store 0
expect_eq "orders brought over before" "$(sql_store "SELECT count(*) FROM link_order")" 150
merchant sql "UPDATE bp_order SET status_id = 21 WHERE substr(external_ref, 4) % 3 = 0; UPDATE bp_order SET updated_on = server_time() / 1000;
	UPDATE bc_order SET status_id = 2, staff_notes = 'old', date_modified = server_time() / 1000 WHERE id % 5 = 0;
	INSERT INTO bp_order_field SELECT id, 'PCF_CUSTNOTE', '\"old\"' FROM bp_order WHERE substr(external_ref, 4) % 7 = 0;"
mails="method <> 'GET' AND (path LIKE '%/shipments' OR path GLOB '/v2/orders/*' AND body LIKE '%status_id%')"
speaks="method <> 'GET' AND (path LIKE '%/shipments' OR path LIKE '%/status' OR path LIKE '%/custom-field' OR path GLOB '/v2/orders/*' OR body LIKE '%orderStatusId%')"

live() {
	notes_on
	statuses_on "${lines[@]}"
	setting fulfillment.enabled yes
}
untouched() { sql_sandbox "SELECT $1(substr(external_ref, 4) + 0) FROM bp_order o JOIN bc_order b ON o.external_ref = 'BC-' || b.id WHERE o.status_id = 2 AND b.status_id = 11"; }
changes() { # ORDER ORDER: one changes here, one there
	bc_status "$1" 2
	bp_status "$2" 21
	field_set "$2" PCF_STAFFNOTE new
	mark
	run_store 0
	expect_eq "statuses that changed since" "$(of_order "$1" status_id)|$(bc_of "$2" status_id)" "21|10"
	expect_eq "a note that changed since" "$(bc_of "$2" staff_notes)" new
	expect_eq "and nothing else" "$(requests "$speaks")" 3
}
say "on plan, then live"
run_store 0
live
mark
run_store 0
expect_eq "shoppers mailed" "$(requests "$mails")" 0
expect_eq "moved in the shop alone, and on both sides" "$(sql_sandbox "SELECT b.id % 3 = 0, group_concat(DISTINCT o.status_id), count(*) FROM bp_order o
	JOIN bc_order b ON o.external_ref = 'BC-' || b.id WHERE b.status_id = 2 GROUP BY 1")" "0|21|20
1|21|10"
expect_eq "old moves of Brightpearl's are listed" "$(sql_store "SELECT count(*) FROM skip WHERE job = 'statuses' AND reason LIKE 'differed%'")" 40
quiet_run "the second run"
changes "$(untouched min)" "$(untouched max)"
quiet_run "afterwards"

say "a lost database finds its orders again, and is as quiet"
rm "$store"/data/pearlbridge.db*
mark
run_store 0
expect_eq "what was said to anyone" "$(requests "$speaks")" 0
expect_eq "orders found" "$(sql_store "SELECT how, count(*) FROM link_order GROUP BY 1")" "found|149" # one of them is Completed now, which no line imports
changes "$(untouched min)" "$(untouched max)"
