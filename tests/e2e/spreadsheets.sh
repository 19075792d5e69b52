#!/bin/bash
# What spreadsheets do to CSV files is understood: BOM, CRLF, semicolons, sep=, quotes, other column orders.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00)"),$(order 2 a@x.example "$(line MUG 1 10.00)" '"status_id":9')]"
cd "$store/mappings" || exit 1
{ printf '\357\273\277sep=;\r\n' && sed 's/"[^"]*"//; s/;.*//; s/,/;/g; s/$/\r/' statuses.csv; } >x && mv x statuses.csv
sed -i 's/^BigCommerce;Awaiting Shipment;yes;;(leave);/bigcommerce; awaiting shipment ;TRUE;;READY to ship;"two\r\nlines, of a ""note"""/' statuses.csv
printf 'note\tbecomes\trate\ttax_class\titem\tcustomer_group\tregion\tcountry\n\tT20\t20,00 %%\t*\t*\t*\t*\tgb\n\n\n' >taxes.csv
awk 'NR > 1 { print "" } { print }' sales.csv >x && mv x sales.csv
cd "$work" || exit 1
run_store 0
expect_eq "status of order 2" "$(of_order 2 status_id)" 19
expect_exact
say "names are remembered with their ids: renamed over there is a warning, not a stop"
sql_sandbox "UPDATE bp_order_status SET name = 'Pick me' WHERE id = 19"
put_order "$(order 3 a@x.example "$(line MUG 1 10.00)" '"status_id":9')"
later 1500
run_store 0
expect_eq "status of order 3" "$(of_order 3 status_id)" 19
expect_has "a warning" "$told" "Pick me"
