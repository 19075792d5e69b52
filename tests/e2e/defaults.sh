#!/bin/bash
# sales.csv, shipping.csv, warehouses.csv: what an order is given, and by which line; addresses.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
sql_sandbox "INSERT OR IGNORE INTO bc_customer_group (id, name) VALUES (3, 'Trade'); INSERT OR IGNORE INTO bc_channel (id, name, type, platform, status) VALUES (5, 'Market', 'marketplace', 'custom', 'active')"
cat >"$store/mappings/sales.csv" <<-END
	channel,customer_group,currency,country,order_channel,price_list,warehouse,lead_source,project,team,staff_owner,note
	*,*,*,*,Online shop,Retail,,1,1,1,4,
	*,*,EUR,*,Online shop,Retail EUR,,2,,,,
	*,*,GBP,IE,Retail store,,Overflow Warehouse,,,,,
	*,Trade,GBP,GB,Wholesale,Wholesale,,3,,,,
	*,(guest),*,FR,Brightpearl,,,,,,,
	Market,(guest),GBP,GB,id:4,,,,,,,
END
mapping taxes.csv '*,*,*,*,*,20,T20,'
at() { printf '"billing":{"street_1":"1 St","city":"C","state":"S","zip":"12345","country":"%s","country_iso2":"%s"}' "$2" "$1"; }
account() { printf '"customer":{"id":%d,"email":"%s@x.example","first_name":"T","last_name":"R","customer_group_id":%d}' "$1" "$2" "$3"; }
put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug" '"currency":"EUR","exchange_rate":"1.0","raw":{"store_default_to_transactional_exchange_rate":"1.1600000000"}'),
	$(order 3 a@x.example "$mug" "$(at IE Ireland)"), $(order 4 t@x.example "$mug" "$(account 8 t 3)"),
	$(order 5 a@x.example "$mug" "$(at FR France)"), $(order 6 f@x.example "$mug" "$(account 9 f 0),$(at FR France)"),
	$(order 7 a@x.example "$mug" '"channel_id":5'),
	$(order 8 a@x.example "$mug" '"shipping_method":"Express delivery 24h"'),
	$(order 9 a@x.example "$mug" '"shipping_method":"Pigeon"'),
	$(order 10 a@x.example "$mug" '"shipping":{"first_name":"Zoe","last_name":"Gift","company":"Acme Ltd","street_1":"9 Way","street_2":"Flat 2","city":"York","state":"North Yorkshire","zip":"Y1 9ZZ","country":"United Kingdom","country_iso2":"GB","phone":"0999","method":"Express"}')]"
sed -i '/^BigCommerce,\*,yes,Standard/d' "$store/mappings/shipping.csv"
run_store 0
expect_eq rejects "$(rejects)" ""
given="channel_id, price_list_id, warehouse_id, lead_source_id, project_id, team_id, staff_owner_id"
expect_eq "every order" "$(of_order 1 "$given")" "2|2|2|1|1|1|4"
expect_eq "by currency" "$(of_order 2 "$given, currency, exchange_rate")" "2|5|2|2|0|0|0|EUR|862069"
expect_eq "by country" "$(of_order 3 "channel_id, warehouse_id")" "3|3"
expect_eq "by customer group" "$(of_order 4 "channel_id, price_list_id, lead_source_id")" "4|3|3"
expect_eq "guests in France" "$(of_order 5 channel_id)" 1
expect_eq "an account in France" "$(of_order 6 channel_id)" 2
expect_eq "by channel" "$(of_order 7 channel_id)" 4
expect_eq "shipping method by prefix, unknown" "$(of_order 8 shipping_method_id) $(of_order 9 shipping_method_id)" "2 0"
expect_has "a warning about the unknown method" "$told$said$(sql_store "SELECT group_concat(message) FROM map_complaint")" Pigeon
expect_eq "delivery address" "$(of_order 10 "delivery_address ->> '$.addressFullName', delivery_address ->> '$.companyName', delivery_address ->> '$.addressLine1', delivery_address ->> '$.addressLine2', delivery_address ->> '$.addressLine3', delivery_address ->> '$.addressLine4', delivery_address ->> '$.postalCode', delivery_address ->> '$.telephone', billing_address ->> '$.addressLine1'")" \
	"Zoe Gift|Acme Ltd|9 Way|Flat 2|York|North Yorkshire|Y1 9ZZ|0999|10 High St"
expect_exact

say "no line of sales.csv: a reject; (hold) in shipping.csv: a reject"
sed -i '/^\*,\*,\*,\*,Online/d' "$store/mappings/sales.csv"
put_order "$(order 20 a@x.example "$mug")"
run_store 65
expect_eq rejects "$(rejects)" "order:20 no_sales_line"
mapping sales.csv '*,*,*,*,Online shop,,,,,,,'
mapping shipping.csv 'BigCommerce,Courier,yes,(hold),,,,'
put_order "$(order 21 a@x.example "$mug" '"shipping_method":"Courier"')"
run_store 65
expect_eq rejects "$(rejects)" "order:21 held_by_mapping"
