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
expect_eq "notes read again for a number: the one that has none" "$(requests "path LIKE '%/order/*/goods-note/goods-out/%'")" 1

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

say "as they are printed: blanks of every kind group one number, line breaks stand between two; a text is none"
printed() { merchant sql "UPDATE bp_goods_out SET reference = $2 WHERE id = $1"; }
put_order "[$(order 11 a@x.example "$(line MUG 1 10.00)"),$(order 12 b@x.example "$(line MUG 1 10.00)"),$(order 13 c@x.example "$(line MUG 1 10.00)")]"
run_store 0
ship_note 11 "" x && printed "$note" "'1Z 4F8' || char(160) || '0R1' || char(9) || '03'"
ship_note 12 "" x && printed "$note" "'9400 1118' || char(13, 10) || '9400 1119, 9400 1118; '"
ship_note 13 "" "COLLECTED, BY CUSTOMER; AB 1"
run_store 0
expect_eq "one" "$(field 11 tracking_number)" 1Z4F80R103
expect_eq "two" "$(field 12 tracking_number)|$(field 12 comments | cut -d/ -f3-)" "94001118|Tracking: 94001118, 94001119"
expect_eq "a number beside texts" "$(field 13 tracking_number)|$(field 13 comments | cut -d/ -f3-)" "AB1|"
expect_has "what is told" "$told" 'no tracking number is "COLLECTED, BY CUSTOMER; AB 1": there is no digit in it, or in a part of it'

say "fulfillment.tracking_wait_hours: so long it waits, then it goes without; untracked methods never"
setting fulfillment.tracking_wait_hours 2
sed -i '/^Brightpearl,\*/d' "$store/mappings/shipping.csv"
mapping shipping.csv 'Brightpearl,*,yes,,,,,,'
mapping shipping.csv 'Brightpearl,Inter*,yes,,,,,,no'
put_order "[$(order 14 d@x.example "$(line MUG 1 10.00)"),$(order 15 e@x.example "$(line MUG 1 10.00)")]"
run_store 0
ship_note 14 "" "SENT BY VAN"
waiting=$note
ship_note 15 "" "" 4
run_store 0
expect_eq "the untracked one is gone" "$(shipments | grep '^1[45]' | cut -d'|' -f1)" 15
expect_has "what it waits for" "$(sql_store "SELECT waits_for FROM out_shipment WHERE note_id = $waiting")" "a tracking number, until 20"
later 130
run_store 0
expect_eq "without, then" "$(shipments | grep '^14')" "14|MUG=1||Standard"

say "fulfillment.require_tracking: a shipment waits for its number"
setting fulfillment.require_tracking yes
ship_note 7 ""
run_store 0
expect_eq "waits" "$(shipments | grep '^7')|$(sql_store "SELECT state, waits_for FROM out_shipment WHERE note_id = $note")" \
	"|pending|a tracking number (fulfillment.require_tracking)"
merchant sql "UPDATE bp_goods_out SET reference = 'NOW1' WHERE id = $note"
run_store 0
expect_eq "goes" "$(shipments | grep '^7')" "7|MUG=2|NOW1|Standard"

say "as in files of earlier versions: no = it never waits"
sed -i '/^fulfillment.tracking_wait_hours/d' "$store/mappings/settings.csv"
setting fulfillment.require_tracking no
ship_note 8 ""
run_store 0
expect_eq "gone at once" "$(shipments | grep '^8')" "8|MUG=2||Standard"
sed -i '/^fulfillment.require_tracking/d' "$store/mappings/settings.csv"
ship_note 9 ""
run_store 0
expect_eq "neither line: the default" "$(shipments | grep -c '^9')" 0
