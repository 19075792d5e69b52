#!/bin/bash
# Ten different mistakes in the mappings are ten complaints with file and line, at once (78); what does not
# read the files goes on; nothing is sent by guess.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
cd "$store/mappings" || exit 1
sed -i 's/^BigCommerce,Shipped,yes,,(leave),/BigCommerce,Shipped,yes,,Shiped,/' statuses.csv                       # 1 no such status
sed -i 's/^BigCommerce,Completed,yes/BigCommerce,Completed,maybe/' statuses.csv                            # 2 not yes or no
echo 'orders.referense,BC-,' >>settings.csv                                                                # 3 unknown setting
echo 'limits.stock,1,' >>settings.csv && sed -i 's/^orders.rounding_limit,.*/orders.rounding_limit,five,/' settings.csv # 4, 5
echo '*,*,*,FR,Onlin shop,,,,,,,' >>sales.csv                                                              # 6 no such channel
echo 'GB,*,*,*,*,20,T20,' >>taxes.csv                                                                      # 7 duplicate key
echo 'DE,*,*,product,*,19 percent,DE19,' >>taxes.csv                                                       # 8 not a rate
sed -i 's/^from,method,sync,becomes/from,method,sync,become/' shipping.csv                                 # 9 header nearly right
echo 'Outer space,no,no,0,,' >>warehouses.csv                                                              # 10 no such warehouse
echo '5.01E+12,ABC,' >>sku_keys.csv                                                                        # 11 damaged by a spreadsheet
echo 'A,B' >>stock.csv                                                                                     # 12 too few cells
printf '*,Caf\351,*,yes,,CARD,\n' >>payments.csv                                                           # 13 not UTF-8
where() { echo "$1:$(grep -n -m 1 -a -e "$2" "$1" | cut -d: -f 1)"; }
lines="$(where statuses.csv Shiped) $(where statuses.csv maybe) $(where settings.csv referense) $(where settings.csv limits.stock,) $(where settings.csv five)
	$(where sales.csv "Onlin s") $(where taxes.csv '^GB,\*,\*,\*,\*,20,T20,$') $(where taxes.csv percent) $(where warehouses.csv Outer) $(where sku_keys.csv 5.01) $(where payments.csv Caf)"
cd "$work" || exit 1
run_store 78
for place in $lines; do
	expect_has "the complaints" "$told" "mappings/$place:"
done
expect_has "the complaint about a header" "$told" "mappings/shipping.csv:1:"
expect_has "a suggestion" "$told" 'did you mean "Shipped"'
expect_has "a suggestion" "$told" 'orders.reference'
expect_has "a suggestion" "$told" 'Online shop'
expect_eq "writes" "$(count_writes)" 0
expect_eq "stages" "$(sql_store "SELECT name, outcome FROM stage WHERE name LIKE 'reference%'")" "reference.extract|ok
reference.transform|ok"
expect_eq "each of them is in the table" "$(sql_store "SELECT count(*) >= 13 FROM map_complaint WHERE severity = 'complaint'")" 1
say "mappings check says the same without a run"
before=$(requests)
run_store 78 mappings check
for place in $lines; do
	expect_has "mappings check" "$said" "mappings/$place:"
done
expect_eq "requests of the check" "$(($(requests) - before))" 0

say "complaints about files that customers and orders do not read stop neither"
cp "$home"/mappings/{statuses,settings,sales,taxes,shipping,warehouses,sku_keys}.csv "$store/mappings/"
setting customers.enabled yes orders.enabled yes orders.start_date 2026-01-01T00:00:00Z
run_store 78
expect_eq "orders" "$(orders_there)" BC-1
say "all mended: the same run is continued and done"
cp "$home"/mappings/{stock,payments}.csv "$store/mappings/"
run_store 0
expect_eq "run" "$(sql_store "SELECT state, code FROM run")" "done|0"
say "a file is missing, empty, or has no header"
for how in 'rm -f' 'truncate -s 0' "sed -i 1d"; do
	cp "$home"/mappings/statuses.csv "$store/mappings/"
	$how "$store/mappings/statuses.csv"
	run_store 78
	expect_has "complaint after $how" "$told" mappings/statuses.csv
done
