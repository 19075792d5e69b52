#!/bin/bash
# Brightpearl has an order with our reference already: adopted if type, channel, total, buyer and day agree, else told.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
contact 501 ann@x.example
there() { # ID TOTAL [more columns, values]
	sql_sandbox "INSERT INTO bp_order (external_ref, instance_id, ref, contact_id, channel_id, total, total_net, placed_on, created_on${3:+, $3})
		VALUES ('BC-$1', NULL, 'BC-$1', 501, 2, $2, $2, 1770116400, 1770112800${4:+, $4})"
}
there 1 100000
there 2 100100
there 3 100000 order_type "'SC'"
there 4 100000
sql_sandbox "UPDATE bp_order SET channel_id = 3 WHERE external_ref = 'BC-4'"
sql_sandbox "INSERT INTO bp_order (ref, contact_id, channel_id, total, total_net) VALUES ('BC-5', 501, 2, 100000, 100000)"
there 6 999999
there 6 100000
put_order "[$(for i in 1 2 3 4 5 6; do order $i ann@x.example "$(line MUG 1 10.00)"; [ $i = 6 ] || echo ,; done)]"
run_store 65
expect_eq "rejects" "$(rejects)" "order:2 already_there
order:3 already_there
order:4 already_there"
expect_has "the reject of 2" "$(sql_store "SELECT message FROM reject WHERE key = 'order:2'")" "$(of_order 2 id)"
expect_has "the reject of 2" "$(sql_store "SELECT message FROM reject WHERE key = 'order:2'")" "BC-2"
expect_eq "adopted" "$(sql_store "SELECT order_id, how FROM link_order ORDER BY 1")" "1|found
5|created
6|found"
expect_eq "of two with the reference the one that agrees" "$(sql_store "SELECT sales_order_id FROM link_order WHERE order_id = 6")" "$(sql_sandbox "SELECT id FROM bp_order WHERE external_ref = 'BC-6' AND total = 100000")"
expect_eq "a reference typed by hand alone is no order of ours" "$(sql_sandbox "SELECT count(*) FROM bp_order WHERE ref = 'BC-5'")" 2
mark
say "nothing changes by running again; once mended, retry adopts it"
run_store 0
expect_eq writes "$(count_writes)" 0
sql_sandbox "UPDATE bp_order SET total = 100000, total_net = 100000 WHERE external_ref = 'BC-2'"
run_store 0 retry order:2
run_store 0
expect_eq "rejects" "$(rejects)" "order:3 already_there
order:4 already_there"
expect_eq writes "$(count_writes)" 0
expect_eq "link of 2" "$(sql_store "SELECT how FROM link_order WHERE order_id = 2")" found
say "the other order gives the reference up: retry sends ours"
sql_sandbox "UPDATE bp_order SET external_ref = NULL WHERE external_ref = 'BC-3'"
sql_sandbox "UPDATE bp_order SET external_ref = 'X-4', version = version + 1 WHERE external_ref = 'BC-4'"
run_store 0 retry order:3
run_store 0 retry order:4
run_store 0
expect_eq "rejects" "$(rejects)" ""
expect_eq "links" "$(sql_store "SELECT order_id, how FROM link_order WHERE order_id IN (3, 4) ORDER BY 1")" "3|created
4|created"
