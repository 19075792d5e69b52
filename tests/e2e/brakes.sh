#!/bin/bash
# limits.orders and limits.contacts: too many send nothing (65) and say how to allow it once; no, plan, yes.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
setting limits.orders 3
for i in 1 2 3 4; do put_order "$(order $i a@x.example "$(line MUG 1 10.00)")"; done
run_store 65
expect_eq "orders" "$(orders_there)" ""
expect_has "what to do" "$told$said" "--allow-large"
expect_has "what to do" "$told$said" "limits.orders"
run_store 65
run_store 0 --allow-large orders
expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 4
put_order "[$(for i in 5 6 7; do order $i "c$i@x.example" "$(line MUG 1 10.00)"; [ $i = 7 ] || echo ,; done)]"
setting limits.contacts 2
mark
run_store 65
expect_eq "writes" "$(count_writes)" 0
expect_has "what to do" "$told$said" "limits.contacts"
setting limits.contacts 3
run_store 0
expect_eq "orders at the limit" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 7

say "plan: everything but the sending"
put_order "$(order 8 p@x.example "$(line MUG 2 10.00)" '"shipping_cost":"3.95"')"
mark
run_store 0 plan
expect_eq "writes of ./run.sh plan" "$(count_writes)" 0
expect_has "what ./run.sh plan warns" "$told" "NOTHING SENT"
expect_has "./run.sh plan" "$said" "NOTHING SENT"
for part in BC-8 'externalRef: BC-8' 'rows[0].quantity: 2' 'p@x.example' 'priceModeCode: INC' 'placedOn: 2026-02-03T10:00:00Z'; do
	expect_has "./run.sh plan" "$said" "$part"
done
run_store 0 plan customers
expect_no "./run.sh plan customers" "$said" externalRef
setting orders.enabled plan
mark
run_store 0
expect_eq "orders sent on plan" "$(requests "path LIKE '/order-service/%' AND method <> 'GET'")" 0
expect_has "what is said" "$told$said" "NOTHING SENT: orders is on plan"
setting customers.enabled plan
put_order "$(order 9 q@x.example "$(line MUG 1 10.00)")"
mark
run_store 0
expect_eq "writes with both on plan" "$(count_writes)" 0
setting customers.enabled no orders.enabled no
mark
run_store 0
expect_eq "writes with both on no" "$(count_writes)" 0
expect_eq "orders read with both on no" "$(requests "path LIKE '/v2/orders%'")" 0
setting customers.enabled yes orders.enabled yes
run_store 0
expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 9
expect_exact
