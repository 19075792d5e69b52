#!/bin/bash
# Brightpearl refuses one order of a pack: a reject with its words, the others go; mended and retried it goes.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mapping sales.csv '*,*,*,DE,Online shop,,,99,,,,'
mapping taxes.csv 'DE,*,*,*,*,20,DE19,'
german='"billing":{"street_1":"1 Weg","city":"Bonn","zip":"53111","country":"Germany","country_iso2":"DE"}'
list=''
for i in $(seq 8); do list+=",$(order $i "u$i@x.example" "$(line MUG 1 10.00)" "$([ "$i" = 3 ] && echo "$german")")"; done
put_order "[${list:1}]"
run_store 65
expect_eq "orders" "$(orders_there)" "BC-1 BC-2 BC-4 BC-5 BC-6 BC-7 BC-8"
expect_eq rejects "$(rejects)" "order:3 refused"
expect_eq "what Brightpearl said is in the reject" "$(sql_store "SELECT message LIKE '%leadSource%' OR message LIKE '%lead source%' FROM reject")" 1
expect_eq "state" "$(sql_store "SELECT state FROM out_order WHERE order_id = 3")" rejected
expect_has "./run.sh rejects" "$(run_store 0 rejects; echo "$said")" order:3
mark
say "it is not sent again by itself, and is no news"
run_store 0
expect_eq writes "$(count_writes)" 0
run_store 0 retry order:3
run_store 0 # no news
expect_eq "writes of a retry in vain" "$(count_writes)" 1
expect_eq rejects "$(rejects)" "order:3 refused"
say "mended: Brightpearl has the lead source now"
sql_sandbox "INSERT INTO bp_lead_source (id, name) VALUES (99, 'Web DE')"
run_store 64 retry order:77
run_store 0 retry order:3
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "order 3's lead source" "$(of_order 3 lead_source_id)" 99
say "mended in the mapping: it goes without being asked"
sql_sandbox "UPDATE bp_lead_source SET active = 0; DELETE FROM bp_lead_source WHERE id = 99"
put_order "$(order 9 u9@x.example "$(line MUG 1 10.00)" "$german")"
run_store 65
expect_eq rejects "$(rejects)" "order:9 refused"
sed -i 's/DE,Online shop,,,99/DE,Online shop,,,/' "$store/mappings/sales.csv"
run_store 0
expect_eq "order 9" "$(of_order 9 lead_source_id)" 0
expect_eq rejects "$(rejects)" ""

say "refused, then cancelled in BigCommerce: its reject closes"
sql_sandbox "DELETE FROM bp_lead_source WHERE id = 99"
sed -i 's/DE,Online shop,,,,/DE,Online shop,,,99,/' "$store/mappings/sales.csv"
put_order "$(order 12 u12@x.example "$(line MUG 1 10.00)" "$german")"
run_store 65
expect_eq rejects "$(rejects)" "order:12 refused"
merchant sql "UPDATE bc_order SET status_id = 5, date_modified = server_time() / 1000 WHERE id = 12"
run_store 0
expect_eq rejects "$(rejects)" ""
sed -i 's/DE,Online shop,,,99,/DE,Online shop,,,,/' "$store/mappings/sales.csv"

say "a contact that is refused holds its order, and only that"
put_order "[$(order 10 "bad@x.example" "$(line MUG 1 10.00)" '"raw":{"x":1},"billing":{"street_1":"1 Rd","city":"L","zip":"1","country":"United Kingdom","country_iso2":"GB","phone":"012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"}'),
	$(order 11 good@x.example "$(line MUG 1 10.00)")]"
run_store 65
expect_eq "order 11 is there" "$(of_order 11 1)" 1
expect_eq "order 10 is not, or its contact was not refused" "$(sql_sandbox "SELECT (SELECT count(*) FROM bp_order WHERE external_ref = 'BC-10') = (SELECT count(*) FROM bp_contact WHERE email = 'bad@x.example')")" 1
