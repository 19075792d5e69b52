#!/bin/bash
# Another shop uses our reference: told at the first run, on plan too; its orders, parcels and payments are not ours.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
product 1 MUG
mug=$(line MUG 1 10.00)
make_store cups
setting payments.enabled yes fulfillment.enabled yes
put_order "$(order 1042 ann@x.example "$mug" '"paid":{"id":77}')"
run_store 0
expect_eq "nothing is said to the first shop" "$(rejects)" ""

say "a second shop of the account, on plan: told before anything is sent"
sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bc_order_address; DELETE FROM bc_transaction"
switch bc_store_hash zzz999
make_store plates
env_line BIGCOMMERCE_STORE_HASH zzz999
setting payments.enabled yes fulfillment.enabled yes orders.enabled plan customers.enabled plan
zoe='"customer":{"email":"zoe@y.example","first_name":"Zoe","last_name":"Other"},"billing":{"first_name":"Zoe","last_name":"Other","street_1":"9 Elm","city":"York","zip":"YO1","country":"United Kingdom","country_iso2":"GB"}'
put_order "$(order 1042 zoe@y.example "$mug" "\"created\":\"2026-05-20T10:00:00Z\",$zoe,\"paid\":{\"id\":901}")"
mark
run_store 0
expect_has "what is told" "$told" "1 of Brightpearl's sales orders have a reference that begins with BC- and a number (BC-1042 is sales order $(of_order 1042 id))"
expect_eq "writes" "$(count_writes)" 0

say "sent all the same: the order whose number is taken waits, another goes"
setting orders.enabled yes customers.enabled yes
put_order "$(order 1043 zoe@y.example "$mug" "\"created\":\"2026-05-20T11:00:00Z\",$zoe")"
run_store 65
expect_no "told once" "$told" "setting:orders.reference"
expect_eq "rejects" "$(rejects)" "order:1042 already_there"
expect_eq "links" "$(sql_store "SELECT order_id, how FROM link_order")" "1043|created"
ship_note 1042 "" ANNS-PARCEL
run_store 65
expect_eq "shipments" "$(shipments)" ""
expect_has "Ann's parcel is told" "$(rejects)" "shipment:GON$note stranger_shipped"
expect_eq "payments of the taken order" "$(payments 1042 | wc -l)" 1
run_store 0 ignore "shipment:GON$note" --why "it is the cups' Ann's"
run_store 0
expect_eq "rejects" "$(rejects)" "order:1042 already_there"

say "with a prefix of its own from the start nothing is taken"
make_store bowls
env_line BIGCOMMERCE_STORE_HASH zzz999
setting orders.reference BOWL-
run_store 0
expect_eq "rejects" "$(rejects)" ""
expect_no "told" "$told" "setting:orders.reference"
expect_eq "orders" "$(sql_sandbox "SELECT group_concat(external_ref, ' ') FROM (SELECT external_ref FROM bp_order ORDER BY 1)")" "BC-1042 BC-1043 BOWL-1042 BOWL-1043"
