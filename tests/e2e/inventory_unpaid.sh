#!/bin/bash
# Pending owes no goods; Awaiting Payment holds them for inventory.unpaid_hold_days, then they are for sale again, and it is listed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
setting inventory.enabled yes
switch bp_reservation_empty gone # else the reject says to let go of it by hand (reserve_change)
sed -i 's/^Main Warehouse,no,/Main Warehouse,1,/' "$store/mappings/warehouses.csv"
sed -i 's/^BigCommerce,Awaiting Payment,no,/BigCommerce,Awaiting Payment,yes,/' "$store/mappings/statuses.csv"
for i in 1 2 3 4; do product $i "SKU-$i" && put_stock $((1000 + i)) 2 10; done
at() { printf '"created":"%s","paid":false,"status_id":%d' "$(date -u -d "@$(now)" +%Y-%m-%dT%H:%M:%SZ)" "$1"; }
put_order "[$(order 1 a@x.example "$(line SKU-1 3 1.00)" "$(at 1)"), $(order 2 b@x.example "$(line SKU-2 4 1.00)" "$(at 7)"),
	$(order 3 c@x.example "$(line SKU-3 5 1.00)" "$(at 11)")]"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=6 SKU-3=5 SKU-4=10"
reserved() { sql_sandbox "SELECT group_concat(product_id || '=' || quantity, ' ') FROM (SELECT * FROM bp_reservation_row ORDER BY product_id)"; }
expect_eq "reserved" "$(reserved)" "1002=4 1003=5"
say "six days later it still is held"
later $((6 * 1440))
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=6 SKU-3=5 SKU-4=10"
say "eight days later nobody has paid: for sale again, let go, listed"
later $((2 * 1440))
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=5 SKU-4=10"
expect_eq "reserved" "$(reserved)" "1003=5"
expect_eq "listed" "$(sql_store "SELECT key, reason FROM skip WHERE job = 'inventory' AND key LIKE 'order:%'")" \
	"order:2|not paid within 7 days: its goods are for sale again (inventory.unpaid_hold_days)"
run_store 0 explain order 2
expect_has "its story" "$said" "not paid within 7 days"
say "owes_goods says yes: as long as it takes"
sed -i 's/^BigCommerce,Awaiting Payment,yes,,/BigCommerce,Awaiting Payment,yes,yes,/' "$store/mappings/statuses.csv"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=6 SKU-3=5 SKU-4=10"
sed -i 's/^BigCommerce,Awaiting Payment,yes,yes,/BigCommerce,Awaiting Payment,yes,,/' "$store/mappings/statuses.csv"
setting inventory.unpaid_hold_days 0
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=5 SKU-4=10"
say "the money came after all"
bc_status 2 11
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=6 SKU-3=5 SKU-4=10"
expect_eq "reserved" "$(reserved)" "1002=4 1003=5"
