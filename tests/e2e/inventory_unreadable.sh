#!/bin/bash
# Availability that says no quantity: the shop keeps what it shows, and it is told; an answer without its envelope is an outage, and so is one without any of several products that were told before; a product that is left out has none.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
for i in 1 2 3 4 5 6; do
	product $i P$i
	put_stock $((1000 + i)) 2 20
done
run_store 0
twenty="P1=20 P2=20 P3=20 P4=20 P5=20 P6=20"
expect_eq "what the shop shows" "$(shop)" "$twenty"

for body in '{}' '{"response":null}' '{"errors":[{"code":"CMNC-999","message":"no"}]}' '{"status":500,"title":"down"}' '[]' 'null' '{"response":{}}' '{"response":[]}'; do
	later 30
	fault api=brightpearl 'path=/warehouse-service/product-availability/*' kind=answer_json arg="$body"
	run_store 75
	expect_eq "what the shop shows after $body" "$(shop)" "$twenty"
done

say "one product's part cannot be read: it alone is left, with what was answered"
of() { printf '"%d":{"total":{"onHand":%s},"warehouses":%s}' "$@"; }
later 30
fault api=brightpearl 'path=/warehouse-service/product-availability/*' kind=answer_json arg='{"response":{
	'"$(of 1001 7 '{"2":{"inStock":7,"onHand":7,"allocated":0}}')"',"1002":null,
	'"$(of 1003 20 '{"2":{"inStock":20,"onHand":7.5,"allocated":0}}')"',
	'"$(of 1004 20 null)"',
	'"$(of 1005 20 '{"2":{"inStock":20,"onHand":"12","allocated":"8"}}')"',
	'"$(of 1006 20 '{"2":{"inStock":9,"allocated":3}}')"'}}'
run_store 65
expect_eq "what the shop shows" "$(shop)" "P1=7 P2=20 P3=20 P4=20 P5=12 P6=6"
expect_eq rejects "$(rejects)" "stock:P2@1 stock_unreadable
stock:P3@1 stock_unreadable
stock:P4@1 stock_unreadable"

say "read again, all is well; a product that is left out is asked for once more, and has none when it is again"
later 30
run_store 0
expect_eq "what the shop shows" "$(shop)" "$twenty"
expect_eq rejects "$(rejects)" ""
later 30
fault api=brightpearl 'path=/warehouse-service/product-availability/*' kind=answer_json arg='{"response":{
	'"$(of 1001 20 '{"2":{"onHand":20}}'),$(of 1002 -6 '{}'),$(of 1003 20 '{"2":{"onHand":20}}'),$(of 1004 0 null),$(of 1005 20 '{"2":{"onHand":20}}')"'}}'
fault api=brightpearl 'path=/warehouse-service/product-availability/1006' kind=answer_json arg='{"response":{}}'
run_store 0
expect_eq "what the shop shows" "$(shop)" "P1=20 P2=0 P3=20 P4=0 P5=20 P6=0"

say "one product is refused, alone too: it is left; so is one whose total is there and whose warehouses are none"
later 30
run_store 0
for ids in 1001-1006 1001-1003 1003; do fault api=brightpearl "path=/warehouse-service/product-availability/$ids" kind=status_before arg=400; done
fault api=brightpearl "path=/warehouse-service/product-availability/1004-1006" kind=answer_json arg='{"response":{
	'"$(of 1004 20 '{}'),$(of 1005 20 '{"2":{"onHand":20}}'),$(of 1006 0 '{}')"'}}'
later 30
run_store 65
expect_eq "what the shop shows" "$(shop)" "P1=20 P2=20 P3=20 P4=20 P5=20 P6=0"
expect_eq rejects "$(rejects)" "stock:P3@1 stock_unreadable
stock:P4@1 stock_unreadable"
