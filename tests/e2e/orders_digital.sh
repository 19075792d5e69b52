#!/bin/bash
# orders.digital: by its status as any order, or always, if it is of digital goods only; taxed where billed.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 EBOOK
ebook=$(line EBOOK 1 10.00 '"type":"digital"') mug=$(line MUG 1 10.00)
put_order "[$(order 1 a@x.example "$ebook" '"status_id":10,"shipping":false'), $(order 2 a@x.example "$ebook,$mug" '"status_id":10'),
	$(order 3 a@x.example "$ebook" '"status_id":0'), $(order 4 a@x.example "$ebook" '"status_id":14,"raw":{"order_is_digital":false}'),
	$(order 5 a@x.example "$mug" '"status_id":10,"raw":{"order_is_digital":true}'), $(order 6 a@x.example "$ebook"),
	$(order 7 a@x.example "$ebook,$(line MUG 0 3.00)" '"status_id":8'), $(order 9 a@x.example "$ebook" '"status_id":5')]"
sed -i '/^BigCommerce,Awaiting Pickup,/d; s/^BigCommerce,\(Completed\|Partially Refunded\),[a-z]*/BigCommerce,\1,no/' "$store/mappings/statuses.csv"
run_store 65
expect_eq "by_status" "$(orders_there) / $(rejects)" "BC-6 / order:7 no_status_line"
say "always: of digital goods only, whatever the order's flag says, but none that is incomplete or cancelled"
setting orders.digital always
run_store 0
expect_eq "always" "$(orders_there) / $(rejects)" "BC-1 BC-4 BC-6 BC-7 / "
expect_eq "skipped" "$(sql_store "SELECT key FROM skip WHERE job = 'orders' ORDER BY 1" | xargs)" "order:2 order:3 order:5 order:9"
expect_eq "a row, no delivery method" "$(rows 1) $(of_order 1 shipping_method_id)" "1002|1|8.3300|1.67|T20 0"
say "digital goods are taxed by the billing address, the others of the order where they go"
mapping taxes.csv 'FR,*,*,digital,*,20,T,'
mapping taxes.csv 'IE,*,*,*,*,23,IE23,'
put_order "$(order 8 f@x.example "$ebook,$(line MUG 1 10.00 '"tax_rate":"23"')" '"billing":{"street_1":"1 Rue","city":"Paris","zip":"75001","country":"France","country_iso2":"FR"},"shipping":{"street_1":"1 St","city":"Cork","state":"Cork","zip":"12345","country":"Ireland","country_iso2":"IE"}')"
run_store 0
expect_eq "codes" "$(rows 8 | cut -d'|' -f 1,5 | xargs)" "1001|IE23 1002|T"
expect_exact
