#!/bin/bash
# Guests are imported with their e-mail, or not at all with orders.guests=no.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
setting orders.guests no
put_order "[$(order 1 guest@x.example "$mug"),$(order 2 known@x.example "$mug" '"customer":{"id":7,"email":"known@x.example","first_name":"K","last_name":"N"}')]"
run_store 0
expect_eq orders "$(orders_there)" BC-2
expect_has skipped "$(sql_store "SELECT reason FROM skip WHERE key = 'order:1'")" "orders.guests"
setting orders.guests yes
run_store 0
expect_eq orders "$(orders_there)" "BC-1 BC-2"
expect_eq "the guest's contact" "$(sql_sandbox "SELECT first_name, last_name, email FROM bp_contact WHERE email = 'guest@x.example'")" "Ann|Buyer|guest@x.example"
