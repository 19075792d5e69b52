#!/bin/bash
# shipping.csv from Brightpearl: becomes, the default, Brightpearl's own name, carriers, no, (hold), no line; orders that are closed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
setting fulfillment.enabled yes
product 1 MUG
list=''
for i in 1 2 3 4 5 6 7 8 9; do list+=",$(order $i "u$i@x.example" "$(line MUG 1 10.00)")"; done
put_order "[${list:1}]"
sed -i '/^Brightpearl,/d' "$store/mappings/shipping.csv"
mapping shipping.csv 'Brightpearl,Express,yes,Next day,ups,,,'
mapping shipping.csv 'Brightpearl,Standard,yes,,royalmail,royal-mail,,'
mapping shipping.csv 'Brightpearl,Click*,no,,,,,'
mapping shipping.csv 'Brightpearl,Inter*,yes,(hold),,,,'
sql_sandbox "INSERT INTO bp_shipping_method (id, name) VALUES (5, 'Drone')"
run_store 0
ship_note 1 "" A1 2
ship_note 2 "" B1 1
ship_note 3 "" C1 3
collected=$note
ship_note 4 "" D1 4
held=$note
ship_note 5 "" E1 5
none=$note
run_store 65
expect_eq shipments "$(shipments)" "1|MUG=1|A1|Next day
2|MUG=1|B1|Standard"
expect_eq "carriers" "$(sql_sandbox "SELECT group_concat(body ->> 'shipping_provider' || ' ' || (body ->> 'tracking_carrier'), ',') FROM (SELECT * FROM bc_shipment ORDER BY order_id)")" "ups ,royalmail royal-mail"
expect_eq skipped "$(sql_store "SELECT key, reason FROM skip WHERE job = 'fulfillment'")" "shipment:GON$collected|shipping method Click and collect (shipping.csv, sync no)"
expect_eq rejects "$(rejects | sort)" "shipment:GON$held held_by_mapping
shipment:GON$none no_shipping_line"
expect_has "the line that mends it" "$(sql_store "SELECT csv_line FROM reject WHERE reason = 'no_shipping_line'")" "mappings/shipping.csv: Brightpearl,Drone,yes"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0

say "mended mappings let them go"
sed -i 's/(hold)/Abroad/' "$store/mappings/shipping.csv"
mapping shipping.csv 'Brightpearl,*,yes,Post,,,,'
run_store 0
expect_eq "shipments of 4 and 5" "$(shipments | grep '^[45]')" "4|MUG=1|D1|Abroad
5|MUG=1|E1|Post"
expect_eq rejects "$(rejects)" ""

say "goods that left of cancelled, refunded and archived orders are told"
merchant sql "UPDATE bc_order SET status_id = CASE id WHEN 6 THEN 5 WHEN 7 THEN 4 ELSE status_id END, is_deleted = id = 8,
	date_modified = server_time() / 1000 WHERE id IN (6, 7, 8)"
for i in 6 7 8; do ship_note $i "" "X$i"; done
run_store 65
expect_eq "shipments" "$(shipments | grep -c '^[678]')" 0
expect_eq rejects "$(rejects | grep ^shipment | cut -d' ' -f2)" "order_closed
order_closed
order_closed"
expect_eq "archived" "$(sql_store "SELECT message FROM reject WHERE key = 'shipment:GON$note'")" \
	"order 8: goods-out note $note (tracking number X8) shipped 1 of MUG, but the order is archived in BigCommerce"
merchant sql "UPDATE bc_order SET status_id = 11, date_modified = server_time() / 1000 WHERE id = 6"
run_store 0
expect_eq "reopened" "$(shipments | grep '^6')" "6|MUG=1|X6|Standard"

say "plan shows it and sends nothing; yes begins anew, and a person may send what was left"
setting fulfillment.enabled plan
run_store 0
later 5
ship_note 9 "" X9
mark
run_store 0
expect_eq "writes on plan" "$(count_writes)" 0
expect_has "what is said" "$told" "NOTHING SENT: fulfillment is on plan"
run_store 0 plan fulfillment
expect_has "the plan" "$said" X9
setting fulfillment.enabled yes
run_store 0
expect_eq "not by itself" "$(shipments | grep -c X9)" 0
run_store 0 catch-up shipments --from "$(date -u -d '-3 days' +%F)" --confirm 2
expect_eq "shipped then" "$(shipments | grep -c X9)" 1
