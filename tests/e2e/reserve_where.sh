#!/bin/bash
# Each order is reserved in the first warehouse that has all of it, else in the first; sales.csv may name another.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
product 1 CUP
product 2 PLATE
product 3 FORK
stock 1 10
stock 2 2
stock 1 10 3
stock 2 9 3
stock 3 1

say "one warehouse: no availability is asked for"
put_order "$(order 1 a@x.example "$(line CUP 2 3.00),$(line PLATE 1 4.00)")"
run_store 0
expect_eq "reserved" "$(reserved 1)" "2: 1001=2 1002=1"
expect_eq "requests for availability" "$(requests "path LIKE '%/product-availability/%'")" 0
expect_eq "as other jobs see it" "$(sql_store "SELECT * FROM order_reserved")" "1|1001|2|0
1|1002|1|0"

say "two: the first that has all, counting what the orders before took"
sed -i 's/^Overflow Warehouse,no/Overflow Warehouse,2/' "$store/mappings/warehouses.csv"
put_order "[$(order 2 a@x.example "$(line CUP 3 3.00)"),$(order 3 a@x.example "$(line CUP 1 3.00),$(line PLATE 2 4.00)"),
	$(order 4 a@x.example "$(line CUP 8 3.00)"),$(order 5 a@x.example "$(line CUP 1 3.00),$(line FORK 2 4.00)")]"
mark
run_store 0
expect_eq "all in the first" "$(reserved 2)" "2: 1001=3"
expect_eq "plates only in the second" "$(reserved 3)" "3: 1001=1 1002=2"
expect_eq "not enough left in the first" "$(reserved 4)" "3: 1001=8"
expect_eq "nowhere all: the first" "$(reserved 5)" "2: 1001=1 1003=1"
expect_eq "short" "$(short)" "BC-5 1"
expect_eq "requests for availability" "$(requests "path LIKE '%/product-availability/%'")" 1

say "sales.csv names the warehouse for some"
mapping sales.csv '*,*,*,FR,Online shop,,Overflow Warehouse,,,,,'
put_order "$(order 6 a@x.example "$(line CUP 1 3.00)" '"tax_rate":"0","shipping":{"street_1":"1 Rue","city":"Paris","zip":"75001","country":"France","country_iso2":"FR"}')"
run_store 0
expect_eq "there" "$(reserved 6)" "3: 1001=1"

say "no warehouse reserves: nothing is"
sed -i 's/^\(.*\) Warehouse,[12]/\1 Warehouse,no/' "$store/mappings/warehouses.csv"
put_order "$(order 7 a@x.example "$(line CUP 1 3.00)")"
run_store 0
expect_eq "nothing" "$(reserved 7)" ""
mark
run_store 0
expect_eq "second run: writes" "$(count_writes)" 0
