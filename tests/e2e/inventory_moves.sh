#!/bin/bash
# BigCommerce moves its own stock with its orders, in each way that its settings allow: the next run sets what may be sold.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
for i in 1 2 3 4; do product $i "SKU-$i" && put_stock $((1000 + i)) 2 10; done
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=10"
cancel() { merchant sql "UPDATE bc_order SET status_id = $2, date_modified = server_time() / 1000 WHERE id = $1"; }
status_id=12 # orders that are not brought over hold what they hold
at() { printf '"status_id":%s' "$status_id"; }
quiet() { # a second run sets nothing
	mark
	run_store 0
	expect_eq "pushes of a second run" "$(pushes)" 0
}

say "an order of more than there is, and then cancelled: what came back to the shop is not there"
put_order "$(order 1 a@x.example "$(line SKU-1 14 1.00)" "$(at)")"
expect_eq "the shop by itself" "$(shop)" "SKU-1=0 SKU-2=10 SKU-3=10 SKU-4=10"
later 20
mark
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=0 SKU-2=10 SKU-3=10 SKU-4=10"
expect_eq "it shows what it should already: pushes" "$(pushes)" 0
cancel 1 5
expect_eq "the shop by itself" "$(shop)" "SKU-1=14 SKU-2=10 SKU-3=10 SKU-4=10"
mark
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=10"
expect_eq "items that were set" "$(sql_store "SELECT body ->> '$.items[0].quantity' || ' ' || json_array_length(body, '$.items') FROM request WHERE method = 'PUT' ORDER BY id DESC LIMIT 1")" "10 1"
quiet

say "edited, up and down, a line more; refunded in full"
put_order "$(order 2 a@x.example "$(line SKU-2 2 1.00)" "$(at)")"
run_store 0
put_order "$(order 2 a@x.example "$(line SKU-2 5 1.00),$(line SKU-3 1 1.00)" "$(at)")"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=5 SKU-3=9 SKU-4=10"
quiet
cancel 2 4
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=10"

say "a shop that moves nothing at edits, and gives nothing back"
switch bc_stock_edited no bc_stock_returned no
put_order "$(order 3 a@x.example "$(line SKU-3 4 1.00)" "$(at)")"
put_order "$(order 3 a@x.example "$(line SKU-3 1 1.00)" "$(at)")"
expect_eq "the shop by itself" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=6 SKU-4=10"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=9 SKU-4=10"
cancel 3 5
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=10"

say "a shop that takes stock when an order is shipped, and may fall below zero"
switch bc_stock_taken order_completed_or_shipped bc_stock_below_zero yes
put_order "$(order 4 a@x.example "$(line SKU-4 10 1.00)" "$(at)")"
expect_eq "the shop by itself" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=10"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=0"
cancel 4 2
expect_eq "the shop by itself" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=-10"
put_stock 1004 2 3
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=3"

say "a shop that shows for a minute what it showed before: nothing is taken for set that was not"
switch bc_stock_lag_ms 60000
put_stock 1001 2 7
run_store 0
put_stock 1001 2 10
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=3"
later 20
quiet
switch bc_stock_lag_ms 0

say "answers of fewer items than were asked for; the catalogue over several pages"
for i in 5 6 7 8 9; do product $i "SKU-$i" && put_stock $((1000 + i)) 2 1; done
later $((25 * 60))
run_store 0
switch bc_items_page 4
sql_sandbox "UPDATE bc_stock SET onhand = 8"
run_store 0
expect_eq "shop" "$(shop)" "SKU-1=10 SKU-2=10 SKU-3=10 SKU-4=3 SKU-5=1 SKU-6=1 SKU-7=1 SKU-8=1 SKU-9=1"

say "a shop that tells nothing: what was set last stands for what it shows"
fault api=bigcommerce method=GET 'path=/v3/inventory/items*' kind=status_before arg=404 times=-1
mark
run_store 0
expect_eq "pushes" "$(pushes)" 0
put_stock 1002 2 4
run_store 0
expect_eq "shop" "$(shop | cut -d ' ' -f 1-2)" "SKU-1=10 SKU-2=4"
