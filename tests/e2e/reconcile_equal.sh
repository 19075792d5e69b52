#!/bin/bash
# Both systems compared: equal after a run; by day of the account, status and payment method; no write, few requests.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting payments.enabled yes inventory.enabled yes
product 1 MUG
sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1001, 2, 500)"
mug=$(line MUG 1 10.00)
sed -i 's/^store_credit,\*,\*,yes,,/&CREDIT/' "$store/mappings/payments.csv"
list=''
for i in $(seq 40); do list+=",$(placed "$((i % 5 + 1)) days" $i "$mug")"; done
put_order "[${list:1}]"
# 01:00 UTC is the evening before where the account is
put_order "$(placed '2 hours' 41 "$(line MUG 2 7.35)" "\"store_credit\":\"5.00\",\"created\":\"$(date -u -d '3 days ago' +%Y-%m-%d)T01:00:00Z\"")"
put_order "$(placed '2 days' 42 "$mug" '"paid":false,"payment_method":"Cash on Delivery","status_id":9')"
put_order "$(placed '2 days' 43 "$mug" '"status_id":0,"paid":false')"
run_store 0
mark
run_store 0 reconcile
expect_eq "differences" "$(found)" ""
expect_eq "gaps" "$(gaps)" ""
expect_eq "what is waiting" "$(found waiting)" ""
expect_eq "writes" "$(count_writes)" 0
expect_eq "requests" "$(requests "path = '/v2/orders'") $(requests "path LIKE '/order-service/order/%'") $(requests "path LIKE '/accounting%'") $(requests "path LIKE '%/transactions'")" "2 1 1 0"
expect_has "the first line" "$said" "43 orders, sums equal, 0 differences"
expect_has "the zone" "$said" "America/Costa_Rica"
expect_eq "the day of the evening order" "$(sql_store "SELECT bc_sum, bc_count, bp_count FROM reconcile_sum
	WHERE section = 'day' AND name = '$(date -u -d '4 days ago' +%Y-%m-%d)'")" "947000|9|9"
expect_has "what is left out" "$said" "status Incomplete"
say "as JSON, as CSV"
run_store 0 reconcile --json
expect_eq "JSON" "$(sqlite3 :memory: "SELECT json_valid(readfile('$work/said')), readfile('$work/said') ->> '$.orders', readfile('$work/said') ->> '$.difference'")" "1|43|0"
run_store 0 reconcile --csv
expect_eq "CSV: records" "$(sqlite3 :memory: ".import --csv $work/said t" "SELECT count(*), sum(section IN ('day', 'status', 'payment')), max(section = 'expected') FROM t")" "$(($(wc -l <"$work/said") - 1))|$(sql_store "SELECT count(*) FROM reconcile_sum")|1"
run_store 64 reconcile --csv --json
