#!/bin/bash
# Product keys other than the SKU, on both sides; a variant's key before its product's.
. "$(dirname "$0")/lib.sh"
start_sandbox
sql_sandbox "INSERT INTO bc_product (id, sku, name, price, upc, mpn, gtin) VALUES (1, 'MUG', 'Mug', 100000, '036000291452', 'Mpn-Ä 1', '05012345678900'),
	(2, 'TEE', 'Tee', 100000, '111', 'TEE', '222')"
sql_sandbox "UPDATE bc_product SET has_options = 1 WHERE id = 2; DELETE FROM bc_variant WHERE product_id = 2;
	INSERT INTO bc_variant (id, product_id, sku, upc, mpn, gtin) VALUES (902, 2, 'TEE-L', '333', 'TEE-LARGE', '444')"
sql_sandbox "INSERT INTO bp_product (id, sku, name) VALUES (1001, 'A', 'a'), (1002, 'B', 'b'), (1003, 'C', 'c')"
n=0
while read -r bc bp; do
	case $bc in
	sku) mug=mug tee=tee-l ;; upc) mug=036000291452 tee=333 ;; mpn) mug='MPN-ä 1' tee=tee-large ;; gtin) mug=05012345678900 tee=444 ;;
	esac
	n=$((n + 10))
	make_store $n
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; UPDATE bp_product SET sku = 'x' || id, barcode = '', ean = '', upc = '', mpn = '', isbn = '';
		UPDATE bp_product SET $bp = '$mug' WHERE id = 1001; UPDATE bp_product SET $bp = '$tee' WHERE id = 1002"
	setting products.bigcommerce_key $bc products.brightpearl_key $bp
	put_order "[$(order $n a@x.example "$(line MUG 1 10.00),$(line TEE-L 1 10.00)")]"
	run_store 0
	expect_eq "products by $bc and $bp" "$(rows $n | cut -d'|' -f 1 | xargs)" "1001 1002"
done <<-END
	sku mpn
	upc ean
	upc upc
	mpn sku
	gtin barcode
	gtin isbn
END
say "the product's own key where the variant has none; two products with one key; one without a key"
sql_sandbox "UPDATE bc_variant SET gtin = '' WHERE id = 902; UPDATE bp_product SET isbn = '222' WHERE id = 1002; DELETE FROM bc_order; DELETE FROM bc_order_product"
make_store last
setting products.bigcommerce_key gtin products.brightpearl_key isbn
put_order "$(order 901 a@x.example "$(line TEE-L 1 10.00)")"
run_store 0
expect_eq "the product's" "$(rows 901 | cut -d'|' -f 1)" 1002
sql_sandbox "UPDATE bp_product SET isbn = '05012345678900' WHERE id IN (1001, 1003); UPDATE bc_product SET gtin = '' WHERE id = 2"
make_store twins
setting products.bigcommerce_key gtin products.brightpearl_key isbn
sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product"
put_order "[$(order 902 a@x.example "$(line MUG 1 10.00)"), $(order 903 a@x.example "$(line TEE-L 1 10.00)")]"
run_store 65
expect_eq rejects "$(rejects | sort | xargs)" "order:902 ambiguous_sku order:903 unknown_sku"
