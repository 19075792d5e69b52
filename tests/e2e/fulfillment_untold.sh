#!/bin/bash
# Goods that left and that BigCommerce cannot be told of are a reject, once: substitutes, too many, sent twice, taken back; a shipment deleted there and shipped again is carried.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting fulfillment.enabled yes
product 1 MUG && product 2 TEA
list=''
for n in $(seq 12); do list+=",$(order $n "u$n@x.example" "$(line MUG 2 10.00)")"; done
put_order "[${list:1}]"
run_store 0
sale() { printf "(SELECT id FROM bp_order WHERE external_ref = 'BC-%d')" "$1"; }
told_of() { sql_store "SELECT message FROM reject WHERE closed_at IS NULL AND key = 'shipment:GON$1'"; }

say "another product, as a row of its own, or in our row"
merchant sql "DELETE FROM bp_order_row WHERE order_id = $(sale 1) AND product_id = 1001;
	INSERT INTO bp_order_row (order_id, product_id, name, quantity, net, tax) SELECT id, 1002, 'TEA', 20000, 166700, 33300 FROM bp_order WHERE external_ref = 'BC-1';
	UPDATE bp_order_row SET product_id = 1002, name = 'TEA' WHERE order_id = $(sale 2) AND product_id = 1001"
bp_touch 1 && bp_touch 2
ship_note 1 "" SUBST1
one=$note
ship_note 2 "" SUBST2
run_store 65
expect_eq "a row of its own" "$(told_of "$one")" "order 1: goods-out note $one (tracking number SUBST1) shipped 2 of TEA; BigCommerce was not told of 2 of TEA (it is not on the order in BigCommerce)"
expect_eq "in our row" "$(told_of "$note")" "order 2: goods-out note $note (tracking number SUBST2) shipped 2 of TEA; BigCommerce was not told of 2 of TEA (it is not on the order in BigCommerce)"
run_store 0
expect_eq "told once, and not forgotten" "$(rejects | wc -l)" 2
run_store 0 ignore "shipment:GON$one" --why "the shopper was told"
quiet_run "one is settled"
expect_eq "the other stays" "$(rejects)" "shipment:GON$note not_told"
ship_by_hand 2 MUG 2
run_store 0
expect_eq "shipped there by hand: closes by itself" "$(rejects)" ""

say "more than was ordered: what was goes, the rest is told, also when it leaves later"
merchant sql "UPDATE bp_order_row SET quantity = 50000 WHERE order_id = $(sale 3) AND product_id = 1001"
bp_touch 3
ship_note 3 MUG=3 MORE1
run_store 65
expect_eq "shipment" "$(shipments | grep '^3')" "3|MUG=2|MORE1|Standard"
expect_eq "told" "$(told_of "$note")" "order 3: goods-out note $note (tracking number MORE1) shipped 3 of MUG; BigCommerce was not told of 1 of MUG (no more of it is left to ship in BigCommerce)"
ship_note 3 "" MORE2
run_store 65
expect_has "the later ones" "$(told_of "$note")" "(tracking number MORE2) shipped 2 of MUG; BigCommerce was not told of 2 of MUG"
quiet_run "told once"
expect_eq "both stay" "$(rejects | wc -l)" 2
sql_store "SELECT key FROM reject WHERE closed_at IS NULL" | while read -r key; do run_store 0 ignore "$key" --why known; done

say "a copy of the order, sent again for a lost parcel"
ship_note 4 "" FIRST4
run_store 0
copy() { # ORDER: a sales order made from it
	merchant sql "INSERT INTO bp_order (contact_id, ref, parent_id, status_id, channel_id, created_on, price_mode)
		SELECT contact_id, ref, id, 17, channel_id, server_time() / 1000, price_mode FROM bp_order WHERE external_ref = 'BC-$1';
		INSERT INTO bp_order_row (order_id, product_id, name, quantity) SELECT max(id), 1001, 'MUG', 20000 FROM bp_order"
	copied=$(sql_sandbox "SELECT max(id) FROM bp_order")
}
copy 4
ship_note "#$copied" "" AGAIN4
run_store 65
expect_has "told" "$(told_of "$note")" "order 4: goods-out note $note (tracking number AGAIN4) shipped 2 of MUG; BigCommerce was not told of 2 of MUG"
run_store 0 ignore "shipment:GON$note" --why known

say "a copy that ships instead of the order, which stands or is cancelled: carried; what the order ships then is too much"
copy 11
ship_note "#$copied" "" COPY11
copy 12
bp_status 12 5
ship_note "#$copied" "" COPY12
run_store 0
expect_eq "carried" "$(shipments | grep '^1[12]')" "11|MUG=2|COPY11|Standard
12|MUG=2|COPY12|Standard"
ship_note 11 "" BOTH11
run_store 65
expect_has "told" "$(told_of "$note")" "(tracking number BOTH11) shipped 2 of MUG; BigCommerce was not told of 2 of MUG"
run_store 0 ignore "shipment:GON$note" --why known

for how in "" quietly; do
	n=$([ "$how" ] && echo 6 || echo 5)
	say "deleted in BigCommerce (${how:-openly}) and shipped again in Brightpearl: carried"
	ship_note $n "" "OLD$n"
	run_store 0
	later 30
	run_store 0
	unship_there $n "$how"
	run_store 0
	expect_eq "nothing by itself" "$(shipments | grep -c "^$n")" 0
	copy $n
	ship_note "#$copied" "" "NEW$n"
	mark
	run_store 0
	expect_eq "carried" "$(shipments | grep "^$n")" "$n|MUG=2|NEW$n|Standard"
	quiet_run "once"
done
say "where its goods still count as shipped, BigCommerce refuses it, and it is told"
ship_note 7 "" OLD7
run_store 0
later 30
run_store 0
unship_there 7 counted
copy 7
ship_note "#$copied" "" NEW7
run_store 65
expect_has "told" "$(rejects)" "shipment:GON$note/A"
run_store 0 ignore "$(rejects | cut -d' ' -f1)" --why known

say "the same note is shipped again: another shipment, with a mark of its own"
ship_note 8 "" OLD8
run_store 0
later 30
run_store 0
unship_there 8
merchant sql "UPDATE bp_goods_out SET shipped_on = server_time() / 1000, reference = 'NEW8', version = version + 1 WHERE id = $note"
run_store 0
expect_eq "carried" "$(shipments | grep '^8')" "8|MUG=2|NEW8|Standard"
expect_has "its mark" "$(sql_sandbox "SELECT body ->> 'comments' || '.' FROM bc_shipment WHERE order_id = 8")" "/2."
quiet_run "once"

say "told as shipped, then taken back in Brightpearl: a reject, until the shipment is deleted or it is ignored"
ship_note 9 "" BACK9
back=$note
ship_note 10 "" GONE10
run_store 0
merchant sql "UPDATE bp_goods_out SET shipped_on = NULL WHERE id = $back; DELETE FROM bp_goods_out_row WHERE note_id = $note; DELETE FROM bp_goods_out WHERE id = $note"
later 1500
run_store 65
expect_eq "told" "$(sql_store "SELECT message FROM reject WHERE closed_at IS NULL ORDER BY key" | sed 's/by shipment [0-9]*/by shipment N/')" \
	"order 9: goods-out note $back, of which BigCommerce was told by shipment N (tracking number BACK9), is not shipped any more in Brightpearl
order 10: goods-out note $note, of which BigCommerce was told by shipment N (tracking number GONE10), is no longer in Brightpearl"
run_store 0
unship_there 9
run_store 0
expect_eq "deleted there: closed" "$(rejects)" "$(sql_store "SELECT 'shipment:' || key FROM out_shipment WHERE order_id = 10") not_shipped_now"
run_store 0 ignore "$(rejects | cut -d' ' -f1)" --why "it was right"
quiet_run "settled"
expect_eq rejects "$(rejects)" ""
