#!/bin/bash
# Nothing older than an order decides about it: customer group, tax class and Brightpearl's product are asked by id when it changed since.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
sql_sandbox "INSERT INTO bc_tax_class (id, name) VALUES (7, 'Books') ON CONFLICT DO UPDATE SET name = 'Books'"
make_store
product 1 MUG
product 2 BOOK
mug=$(line MUG 1 10.00)
mapping sales.csv '*,Whole*,*,*,Wholesale,Wholesale,,,,,,'
mapping taxes.csv 'GB,*,Whole*,*,*,0,T9,not charged: checked by the accountant'
mapping taxes.csv 'GB,*,*,*,Books,0,T0,'
mapping taxes.csv 'GB,*,Whole*,*,Books,0,T9,'
shopper() { printf '"tax_rate":"%s","customer":{"id":%d,"email":"kim%d@x.example","first_name":"Kim","last_name":"Day","customer_group_id":%d}' "${3-20}" "$1" "$1" "$2"; }
channel() { of_order "$1" "channel_id"; }
codes() { sql_sandbox "SELECT group_concat(r.tax_code) FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-$1'"; }
put_order "[$(for i in 5 6 7 8; do order "$i" "kim$i@x.example" "$mug" "$(shopper "$i" 1)"; echo ,; done)$(order 9 kim9@x.example "$(line BOOK 1 10.00)" "$(shopper 9 1)")]"
run_store 0
expect_eq "channels, tax code" "$(channel 5) $(codes 5) $(codes 9)" "2 T20 T20"

say "a group that changed, one that is younger than the list of groups, an account that is gone"
later 60
sql_sandbox "INSERT INTO bc_customer_group (id, name) VALUES (31, 'Wholesale West');
	UPDATE bc_customer SET customer_group_id = 2, date_modified = $(now) WHERE id = 5;
	UPDATE bc_customer SET customer_group_id = 31, date_modified = $(now) WHERE id = 6"
later 60
put_order "[$(order 15 kim5@x.example "$mug" "$(shopper 5 2 0)"), $(order 16 kim6@x.example "$mug" "$(shopper 6 31 0)"), $(order 17 kim7@x.example "$mug" "$(shopper 7 1)")]"
sql_sandbox "DELETE FROM bc_customer WHERE id = 7"
mark
run_store 0
expect_eq "channels" "$(channel 15) $(channel 16) $(channel 17)" "4 4 2"
expect_eq "tax codes" "$(codes 15) $(codes 16) $(codes 17)" "T9 T9 T20"
expect_has "the note of the one that is gone" "$(sql_sandbox "SELECT text FROM bp_order_note n JOIN bp_order o ON o.id = n.order_id WHERE o.external_ref = 'BC-17'")" "BigCommerce has no customer account 7 any more"
expect_eq "customers asked for" "$(requests "path LIKE '/v3/customers%'")" 2
mark
run_store 0
expect_eq "a quiet run asks for nothing" "$(requests "path LIKE '/v3/customers%' OR path LIKE '%/product%' OR path LIKE '/contact-service/%' OR path LIKE '%customer_groups%'")" 0

say "what cannot be read waits: an outage, a refusal"
for kind in 'kind=status_before arg=503' 'kind=status_before arg=422'; do
	id=$((${id:-20} + 1))
	# shellcheck disable=SC2086
	fault api=bigcommerce path=/v3/customers $kind times=-1
	put_order "$(order $id kim5@x.example "$mug" "$(shopper 5 2 0)")"
	code=75
	[ $id = 21 ] || code=65
	run_store $code
	expect_eq "order" "$(channel $id)" ""
	sql_sandbox "DELETE FROM fault"
	run_store 0
	expect_eq "order" "$(channel $id)" 4
	expect_eq rejects "$(rejects)" ""
done

say "a product's tax class that changed, and a product that is gone"
sql_sandbox "UPDATE bc_product SET tax_class_id = 7, date_modified = $(now) WHERE id = 2"
put_order "$(order 30 kim8@x.example "$(line BOOK 1 10.00)" "$(shopper 8 1 0)")"
run_store 0
expect_eq "tax code" "$(codes 30)" T0
put_order "$(order 31 kim8@x.example "$mug" "$(shopper 8 1)")"
sql_sandbox "DELETE FROM bc_product WHERE id = 1"
run_store 0
expect_has "note" "$(sql_sandbox "SELECT text FROM bp_order_note n JOIN bp_order o ON o.id = n.order_id WHERE o.external_ref = 'BC-31'")" "BigCommerce has no product 1 (MUG) any more"
expect_eq "tax code" "$(codes 31)" T20

say "Brightpearl's product of a key: two that changed places, one made anew"
sql_sandbox "UPDATE bp_product SET sku = CASE id WHEN 1001 THEN 'BOOK' ELSE 'MUG' END, updated_on = $(now) WHERE id IN (1001, 1002)"
put_order "$(order 40 kim8@x.example "$mug" "$(shopper 8 1)")"
mark
run_store 0
expect_eq "product" "$(rows 40 | cut -d '|' -f 1)" 1002
sql_sandbox "DELETE FROM bp_product WHERE id = 1002; INSERT INTO bp_product (id, sku, name, created_on) VALUES (1003, 'MUG', 'Mug', $(now))"
put_order "$(order 41 kim8@x.example "$mug" "$(shopper 8 1)")"
run_store 0
expect_eq "product" "$(rows 41 | cut -d '|' -f 1)" 1003
sql_sandbox "DELETE FROM bp_product WHERE id = 1003"
put_order "$(order 42 kim8@x.example "$mug" "$(shopper 8 1)")"
run_store 65
expect_has "none is none" "$(rejects)" "order:42 unknown_sku"

say "a key that only the catalogue tells, of a variant, changed"
make_store keys
setting products.bigcommerce_key mpn
sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; INSERT INTO bc_product (id, sku, name, price) VALUES (70, 'TEE', 'Tee', 100000);
	INSERT INTO bc_variant (id, product_id, sku, mpn) VALUES (970, 70, 'TEE-L', 'OLD');
	INSERT INTO bp_product (id, sku, name) VALUES (1070, 'OLD', 'Tee'), (1071, 'NEW', 'Tee')"
tee() { put_order "$(order "$1" tee@x.example "$(line TEE-L 1 10.00 '"product_id":70,"variant_id":970')")"; }
tee 70
run_store 0
sql_sandbox "UPDATE bc_variant SET mpn = 'NEW' WHERE id = 970"
tee 71
run_store 0
expect_eq "products" "$(rows 70 | cut -d '|' -f 1) $(rows 71 | cut -d '|' -f 1)" "1070 1071"

say "1,000 orders: at most 15 requests more, none in a quiet run"
make_store many
mapping sales.csv '*,Wholesale,*,*,Wholesale,Wholesale,,,,,,'
mapping taxes.csv 'GB,*,*,*,Books,0,T0,'
setting customers.update no customers.create no customers.if_absent 600 limits.orders 5000
sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; INSERT INTO bp_contact (id, first_name, last_name, email) VALUES (600, 'A', 'B', 'all@x.example');
	INSERT INTO bp_product (id, sku, name) VALUES (1005, 'CUP', 'CUP'); INSERT INTO bc_product (id, sku, name, price) VALUES (5, 'CUP', 'CUP', 100000)"
run_store 0
for part in 0 1 2 3; do
	list=''
	for i in $(seq $((1000 + part * 250)) $((1249 + part * 250))); do list+=",$(order "$i" "k$i@x.example" "$(line CUP 1 10.00)" "\"customer\":{\"id\":$i,\"email\":\"k$i@x.example\",\"first_name\":\"K\",\"last_name\":\"D\",\"customer_group_id\":2}")"; done
	put_order "[${list:1}]"
done
mark
run_store 0
expect_eq "sent" "$(sql_sandbox "SELECT count(*) FROM bp_order WHERE channel_id = 4 AND external_ref GLOB 'BC-1[0-9][0-9][0-9]'")" 1000
asked=$(requests "method = 'GET' AND (path LIKE '/v3/customers%' OR path LIKE '/v3/catalog/%' OR path GLOB '/product-service/product*' OR path GLOB '/contact-service/contact/*')")
expect_eq "asked by id, at most 15: $asked" "$((asked <= 15 && asked > 4))" 1
mark
run_store 0
expect_eq "a quiet run asks for nothing" "$(requests "path LIKE '/v3/c%' OR path GLOB '/product-service/product*' OR path LIKE '/contact-service/%'")" 0
