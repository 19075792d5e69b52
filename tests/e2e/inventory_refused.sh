#!/bin/bash
# Stock that BigCommerce refuses is found alone and told, the rest goes; lost answers, crashes, stale readings.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
for i in $(seq 11 30); do product $i "SKU-$i" && put_stock $((1000 + i)) 2 5; done
all() { echo $(for i in $(seq 11 30); do echo "SKU-$i=$1"; done); }
run_store 0
expect_eq "shop" "$(shop)" "$(all 5)"
say "two products changed their mode since the catalogue was read: told one by one, the others go"
sql_sandbox "UPDATE bc_product SET inventory_tracking = 'variant' WHERE id = 14; UPDATE bc_product SET inventory_tracking = 'none' WHERE id = 25;
	UPDATE bp_stock SET in_stock = 6"
mark
run_store 65
expect_eq "shop" "$(shop)" "$(all 6 | sed 's/SKU-14=6/SKU-14=5/; s/SKU-25=6/SKU-25=5/')"
expect_eq "rejects" "$(rejects | sort | xargs)" "stock:SKU-14@1 refused stock:SKU-25@1 refused"
expect_has "why" "$(sql_store "SELECT message FROM reject WHERE key = 'stock:SKU-14@1'")" "tracked by variant"
run_store 0
expect_eq "the catalogue read again: right again, or left alone" "$(shop) $(rejects)" "$(all 6 | sed 's/SKU-25=6/SKU-25=5/') "
mark
run_store 0
expect_eq "a second run: pushes, the catalogue" "$(pushes) $(requests "path LIKE '/v3/catalog/%'")" "0 1"
say "a product made since is stocked at once"
product 31 SKU-31 && put_stock 1031 2 4
sql_sandbox "UPDATE bp_product SET created_on = $(($(date +%s) + ${PEARLBRIDGE_CLOCK_OFFSET:-0})) WHERE id = 1031"
run_store 0
expect_has shop "$(shop)" SKU-31=4
sql_sandbox "DELETE FROM bc_product WHERE id = 31" && sql_store "DELETE FROM ref_bc_product WHERE product_id = 31; DELETE FROM out_stock WHERE product_id = 31"
say "untracked stock that is taken without a word does no harm"
switch bc_adjust_untracked ignore
run_store 0
say "the answer is lost after the push: in doubt, then set afresh by the next run"
sql_sandbox "UPDATE bp_stock SET in_stock = 7"
fault api=bigcommerce method=PUT kind=drop_after
run_store 75
expect_eq "in doubt" "$(sql_store "SELECT count(*) > 0 FROM out_stock WHERE state = 'claimed'")" 1
sql_sandbox "UPDATE bp_stock SET in_stock = 8"
run_store 0
expect_eq "shop" "$(shop)" "$(all 8 | sed 's/SKU-25=8/SKU-25=5/')"
say "a push that was not done"
sql_sandbox "UPDATE bp_stock SET in_stock = 9"
fault api=bigcommerce method=PUT kind=drop_before
run_store 75
run_store 0
expect_eq "shop" "$(shop)" "$(all 9 | sed 's/SKU-25=9/SKU-25=5/')"
say "stock that was read too long ago is not pushed"
sql_sandbox "UPDATE bp_stock SET in_stock = 4 WHERE product_id = 1011"
setting inventory.max_age_minutes 1
fault api=bigcommerce path='/v2/orders*' kind=stall arg=70000 times=-1
run_store 75
expect_has "why" "$told" "inventory.max_age_minutes"
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "pushed" "$(shop | cut -d ' ' -f 1)" "SKU-11=4"
