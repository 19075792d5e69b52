#!/bin/bash
# Tracking numbers: several, too long, links, waited for, and added to a shipment that was sent without.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
setting fulfillment.enabled yes fulfillment.tracking_wait_hours 0
product 1 MUG
list=''
for i in 1 2 3 4 5 6 7 8 9; do list+=",$(order $i "u$i@x.example" "$(line MUG 2 10.00)")"; done
put_order "[${list:1}]"
run_store 0
field() { sql_sandbox "SELECT replace(body ->> '$2', char(10), '/') FROM bc_shipment WHERE order_id = $1 ORDER BY id DESC LIMIT 1"; }
long=ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ1 # 53

say "several numbers, long ones, a link"
sed -i '/^Brightpearl,\*/d' "$store/mappings/shipping.csv"
mapping shipping.csv 'Brightpearl,*,yes,,,,,'
mapping shipping.csv 'Brightpearl,Express,yes,DHL Express,,dhl,https://t.example/?n={tracking}&x=1,'
ship_note 1 "" "AB 12, CD-34;EF/56"
ship_note 2 "" "$long; 77"
ship_note 3 "" "$long"
ship_note 4 "" "A&B/1" 2
run_store 0
expect_eq "first number, all in the comments" "$(field 1 tracking_number)|$(field 1 comments | cut -d/ -f3-)" "AB12|Tracking: AB12, CD-34, EF/56"
expect_eq "the first that fits" "$(field 2 tracking_number)|$(field 2 comments | cut -d/ -f3-)" "77|Tracking: $long, 77"
expect_eq "none that fits" "$(field 3 tracking_number)|$(field 3 comments | cut -d/ -f3-)" "|Tracking: $long"
expect_has "what is told" "$told" "more than 50 characters"
expect_eq "link, carriers, method" "$(field 4 tracking_link)|$(field 4 tracking_carrier)|$(field 4 shipping_provider)|$(field 4 shipping_method)" \
	"https://t.example/?n=A%26B%2F1&x=1|dhl||DHL Express"

say "late ones go to the shipment that was sent; only the tracking changes"
ship_note 5 MUG=1
early=$note
ship_note 6 ""
run_store 0
expect_eq "sent without" "$(field 5 tracking_number)|$(field 6 tracking_number)" "|"
merchant sql "UPDATE bp_goods_out SET reference = 'LATE5' WHERE id = $early"
mark
run_store 0
expect_eq "writes" "$(sql_sandbox "SELECT method, body FROM request WHERE id > $mark AND method <> 'GET'")" 'PUT|{"tracking_number":"LATE5","tracking_carrier":""}'
expect_eq "tracking, items" "$(field 5 tracking_number)|$(shipments | grep '^5')" "LATE5|5|MUG=1|LATE5|Standard"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
expect_eq "notes read again for a number: the one that has none" "$(requests "path LIKE '%goods-note/goods-out/%'")" 1

say "an answer that is lost; a number corrected a day later; one that somebody else typed in is left"
merchant sql "UPDATE bp_goods_out SET reference = 'LATE6' WHERE id = $note"
fault api=bigcommerce method=PUT path='/v2/orders/*/shipments/*' kind=drop_after
run_store 75
run_store 0
expect_eq "tracking of order 6" "$(field 6 tracking_number)" LATE6
later 1500
merchant sql "UPDATE bp_goods_out SET reference = 'BETTER9' WHERE id IN ($early, $note);
	UPDATE bc_shipment SET body = json_set(body, '\$.tracking_number', 'BY-HAND') WHERE order_id = 6"
run_store 65
expect_eq "corrected, left alone" "$(field 5 tracking_number)|$(field 6 tracking_number)" "BETTER9|BY-HAND"
expect_has "reject" "$(rejects)" "tracking:GON$note/A"
sql_store "UPDATE out_tracking SET state = 'ignored' WHERE state = 'rejected'; UPDATE reject SET closed_at = 1"

say "fulfillment.require_tracking: a shipment waits for its number"
setting fulfillment.require_tracking yes
ship_note 7 ""
run_store 0
expect_eq "waits" "$(shipments | grep '^7')|$(sql_store "SELECT state, waits_for FROM out_shipment WHERE note_id = $note")" \
	"|pending|a tracking number (fulfillment.require_tracking)"
merchant sql "UPDATE bp_goods_out SET reference = 'NOW1' WHERE id = $note"
run_store 0
expect_eq "goes" "$(shipments | grep '^7')" "7|MUG=2|NOW1|Standard"
