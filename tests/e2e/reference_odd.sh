#!/bin/bash
# A list of names that cannot be read, or is not the list that was asked for: an outage; the names that are known stay, and no mapping is called wrong.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
make_store
run_store 0
known() { sql_store "SELECT group_concat(n) FROM (SELECT count(*) AS n FROM ref_list WHERE (system, list) IN
	(VALUES ('bigcommerce', 'status'), ('brightpearl', 'order_status'), ('brightpearl', 'tax_code')) GROUP BY system, list)"; }
there=$(known)
for body in '{}' '{"errors":[{"code":"CMNC-999"}]}' '{"response":null}' null '{"status":500,"title":"down"}'; do
	for path in '/order-service/order-status*' '/accounting-service/tax-code*' '/v2/order_statuses*'; do
		later 1500
		fault "path=$path" kind=answer_json arg="$body" times=-1
		run_store 75
		sql_sandbox "DELETE FROM fault"
		expect_eq "names known after $body for $path" "$(known)" "$there"
		run_store 0 mappings check
	done
done
later 1500
fault api=brightpearl 'path=/order-service/order-status*' kind=status_before arg=503 times=-1
run_store 75
sql_sandbox "DELETE FROM fault"
expect_eq "names known after an outage" "$(known)" "$there"
put_order "$(order 2 b@x.example "$(line MUG 1 10.00)")"
run_store 0
expect_eq orders "$(orders_there)" "BC-1 BC-2"
