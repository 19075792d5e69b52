#!/bin/bash
# Tax codes by rate, country, region, group, item and tax class; none fits: a reject with the line that mends it.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 BOOK && product 3 ZERO
codes() { rows "$1" | cut -d'|' -f 5 | xargs; }
at() { printf '"billing":{"street_1":"1 St","city":"C","state":"%s","zip":"12345","country":"%s","country_iso2":"%s"},"tax_rate":"%s"' "$3" "$2" "$1" "$4"; }
sql_sandbox "INSERT INTO bc_tax_class (id, name) VALUES (7, 'Books') ON CONFLICT DO UPDATE SET name = 'Books'; UPDATE bc_product SET tax_class_id = 7 WHERE id = 2"
sql_sandbox "INSERT OR IGNORE INTO bc_customer_group (id, name) VALUES (3, 'Trade')"
cat >"$store/mappings/taxes.csv" <<-END
	country,region,customer_group,item,tax_class,rate,becomes,note
	GB,*,*,*,*,20,T20,
	GB,*,*,*,*,"5,0 %",T5,
	GB,*,*,*,*,0,T0,
	GB,*,*,*,Books,0,T9,books are another code
	GB,*,Trade,*,*,20,T,trade customers
	GB,*,*,shipping,*,20,T5,
	GB,*,Trade,shipping,*,20,T5,
	IE,*,*,*,*,23,IE23,
	US,New York,*,product,*,10,T,
	*,*,*,*,*,0,T0,
END
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00),$(line ZERO 1 5.00 '"tax_rate":"0"'),$(line BOOK 1 5.00 '"tax_rate":"0"'),$(line ZERO 2 5.00 '"tax_rate":"5"')"),
	$(order 2 b@x.example "$(line MUG 1 10.00)" "$(at IE Ireland Dublin 23)"),
	$(order 3 b@x.example "$(line MUG 1 10.00)" "$(at US 'United States' 'New York' 10),\"inclusive\":false"),
	$(order 4 b@x.example "$(line MUG 1 10.00)" "$(at US 'United States' 'Nevada' 10),\"inclusive\":false"),
	$(order 5 b@x.example "$(line MUG 1 10.00)" "$(at US 'United States' 'Nevada' 0),\"inclusive\":false"),
	$(order 6 t@x.example "$(line MUG 1 10.00)" '"customer":{"id":9,"email":"t@x.example","first_name":"T","last_name":"R","customer_group_id":3}'),
	$(order 7 a@x.example "$(line MUG 1 10.00)" '"shipping_cost":"5.00"'),
	$(order 8 a@x.example "$(line MUG 3 0.07)"), $(order 9 a@x.example "$(line MUG 1 0.02)" '"inclusive":false'),
	$(order 10 a@x.example "$(line MUG 1 10.00)" '"shipping":{"street_1":"1 St","city":"C","state":"Dublin","zip":"12345","country":"Ireland","country_iso2":"IE"},"tax_rate":"23"')]"
run_store 65
expect_eq "by rate and tax class" "$(codes 1)" "T20 T0 T9 T5"
expect_eq "by country" "$(codes 2)" IE23
expect_eq "by region" "$(codes 3)" T
expect_eq "* for exports" "$(codes 5)" T0
expect_eq "by customer group" "$(codes 6)" T
expect_eq "by item" "$(codes 7)" "T20 T5"
expect_eq "small amounts: some rate fits within a penny" "$(codes 8 | sed 's/T20\|T0\|T5/ok/') $(codes 9 | sed 's/T20\|T0\|T5/ok/')" "ok ok"
expect_eq "country of delivery, not of billing" "$(codes 10)" IE23
expect_eq rejects "$(rejects)" "order:4 no_tax_code"
line=$(sql_store "SELECT substr(csv_line, 21) FROM reject")
expect_has "the line that mends it" "$line" "US,*,*,product,*,10"
mapping taxes.csv "${line/TAX_CODE/T}"
run_store 0
expect_eq "mended" "$(codes 4)" T
expect_eq rejects "$(rejects)" ""
expect_exact
