#!/bin/bash
# A tax rate is never chosen by a wide margin: many cheap pieces, rates side by side, and a shop that forgot to charge tax.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting orders.gift_certificate_nominal 4060
product 1 STICKER && product 2 SCREW && product 3 MUG
codes() { rows "$1" | cut -d'|' -f 5 | xargs; }
at() { printf '"billing":{"first_name":"A","last_name":"B","street_1":"1 rue","city":"C","state":"","zip":"75001","country":"%s","country_iso2":"%s"}' "$2" "$1"; }
fr=$(at FR France) de=$(at DE Germany) us=$(at US 'United States')
ex='"inclusive":false'
mapping taxes.csv 'GB,*,Wholesale,*,*,0,T9,not charged'
mapping taxes.csv 'FR,*,*,product,*,5.5,T5,books'
mapping taxes.csv 'FR,*,*,*,*,20,T20,'
mapping taxes.csv 'DE,*,*,*,*,19,DE19,'
mapping taxes.csv 'DE,*,*,*,*,19.5,T,'
mapping taxes.csv 'DE,*,*,*,*,16,T9,'
trade='"customer":{"id":5,"email":"w@x.example","first_name":"W","last_name":"T","customer_group_id":2}'
# tax of a line, told otherwise than by its rate
told() { printf '"raw":{"total_ex_tax":"%s","total_tax":"%s","total_inc_tax":"%s","price_tax":"%s","discounted_total_inc_tax":"%s"}' "$@"; }
put_order "[$(order 1 w@x.example "$(line STICKER 500 0.05)" "$trade,$ex"), $(order 2 w@x.example "$(line STICKER 600 0.06)" "$trade"),
	$(order 3 f@x.example "$(line SCREW 1000 0.06)" "$fr,$ex"), $(order 4 f@x.example "$(line SCREW 1000 0.06)" "$fr,$ex,\"tax_rate\":\"5.5\""),
	$(order 5 d@x.example "$(line MUG 1 100.00)" "$de,\"tax_rate\":\"19\""), $(order 6 d@x.example "$(line MUG 1 100.00)" "$de,\"tax_rate\":\"19.5\""),
	$(order 7 d@x.example "$(line SCREW 700 0.07)" "$de,$ex,\"tax_rate\":\"19.5\""),
	$(order 8 f@x.example "$(line SCREW 1 0.06)" "$fr,$ex")]"
run_store 0
expect_eq "20 % of 25.00 and of 36.00, though another line names the group" "$(rows 1) $(rows 2)" "1001|500|25.0000|5.00|T20 1001|600|30.0000|6.00|T20"
expect_eq "20 % and 5.5 % of 60.00" "$(rows 3) $(rows 4)" "1002|1000|60.0000|12.00|T20 1002|1000|60.0000|3.30|T5"
expect_eq "rates side by side" "$(codes 5) $(codes 6) $(codes 7)" "DE19 T T"
expect_eq "one screw: a penny is nearer to 20 % of 0.06 than to 5.5 %" "$(rows 8)" "1002|1|0.0600|0.01|T20"
expect_exact

say "rounded piece by piece: a penny for each of 1,000 screws is 20 % of 0.06"
put_order "[$(order 11 f@x.example "$(line SCREW 1000 0.06 "$(told 60.0000 10.0000 70.0000 0.0100 70.0000)")" "$fr,$ex,\"raw\":{\"total_tax\":\"10.0000\",\"total_inc_tax\":\"70.0000\",\"subtotal_tax\":\"10.0000\",\"subtotal_inc_tax\":\"70.0000\"}")]"
run_store 0
expect_eq "code and tax" "$(rows 11)" "1002|1000|60.0000|10.00|T20"

say "a tax that no rate gives is a reject, with the rate that was charged"
put_order "[$(order 21 f@x.example "$(line SCREW 1000 0.06)" "$fr,$ex,\"tax_rate\":\"19\""), $(order 22 a@x.example "$(line STICKER 1000 0.06)" "$ex,\"tax_rate\":\"17.5\"")]"
run_store 65
expect_eq rejects "$(rejects | xargs)" "order:21 no_tax_code order:22 no_tax_code"
expect_has "the line" "$(sql_store "SELECT csv_line FROM reject WHERE key = 'order:22' AND closed_at IS NULL")" "GB,*,*,product,*,17.5,TAX_CODE"
sql_store "SELECT key FROM reject WHERE closed_at IS NULL" | while read -r key; do run_store 0 ignore "$key" --why 'shown'; done

say "no tax where tax is due: the line for exports does not take it; gift certificates and exports go"
gift='{"name":"Gift Certificate","type":"giftcertificate","price":"25.00","tax_rate":"0","recipient":"zoe@x.example"}'
put_order "[$(order 31 a@x.example "$(line MUG 1 10.00)" '"tax_rate":"0"'), $(order 32 f@x.example "$(line MUG 1 10.00)" "$fr,\"tax_rate\":\"0\""),
	$(order 33 u@x.example "$(line MUG 1 10.00)" "$us,\"tax_rate\":\"0\""), $(order 34 a@x.example "$(line MUG 1 10.00),$gift"),
	$(order 35 a@x.example "$(line MUG 1 10.00)" '"shipping_cost":"5.00","shipping_tax_rate":"0"')]"
run_store 65
expect_eq rejects "$(rejects | xargs)" "order:31 no_tax_code order:32 no_tax_code order:35 no_tax_code"
expect_has "why" "$(sql_store "SELECT hint FROM reject WHERE key = 'order:31' AND closed_at IS NULL")" "BigCommerce charged no tax although taxes.csv has a rate for it"
expect_eq "exports, gift certificate" "$(codes 33) / $(codes 34)" "T0 / T20 T0"
say "a line of one's own says that it is right"
mapping taxes.csv 'GB,*,*,*,*,0,T0,zero rate'
mapping taxes.csv 'FR,*,*,*,*,0,T9,'
run_store 0
expect_eq "codes" "$(codes 31) $(codes 32) / $(codes 35)" "T0 T9 / T20 T0"
expect_eq rejects "$(rejects)" ""
