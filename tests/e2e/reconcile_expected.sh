#!/bin/bash
# What settings and mappings explain is expected, what waits in rejects was told: neither ends with 65.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting orders.guests no payments.enabled yes inventory.enabled yes orders.start_date "$(ago '20 days')" orders.start_id 2
product 1 MUG
product 2 CUP
sql_sandbox "INSERT INTO bc_product (id, sku, name, price) VALUES (3, 'NOWHERE', 'Nowhere', 100000)"
sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1001, 2, 500), (1002, 2, 40)"
mug=$(line MUG 1 10.00)
buyer() { printf '"customer":{"id":%d,"email":"u%d@x.example","first_name":"A","last_name":"B"}' "$1" "$1"; }
by() { placed "$1" "$2" "${4:-$mug}" "$(buyer "$2")${3:+,$3}"; } # WHEN ID [MORE] [LINES]
put_order "[$(by '2 days' 1),$(by '2 days' 2),$(placed '2 days' 3 "$mug"),$(by '2 days' 4 '"status_id":6'),$(by '25 days' 5),
	$(by '2 days' 6 '"is_deleted":true'),$(by '2 days' 7 '' "$(line NOWHERE 1 10.00)"),$(by '2 days' 8 '"payment_method":"Gold bars"'),
	$(by '2 days' 9 '"store_credit":"4.00"'),$(by '2 days' 10)]"
mapping payments.csv 'Gold bars,*,*,no,,,'
sed -i 's/^store_credit,\*,\*,yes/store_credit,*,*,no/' "$store/mappings/payments.csv"
mapping stock.csv 'CUP,,no,,'
run_store 65
run_store 0 reconcile --from "$(ago '26 days')"
expect_eq "differences" "$(found)" ""
expect_eq "known already" "$(found waiting)" "missing order:7: 10.00 GBP, captured; "
expect_eq "expected" "$(explained expected | sed 's/line [0-9]*/line N/')" "missing order:1: before orders.start_id
missing order:3: guest order (orders.guests is no)
missing order:4: status Declined (statuses.csv, sync no)
missing order:5: before orders.start_date
missing order:6: archived in BigCommerce
payment order:8: Gold bars is not sent (payments.csv, line N)
payment order:9: store_credit is not sent (line N of payments.csv says sync no)"
say "changed since the last run: what the next one settles"
put_order "[$(by '2 days' 2 '' "$(line MUG 2 10.00)" | sed 's/"modified":"[^"]*"/"modified":null/'),$(by '1 hour' 11 '"modified":null')]"
sql_sandbox "UPDATE bc_order SET date_modified = (SELECT max(date_modified) FROM bc_order) + 100000 WHERE id IN (2, 11)" 2>/dev/null
run_store 0 reconcile
expect_eq "known already" "$(found waiting | cut -d: -f 1,2 | tr '\n' ' ')" "missing order:11 missing order:7 payment order:2 total order:2 "
say "payments on no; orders on plan"
run_store 0 ignore order:7 --why 'not ours'
setting payments.enabled no
sql_sandbox "DELETE FROM bp_payment WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-10')"
switch bc_denied_scopes transactions # what no job needs is not asked for
run_store 0 reconcile
expect_has "expected" "$(explained expected)" "payment order:10: payments.enabled is no"
expect_has "expected" "$(explained expected)" "missing order:7: ignored by hand: not ours"
setting orders.enabled plan
run_store 0 reconcile
expect_has "expected" "$(explained expected)" "missing order:11: orders.enabled is plan"
say "the scripts run twice, in the sqlite3 shell, give the same"
dump() { sql_store "SELECT * FROM reconcile_sum ORDER BY 1, 2, 3" "SELECT * FROM reconcile_difference ORDER BY 1, 2, 3, 4"; }
before=$(dump)
{
	echo "DROP VIEW IF EXISTS temp.listed; CREATE TEMP VIEW listed AS SELECT * FROM reconcile_bc_stock;"
	for script in reconcile/{agree,left_out,transform} inventory/{held,quantities,choice,shown} reconcile/{stock,sums,settle}; do
		cat "$home/jobs/$script.sql"
	done
} >"$work/scripts.sql"
sql_store ".read $work/scripts.sql" ".read $work/scripts.sql"
expect_eq "sums and differences" "$(dump)" "$before"
