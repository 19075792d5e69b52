#!/bin/bash
# Store credit and gift certificates are payments: the sales order is worth the goods, whether the total is told
# before or after they were used; certificates that are bought are rows.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA
two="$(line MUG 2 10.00),$(line TEA 3 4.35)" # 33.05
gift='{"name":"Gift Certificate for Zoe","type":"giftcertificate","price":"25.00","tax_rate":"0","recipient":"zoe@x.example"}'
n=0
for after in no yes; do
	switch bc_total_after_credit $after
	for mode in true false; do
		put_order "[$(order $((n + 1)) a@x.example "$two" "\"inclusive\":$mode,\"store_credit\":\"4.00\",\"shipping_cost\":\"3.95\""),
		$(order $((n + 2)) a@x.example "$two" "\"inclusive\":$mode,\"gift_certificate\":\"10.00\",\"coupon\":{\"code\":\"TEN\",\"discount\":\"3.31\"}"),
		$(order $((n + 3)) a@x.example "$two" "\"inclusive\":$mode,\"store_credit\":\"1.11\",\"gift_certificate\":\"2.22\",\"discount\":\"0.50\""),
		$(order $((n + 4)) a@x.example "$(line MUG 1 10.00)" "\"inclusive\":$mode,\"store_credit\":\"$([ $mode = true ] && echo 10.00 || echo 12.00)\""),
		$(order $((n + 5)) a@x.example "$(line MUG 1 10.00),$gift" "\"inclusive\":$mode,\"store_credit\":\"5.00\"")]"
		n=$((n + 10))
	done
done
setting orders.gift_certificate_nominal 4060
run_store 0
expect_eq rejects "$(rejects)" ""
for i in 1 2 3 4 5; do
	expect_eq "order $i, prices with tax" "$(of_order $i total)" "$(of_order $((20 + i)) total)"
	expect_eq "order $i, prices without tax" "$(of_order $((10 + i)) total)" "$(of_order $((30 + i)) total)"
done
expect_eq "order 1: 33.05 and 3.95" "$(of_order 21 total)" 370000
expect_eq "paid by credit in full" "$(of_order 24 total) $(of_order 34 total)" "100000 120000"
expect_eq "a certificate is a row without product or tax, on its own nominal code" \
	"$(sql_sandbox "SELECT r.product_id, r.name, r.net, r.tax, r.tax_code, r.nominal_code FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-25' AND r.name LIKE 'Gift%'")" \
	"1000|Gift Certificate for Zoe|250000|0|T0|4060"
expect_eq "what was used is kept for the payments" "$(sql_store "SELECT store_credit_amount, gift_certificate_amount FROM stg_bc_order WHERE id IN (3, 23)" | uniq)" "11100|22200"
mark
run_store 0
expect_eq writes "$(count_writes)" 0
say "the tax too is told of what was left to pay: that of the goods counts"
put_order "[$(order 101 a@x.example "$two" '"store_credit":"33.05","raw":{"total_inc_tax":"0.0000","total_ex_tax":"0.0000","total_tax":"0.0000"}'),
	$(order 102 a@x.example "$two" '"inclusive":false,"store_credit":"39.66","raw":{"total_inc_tax":"0.0000","total_ex_tax":"0.0000","total_tax":"0.0000"}'),
	$(order 103 a@x.example "$two" '"inclusive":false,"gift_certificate":"19.83","raw":{"total_inc_tax":"19.8300","total_ex_tax":"16.5250","total_tax":"3.3050"}')]"
run_store 0
expect_eq "worth and tax" "$(of_order 101 "total, total_tax") $(of_order 102 "total, total_tax") $(of_order 103 "total, total_tax")" "330500|55100 396600|66100 396600|66100"
