#!/bin/bash
# The plain case, and that a second run finds nothing to do.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA
put_order "[$(order 1001 ann@x.example "$(line MUG 2 10.00),$(line TEA 1 4.50)" '"shipping_cost":"3.95"'),
	$(order 1002 ben@x.example "$(line TEA 3 4.50)")]"

say "first run: two orders, two contacts, each once"
run_store 0
expect_eq orders "$(orders_there)" "BC-1001 BC-1002"
expect_exact
expect_eq contacts "$(sql_sandbox "SELECT group_concat(email) FROM (SELECT email FROM bp_contact WHERE id > 2000 ORDER BY 1)")" ann@x.example,ben@x.example
expect_eq "rows of 1001" "$(rows 1001)" "1001|2|16.6700|3.33|T20
1002|1|3.7500|0.75|T20
1000|1|3.2900|0.66|T20"
expect_eq "head of 1001" "$(of_order 1001 "ref, status_id, channel_id, price_mode, currency, exchange_rate, fixed_rate, warehouse_id, instance_id, placed_on, tax_date")" \
	"BC-1001|3|2|INC|GBP|1000000|1|2|11|1770112800|1770112800"
expect_eq "out_order" "$(sql_store "SELECT key, state, attempts, remote_id = (SELECT sales_order_id FROM link_order k WHERE k.order_id = x.order_id) FROM out_order x")" "BC-1001|done|1|1
BC-1002|done|1|1"
expect_eq "open rejects" "$(rejects)" ""
expect_eq "books" "$(sql_store "SELECT considered, planned, done, remaining FROM stage WHERE name LIKE 'orders.%' AND name NOT LIKE '%extract'")" "2|2|0|0
0|2|2|0"
expect_eq "run" "$(sql_store "SELECT state, code FROM run")" "done|0"
expect_has summary "$said" "done, books balanced"
expect_eq "our journal has every request" "$(sql_store "SELECT count(*) FROM request")" "$(requests)"
expect_eq "every write has its body in the journal" "$(sql_store "SELECT count(*) FROM request WHERE method <> 'GET' AND (body IS NULL OR answer IS NULL)")" 0

say "second run: a look at BigCommerce, nothing else"
mark
run_store 0
expect_eq writes "$(count_writes)" 0
expect_eq "requests to Brightpearl" "$(requests "api = 'brightpearl'")" 0
[ "$(requests "api = 'bigcommerce'")" -le 3 ] || bad "requests to BigCommerce, besides its list and its count: $(requests)" 0
expect_eq orders "$(orders_there)" "BC-1001 BC-1002"

say "a third one with a new order sends just that"
put_order "$(order 1003 ann@x.example "$(line MUG 1 10.00)")"
mark
run_store 0
expect_eq "writes" "$(sql_sandbox "SELECT method, path FROM request WHERE id > $mark AND method <> 'GET'")" "POST|/order-service/sales-order/"
expect_eq orders "$(orders_there)" "BC-1001 BC-1002 BC-1003"
expect_eq "the contact of both orders" "$(sql_sandbox "SELECT count(DISTINCT contact_id) FROM bp_order WHERE external_ref IN ('BC-1001', 'BC-1003')")" 1
