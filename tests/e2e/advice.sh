#!/bin/bash
# Every line that a reject offers, its placeholder filled in and put at the end of its file, passes the check and mends the record, whatever the names are like.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
# Fill in each offered line, put it at the end of its file, check, run: no reject of these reasons is left.
follow() { # REASON WITH ... for the placeholders
	local line file key
	while IFS='|' read -r key line; do
		[ -n "$line" ] || { bad "$key offers no line" && continue; }
		file=${line%%: *} line=${line#*: }
		line=${line/THE_KEY_IN_BRIGHTPEARL/${there[$key]-id:1001}} line=${line/TAX_CODE/T9} line=${line/,CHANNEL/,Online shop}
		case $file in *settings.csv) line=${line/CODE/4000} ;; *) line=${line/CODE/CARD} ;; esac
		mapping "${file#mappings/}" "$line"
		run_store 0 mappings check
		expect_has "the check of $line" "$said" "0 complaints"
	done < <(sql_store "SELECT key, csv_line FROM reject WHERE closed_at IS NULL ORDER BY id")
	run_store 0
	expect_eq "rejects after the advice" "$(rejects)" ""
}
declare -A there
n=0
say "orders: products without a key, shared keys, commas and quotes; taxes, statuses, channels, certificates"
make_store
setting inventory.enabled yes
product 1 MUG
sql_sandbox "INSERT INTO bc_product (id, sku, name, price) VALUES (7, '', 'Bowl', 100000), (8, 'A,\"B\"', 'Comma', 100000), (9, 'TWIN', 'Twin', 100000), (10, '0815', 'Zeros', 1), (11, '1E5', 'Short', 1), (12, '3/10', 'Date', 1),
	(13, '=1+1', 'Formula', 1), (14, '-5 \"x\";a', 'Minus', 1), (15, '' || char(39) || '+A', 'Apostrophe', 1), (16, ' lead', 'Blank', 1), (17, 'a' || char(10) || 'b', 'Lines', 1), (18, char(27) || '[2J', 'Escape', 1), (19, 'x' || char(8238) || 'y', 'Bidi', 1);
	INSERT INTO bp_product (id, sku, name) VALUES (1051, 'TWIN', 'Twin a'), (1052, 'TWIN', 'Twin b')"
sed -i '/^BigCommerce,Awaiting Shipment/d' "$store/mappings/statuses.csv"
sed -i '/^\*,\*,\*,\*,/d' "$store/mappings/sales.csv"
mapping sales.csv '*,*,GBP,GB,Online shop,,,,,,,'
mapping taxes.csv 'FR,*,(guest),*,*,,T9,'
abroad() { printf '"shipping":{"street_1":"1 St","city":"C","state":"Some, region","zip":"12345","country":"%s","country_iso2":"%s"}' "$2" "$1"; }
item() { printf '{"sku":"%s","name":"%s","product_id":%d,"quantity":1,"price":"10.00"}' "$1" "$2" "$3"; }
put_order "[$(order 1 a@x.example "$(item '' Bowl 7)"), $(order 2 a@x.example "$(item 'A,\"B\"' Comma 8)"), $(order 3 a@x.example "$(line TWIN 1 10.00)"),
	$(order 4 a@x.example "$(item 0815 Zeros 10), $(item 1E5 Short 11), $(item 3/10 Date 12)"),
	$(order 9 a@x.example "$(item "=1+1" Formula 13), $(item '-5 \"x\";a' Minus 14), $(item "'+A" Apostrophe 15), $(item ' lead' Blank 16), $(item 'a\nb' Lines 17), $(item '\u001b[2J' Escape 18), $(item 'x\u202ey' Bidi 19)"),
	$(order 5 a@x.example "$(line MUG 1 10.00)" '"tax_rate":"8.875"'),
	$(order 6 a@x.example "$(line MUG 1 10.00)" '"status_id":9'),
	$(order 7 a@x.example "$(line MUG 1 1000.00)" "$(abroad US 'United States'),\"tax_rate\":\"8.875\""),
	$(order 8 a@x.example '{"type":"giftcertificate","sku":"","name":"Certificate","quantity":1,"price":"10.00"}')]"
for i in 1001 1051 1052; do put_stock $i 2 9; done
run_store 65
expect_eq "reasons" "$(sql_store "SELECT DISTINCT reason FROM reject WHERE closed_at IS NULL ORDER BY 1" | xargs)" "ambiguous_sku no_gift_certificate_nominal no_sales_line no_status_line no_tax_code unknown_sku"
there["order:3"]=id:1052
# of one product the orders' and the stock's reject offer the same line: it is put in once
sql_store "UPDATE reject SET closed_at = 1 WHERE job = 'inventory'"
follow
expect_eq "by its number" "$(rows 3 | cut -d'|' -f 1)" 1052
say "stock: the line that the stock's reject offers"
make_store second
setting inventory.enabled yes orders.enabled no customers.enabled no
run_store 65
follow
say "other keys than the SKU"
make_store keys
sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; UPDATE bc_product SET upc = '12,5' WHERE id = 8; UPDATE bc_variant SET upc = '12,5' WHERE product_id = 8"
setting products.bigcommerce_key upc products.brightpearl_key barcode
put_order "[$(order 11 a@x.example "$(item 'A,\"B\"' Comma 8)"), $(order 12 a@x.example "$(line TWIN 1 10.00)"), $(order 13 a@x.example "$(item '' Bowl 7)")]"
run_store 65
follow
say "payments: no line, a line that names nothing, a line of another kind beside it"
for file in '*,stripe,*,yes,,CARD,' 'Later,*,*,yes,,,to be decided'; do
	n=$((n + 2))
	make_store paid$n
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row"
	setting payments.enabled yes
	printf '%s\n' method,gateway,currency,sync,paid_at,becomes,note "$file" >"$store/mappings/payments.csv"
	put_order "[$(order $((20 + n)) a@x.example "$(line MUG 1 10.00)" '"payment_method":"Pay, by \"x\""'), $(order $((21 + n)) a@x.example "$(line MUG 1 10.00)" '"payment_method":"Later"')]"
	run_store 65
	expect_eq "rejects" "$(rejects | wc -l)" 2
	follow
done
say "shipments and statuses"
make_store sent
sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bp_payment;
	UPDATE bp_shipping_method SET name = 'Drone, by \"air\"*' WHERE id = 2; UPDATE bp_order_status SET name = 'Ready, set' WHERE id = 19"
setting fulfillment.enabled yes fulfillment.start_date 2026-01-01T00:00:00Z statuses.to_bigcommerce.enabled yes
sed -i '/^Brightpearl,/d' "$store/mappings/shipping.csv" "$store/mappings/statuses.csv"
sed -i 's/^\(BigCommerce,.*,yes,\)\(Express\|Standard\),/\1(leave),/' "$store/mappings/shipping.csv"
put_order "[$(order 31 a@x.example "$(line MUG 1 10.00)"), $(order 32 a@x.example "$(line MUG 1 10.00)")]"
run_store 0
ship_note 31 '' T1 2
merchant sql "UPDATE bp_order SET status_id = 19, updated_on = server_time() / 1000 WHERE external_ref = 'BC-32'"
later 30
run_store 65
expect_eq "reasons" "$(sql_store "SELECT DISTINCT reason FROM reject WHERE closed_at IS NULL ORDER BY 1" | xargs)" "no_shipping_line no_status_line"
follow
