#!/bin/bash
# Regions in any script, and the reasons for no tax: several lines of taxes.csv with rate 0, told apart by country,
# region, group, item and tax class.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting orders.gift_certificate_nominal 4060
product 1 MUG && product 2 BOOK
sql_sandbox "INSERT INTO bc_tax_class (id, name) VALUES (7, 'Bücher Ü') ON CONFLICT DO UPDATE SET name = 'Bücher Ü'; UPDATE bc_product SET tax_class_id = 7 WHERE id = 2"
sql_sandbox "INSERT OR IGNORE INTO bc_customer_group (id, name) VALUES (4, 'Öffentlich')"
codes() { rows "$1" | cut -d'|' -f 5 | xargs; }
at() { printf '"billing":{"street_1":"1 St","city":"C","state":"%s","zip":"12345","country":"%s","country_iso2":"%s"},"tax_rate":"%s"' "$3" "$2" "$1" "$4"; }
cat >"$store/mappings/taxes.csv" <<-END
	country,region,customer_group,item,tax_class,rate,becomes,note
	GB,*,*,*,*,20,T20,
	GB,*,*,*,*,0,T0,zero rate
	GB,*,*,product,bücher ü,0,T9,exempt
	GB,*,*,gift_certificate,*,0,T5,outside the scope
	AT,*,*,*,*,20,T20,
	AT,ÖSTERREICH OB DER ENNS,*,*,*,20,T,region in capitals
	AT,östliche*,*,*,*,20,T5,by prefix
	GR,Αττική,*,*,*,0,T9,
	RU,москва,*,*,*,0,T5,
	DE,*,*,*,*,0,T0,zero
	DE,*,öffentlich,*,*,0,T9,by group
	*,*,*,*,*,0,DE19,exports
END
trade='"customer":{"id":9,"email":"t@x.example","first_name":"T","last_name":"R","customer_group_id":4}'
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00 '"tax_rate":"0"'),$(line BOOK 1 5.00 '"tax_rate":"0"'),{\"name\":\"Voucher\",\"type\":\"giftcertificate\",\"price\":\"5.00\",\"tax_rate\":\"0\"},$(line MUG 1 10.00)" '"shipping_cost":"2.00","shipping_tax_rate":"0"'),
	$(order 2 a@x.example "$(line MUG 1 10.00)" "$(at AT Austria 'österreich OB der Enns' 20)"),
	$(order 3 a@x.example "$(line MUG 1 10.00)" "$(at AT Austria 'Östliche Mark' 20)"),
	$(order 4 a@x.example "$(line MUG 1 10.00)" "$(at AT Austria Tirol 20)"),
	$(order 5 a@x.example "$(line MUG 1 10.00)" "$(at GR Greece 'ΑΤΤΙΚΉ' 0)"),
	$(order 6 a@x.example "$(line MUG 1 10.00)" "$(at RU Russia '&#1052;ОСКВА' 0)"),
	$(order 7 a@x.example "$(line MUG 1 10.00)" "$(at DE Germany Hessen 0)"),
	$(order 8 t@x.example "$(line MUG 1 10.00)" "$trade,$(at DE Germany Hessen 0)"),
	$(order 9 a@x.example "$(line MUG 1 10.00),$(line BOOK 2 1.00)" "$(at US 'United States' Ohio 0)")]"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "by item and tax class" "$(codes 1)" "T0 T9 T20 T5 T0"
expect_eq "regions" "$(codes 2) $(codes 3) $(codes 4) $(codes 5) $(codes 6)" "T T5 T20 T9 T5"
expect_eq "by group" "$(codes 7) $(codes 8)" "T0 T9"
expect_eq "exports" "$(codes 9)" "DE19 DE19"
expect_exact
say "two lines that neither is more exact are a complaint, not a guess"
mapping taxes.csv 'DE,Hessen,*,*,*,0,T5,'
mapping taxes.csv 'DE,*,*,product,*,0,T20,'
run_store 78 mappings check
expect_has "complaint" "$said$told" "taxes.csv"
