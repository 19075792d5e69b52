#!/bin/bash
# A window begins an overlap before the newest date seen, and a reading that broke off goes on where it stood: nothing between two windows is missed.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting limits.orders 5000
product 1 MUG
mug=$(line MUG 1 10.00)
put() { # ID SECONDS: it changed so long ago; placed days ago, so that no count of late orders tells of it
	put_order "$(order "$1" "u@x.example" "$mug" '"created":"2026-02-03T10:00:00Z"')"
	merchant sql "UPDATE bc_order SET date_modified = server_time() / 1000 - $2 WHERE id = $1"
}
count() { sql_sandbox "SELECT count(*) FROM bp_order"; }
put 1 60
run_store 0
say "a change that is shown late, dated some minutes before one that was seen"
put 2 560
run_store 0
expect_eq "orders" "$(orders_there)" "BC-1 BC-2"

say "the second page of a first reading cannot be read: the next run goes on with it"
make_store second
setting limits.orders 5000
sql_sandbox "DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bc_order; DELETE FROM bc_order_product"
list=''
for i in $(seq 150); do list+=",$(order "$i" "u@x.example" "$mug")"; done
put_order "[${list:1}]"
sql_sandbox "UPDATE bc_order SET date_modified = date_modified - 60 * id"
fault api=bigcommerce path=/v2/orders nth=2 times=-1 kind=status_before arg=503
run_store 75
expect_eq "watermark" "$(sql_store "SELECT coalesce(done_until, 0) FROM cursor WHERE feed = 'bc_orders'")" 0
sql_sandbox "DELETE FROM fault"
put 200 0
run_store 0
expect_eq "orders" "$(count)" 151

say "the same of a later window"
list=''
for i in $(seq 300 440); do list+=",$(order "$i" "u@x.example" "$mug")"; done
put_order "[${list:1}]"
merchant sql "UPDATE bc_order SET date_modified = server_time() / 1000 - id WHERE id >= 300"
fault api=bigcommerce path=/v2/orders nth=2 times=-1 kind=status_before arg=503
run_store 75
sql_sandbox "DELETE FROM fault"
put 500 0
run_store 0
expect_eq "orders" "$(count)" $((151 + 141 + 1))
