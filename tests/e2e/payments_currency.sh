#!/bin/bash
# On a sales order that was linked or found, money goes by that one's currency and rate; link minds the currency, too.
. "$(dirname "$0")/lib.sh"
mug=$(line MUG 1 10.00)
euro() { printf '"paid":{"id":%d1},"currency":"EUR","raw":{"store_default_currency_code":"GBP","store_default_to_transactional_exchange_rate":"1.1627906977"}' "$1"; }
sale() { # ID REFERENCE: in EUR
	sql_sandbox "INSERT INTO bp_order (id, external_ref, ref, contact_id, channel_id, total, total_net, payment_status, placed_on, created_on, currency, exchange_rate)
		VALUES ($1, $2, 'by hand', 501, 2, 100000, 100000, 'UNPAID', 1770112800, 1770112800, 'EUR', 860000)"
}
start_sandbox
make_store
product 1 MUG
contact 501 a@x.example
sale 702 "'BC-2'"; sale 703 NULL; sale 704 NULL
put_order "[$(order 2 a@x.example "$mug" "$(euro 2)"), $(order 3 a@x.example "$mug" "$(euro 3)"), $(order 4 a@x.example "$mug" '"paid":{"id":41}')]"
setting orders.enabled plan
run_store 0
run_store 0 link order 3 703
run_store 64 link order 4 704
expect_has "what it says" "$told" "order 4 is in GBP, sales order 704 in EUR: if they belong together all the same, say --force"
run_store 0 link order 4 704 --force
setting orders.enabled yes payments.enabled yes
run_store 65
expect_eq "payments" "$(sql_sandbox "SELECT order_id, currency, exchange_rate FROM bp_payment ORDER BY 1")" "702|EUR|860000
703|EUR|860000"
expect_eq "rejects" "$(rejects)" "payment:4:41 other_currency"
mark
run_store 0
expect_eq "writes of one more run" "$(count_writes)" 0
