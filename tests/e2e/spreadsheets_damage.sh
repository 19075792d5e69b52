#!/bin/bash
# Damage by spreadsheets is a complaint that names what was meant, and stops what it may speak of; workbooks, dates, names in columns, columns of one's own, lines that do nothing.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
n=0
for sku in 90.750 3/10 1914310000010100016 MARCH1 00501 5012345678901 1E5 MUG; do
	n=$((n + 1))
	product $n "$sku" && put_stock $((1000 + n)) 2 7
done
printf '%s\n' sku,location,publish,buffer,note,"bought by" 90.75,,no,,,Ann 10-Mar,,no,, 1914310000010100000,,no,, 01-Mar,,no,, 501,,no,, 5.01E+12,,no,, '100000,,no,,' 'NOBODY,,no,,' >"$store/mappings/stock.csv"
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
run_store 78
for meant in 90.750 3/10 1914310000010100016 MARCH1 00501 5012345678901; do
	expect_has "what was meant" "$told" "did you mean \"$meant\""
done
expect_eq "what a line may speak of is left alone, all else goes" "$(shop)" "00501=- 1914310000010100016=- 1E5=7 3/10=- 5012345678901=- 90.750=- MARCH1=- MUG=6"
expect_eq "orders go on" "$(orders_there)" BC-1
expect_has "a SKU that no product has" "$told" 'warning: sku: no product at BigCommerce has the sku "NOBODY"'
printf '%s\n' sku,location,publish,buffer,note NOBODY,,no,, >"$store/mappings/stock.csv"
run_store 0
expect_has "it is told in every run" "$told" 'has the sku "NOBODY"'
run_store 0
expect_has "it is told in every run" "$told" 'has the sku "NOBODY"'
expect_eq "all stock" "$(shop)" "00501=7 1914310000010100016=7 1E5=7 3/10=7 5012345678901=7 90.750=7 MARCH1=7 MUG=6"

say "an error of a formula speaks of no product that could be told: it is told in every run, and all stock goes on"
sql_sandbox "UPDATE bp_stock SET in_stock = 8"
printf '%s\n' sku,location,publish,buffer,note '#N/A,,no,,' 'MUG,,3,,' '#VALUE!,,no,,' >"$store/mappings/stock.csv"
run_store 78
expect_has "the error" "$told" 'stock.csv:2: sku: no product at BigCommerce has the sku "#N/A": it is the error of a formula'
expect_eq "stock" "$(shop)" "00501=8 1914310000010100016=8 1E5=8 3/10=8 5012345678901=8 90.750=8 MARCH1=8 MUG=3"

say "a workbook by another name"
printf 'PK\003\004\024\000\006\000xl/workbook.xml' >"$store/mappings/stock.csv"
run_store 78
expect_has "a workbook" "$told" "stock.csv: the file is an Excel workbook (.xlsx), only its name ends in .csv"
cp "$home/mappings/stock.csv" "$store/mappings/"

say "dates; names in columns; a prefix that does nothing"
setting orders.start_date 2006-01-01T00:00:00Z fulfillment.start_date 2126-01-01T00:00:00Z
mapping statuses.csv 'BigCommerce,Ship*,yes,,Somewhere,'
run_store 78
expect_has "a date long ago" "$told" 'orders.start_date: "2006-01-01T00:00:00Z" is before 2009'
expect_has "a date to come" "$told" 'fulfillment.start_date: "2126-01-01T00:00:00Z" is in the future'
expect_has "a line that does nothing" "$told" 'warning: does nothing: every name that begins with "ship" has a line of its own'
expect_has "the list by name" "$told" "Brightpearl's order statuses:"
for name in $(sql_sandbox "SELECT replace(name, ' ', '~') FROM bp_order_status WHERE order_type = 'SO' AND visible AND NOT disabled"); do
	expect_has "all names" "$(sed -n '/order statuses:/,$p' <<<"$told")" "${name//\~/ }"
done
run_store 78 mappings check
expect_has "the check lists them too" "$said" "Brightpearl's order statuses:"

say "the first orders that go back a long way are counted"
make_store second
sql_sandbox "DELETE FROM bp_order; DELETE FROM bp_order_row"
put_order "[$(order 2 a@x.example "$(line MUG 1 10.00)"), $(order 3 a@x.example "$(line MUG 1 10.00)")]"
run_store 0
expect_has "how many" "$told" "days ago: it brings 3 orders"
run_store 0
expect_no "it is told once" "$told" "days ago"
