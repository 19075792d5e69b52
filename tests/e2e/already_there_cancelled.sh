#!/bin/bash
# A sales order that is ours but cancelled is not taken for an order that the shop did not call off; what was sent and whose answer was lost is ours, made by us.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting payments.enabled yes
sed -i 's/^BigCommerce,Refunded,no,/BigCommerce,Refunded,yes,/' "$store/mappings/statuses.csv"
product 1 MUG
contact 501 ann@x.example
mine='"addressFullName":"Ann Buyer","postalCode":"LS1 1AA","email":"ann@x.example"'
there() { # ID STATUS
	sql_sandbox "INSERT INTO bp_order (external_ref, ref, contact_id, channel_id, total, total_net, status_id, placed_on, created_on, billing_address)
		VALUES ('BC-$1', 'BC-$1', 501, 2, 100000, 100000, $2, 1770112800, $(now), '{$mine}') RETURNING id"
}
orders() { # LIST OF ID[:MORE]
	local list='' i
	for i in "$@"; do list+=",$(order "${i%%:*}" ann@x.example "$(line MUG 1 10.00)" "\"paid\":{\"id\":${i%%:*}1}${i#"${i%%:*}"}")"; done
	put_order "[${list:1}]"
}
links() { sql_store "SELECT order_id, sales_order_id, how FROM link_order ORDER BY 1"; }

say "cancelled there, paid and open in the shop: refused, told with both; refunded in the shop: taken"
one=$(there 1 5) two=$(there 2 5) three=$(there 3 1) four=$(there 4 5)
orders 1 2 3
put_order "$(order 4 ann@x.example "$(line MUG 1 10.00)" '"status_id":4')"
run_store 65
expect_eq "links" "$(links)" "3|$three|found
4|$four|found"
expect_eq "rejects" "$(rejects | grep ^order)" "order:1 already_there
order:2 already_there"
expect_eq "message" "$(sql_store "SELECT message FROM reject WHERE key = 'order:1'")" \
	"Brightpearl order $one has the reference BC-1 and is order 1 (10.00 GBP), but is cancelled there, and in BigCommerce the order is not"
expect_has "hint" "$(sql_store "SELECT hint FROM reject WHERE key = 'order:1'")" "reopen it in Brightpearl, or change its reference there"
expect_eq "sent anew" "$(requests "method = 'POST' AND path LIKE '/order-service/sales-order%'")" 0
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0

say "reopened, or its reference changed: retry takes the one and sends the other anew"
later 5
merchant sql "UPDATE bp_order SET status_id = 1, version = version + 1, updated_on = server_time() / 1000 WHERE id = $one;
	UPDATE bp_order SET external_ref = 'old BC-2', ref = 'old BC-2', version = version + 1, updated_on = server_time() / 1000 WHERE id = $two"
run_store 0 retry order:1
run_store 0 retry order:2
run_store 0
expect_eq "links" "$(links | head -n 2 | cut -d'|' -f1,3)" "1|found
2|created"
expect_eq "order 1 is" "$(links | head -n 1 | cut -d'|' -f2)" "$one"
expect_eq "order 2 is" "$(links | sed -n 2p | cut -d'|' -f2)" "$(of_order 2 id)"
expect_eq "rejects" "$(rejects | grep ^order)" ""

say "the link was taken back from one that staff cancelled: it is not linked again untold"
merchant sql "UPDATE bp_order SET status_id = 5, version = version + 1, updated_on = server_time() / 1000 WHERE id = $three"
later 5
run_store 0 link order 3 none --why "cancelled by mistake"
run_store 65
expect_eq "rejects" "$(rejects | grep ^order)" "order:3 already_there"
expect_eq "links" "$(links | grep -c '^3')" 0
run_store 0 ignore order:3 --why "it stays cancelled"
run_store 0

say "the answer was lost: made by us, whatever the books count it as"
fault api=brightpearl method=POST path=/order-service/sales-order/ kind=drop_after
orders 11
code=0
"$build/pearlbridge" --store "$store" >/dev/null 2>&1 || code=$?
[ $code = 0 ] || { later 20 && run_store 0; }
expect_eq "struck" "$(fired)" 1
expect_eq "link" "$(links | tail -n 1)" "11|$(of_order 11 id)|created"
expect_eq "orders with its reference" "$(sql_sandbox "SELECT count(*) FROM bp_order WHERE external_ref = 'BC-11'")" 1
