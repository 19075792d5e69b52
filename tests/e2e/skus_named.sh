#!/bin/bash
# Products named for certain (id:, product:, variant:); of several with one key the live one; one reject a product, however many orders; a bad line stops only what it speaks of.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes
product 1 MUG && product 2 TEA && product 3 CUP && product 4 JUG && product 5 PAN
sql_sandbox "INSERT INTO bp_product (id, sku, name, status) VALUES (901, 'TEA', 'Tea, old', 'ARCHIVED'), (902, 'CUP', 'Cup, old', 'DISCONTINUED'),
	(903, 'JUG', 'Jug, blue', 'LIVE'), (904, 'jug', 'Jug, old', 'ARCHIVED'), (905, 'PAN', 'Pan, other', '')"
sql_sandbox "INSERT INTO bc_product (id, sku, name, price) VALUES (7, '', 'Hand-made bowl', 100000), (8, 'A,B', 'Comma', 100000), (9, 'SHIRT', 'Shirt', 100000);
	UPDATE bc_product SET has_options = 1 WHERE id = 9; DELETE FROM bc_variant WHERE product_id = 9;
	INSERT INTO bc_variant (id, product_id, sku) VALUES (991, 9, 'SHIRT-S'), (992, 9, 'SHIRT-L');
	INSERT INTO bp_product (id, sku, name) VALUES (1707, 'BOWL-1', 'Bowl'), (1801, 'S', 's'), (1802, 'L', 'l'), (1803, 'AB', 'ab')"
for i in 1001 1002 1003 903 905 1707 1801; do put_stock $i 2 50; done
product_of() { rows "$1" | cut -d'|' -f 1 | xargs; }
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00)"), $(order 2 a@x.example "$(line TEA 1 10.00), $(line CUP 1 10.00)"),
	$(order 3 a@x.example "$(line JUG 1 10.00)"), $(order 4 a@x.example "$(line PAN 1 10.00)"), $(order 5 a@x.example "$(line JUG 2 10.00)"),
	$(order 6 a@x.example '{"sku":"","name":"Hand-made bowl","product_id":7,"quantity":1,"price":"10.00"}'),
	$(order 7 a@x.example "$(line SHIRT-S 1 10.00), $(line SHIRT-L 1 10.00)"), $(order 8 a@x.example "$(line 'A,B' 1 10.00)"),
	$(order 9 a@x.example "$(line JUG 3 10.00)")]"
run_store 65
expect_eq "the live one of two" "$(product_of 2)" "1002 1003"
expect_eq "the others go on" "$(product_of 1)" 1001
expect_eq "one reject a product" "$(sql_store "SELECT key || ' ' || reason FROM reject WHERE closed_at IS NULL AND job = 'orders' ORDER BY id" | sort)" "order:3 ambiguous_sku
order:4 ambiguous_sku
order:6 unknown_sku
order:7 unknown_sku
order:7 unknown_sku
order:8 unknown_sku"
jug=$(sql_store "SELECT message FROM reject WHERE key = 'order:3' AND job = 'orders'")
expect_has "the candidates" "$jug" '903 "Jug, blue" (LIVE), 904 "Jug, old" (ARCHIVED), 1004 "JUG" (LIVE)'
expect_has "all that wait" "$jug" "3 wait for it: order:3, order:5, order:9"
run_store 0 explain order 9
expect_has "an order that shares its reject" "$said" "Jug, blue"
expect_eq "books count orders" "$(sql_store "SELECT rejected FROM stage WHERE name = 'orders.transform' ORDER BY run_id DESC LIMIT 1")" 7
expect_eq "of the stock one reject a product" "$(sql_store "SELECT group_concat(reason) FROM reject WHERE closed_at IS NULL AND job = 'inventory'")" "ambiguous_sku,ambiguous_sku"
say "a person's word about the first leaves the reject to the others; a new order with the same product is told"
run_store 0 ignore order:3 --why "by hand"
expect_eq "the others wait under the next" "$(rejects | grep -c 'order:5 ambiguous_sku')" 1
run_store 0
put_order "$(order 10 a@x.example "$(line JUG 1 10.00)")"
run_store 65
expect_has "the new one" "$(sql_store "SELECT message FROM reject WHERE key = 'order:5' AND closed_at IS NULL")" "order:10"
say "named by numbers"
mapping sku_keys.csv 'JUG,id:903,'
mapping sku_keys.csv 'product:7,BOWL-1,'
mapping sku_keys.csv 'variant:991,id:1801,'
mapping sku_keys.csv 'product:9,L,the other sizes'
mapping sku_keys.csv '"A,B",id:1803,'
mapping sku_keys.csv 'PAN,id: 905,'
run_store 0
expect_eq "by id" "$(product_of 5) $(product_of 9) $(product_of 4)" "903 903 905"
expect_eq "a product without a SKU" "$(product_of 6)" 1707
expect_eq "a variant, and the others of its product" "$(product_of 7)" "1801 1802"
expect_eq "a SKU with a comma" "$(product_of 8)" 1803
expect_eq rejects "$(rejects)" ""
expect_eq "stock too" "$(shop | grep -o 'JUG=[0-9]*\|PAN=[0-9]*' | xargs)" "JUG=43 PAN=49"
say "bad lines: other orders and other stock go on (78 until they are mended)"
product 11 ONE && product 12 TWO && product 13 0013 && product 14 DUO && product 15 FIX
for i in 1011 1012 1013 1014 1015; do put_stock $i 2 9; done
mapping sku_keys.csv 'ONE,id:555555,'
mapping sku_keys.csv '13,TWO,'
mapping sku_keys.csv 'DUO,DUO,' && mapping sku_keys.csv 'duo,id:1001,'
mapping stock.csv 'FIX,,maybe,,' && mapping stock.csv 'MUG,Nowhere,no,,' && mapping stock.csv 'CUP,,3'
put_order "[$(order 21 b@x.example "$(line ONE 1 10.00)"), $(order 22 b@x.example "$(line TWO 1 10.00)"),
	$(order 23 b@x.example "$(line 0013 1 10.00)"), $(order 24 b@x.example "$(line DUO 1 10.00)"), $(order 25 b@x.example "$(line MUG 1 10.00)")]"
later 1500
run_store 78
expect_eq "what the lines do not speak of" "$(product_of 22) $(product_of 25)" "1012 1001"
expect_eq "what they speak of waits" "$(sql_store "SELECT group_concat(key, ' ') FROM (SELECT key FROM reject WHERE closed_at IS NULL AND reason = 'sku_keys_line' ORDER BY key)")" "order:21 order:23 order:24"
expect_has "why" "$(sql_store "SELECT message FROM reject WHERE key = 'order:21' AND closed_at IS NULL")" "has no product 555555"
expect_has "why" "$(sql_store "SELECT message FROM reject WHERE key = 'order:23' AND closed_at IS NULL")" 'did you mean "0013"'
expect_eq "stock" "$(shop | tr ' ' '\n' | grep 'FIX\|MUG\|TWO\|ONE\|DUO\|0013\|CUP' | sort | xargs)" "0013=- CUP=3 DUO=- FIX=- MUG=48 ONE=- TWO=8"
say "a tax code that is not there: other countries go on"
mapping taxes.csv 'FR,*,*,*,*,20,FR20,' && mapping taxes.csv 'DE,*,*,*,*,0.2,T20,'
abroad() { printf '"shipping":{"street_1":"1 St","city":"C","zip":"12345","country":"%s","country_iso2":"%s"}' "$2" "$1"; }
put_order "[$(order 31 b@x.example "$(line MUG 1 10.00)" "$(abroad FR France)"), $(order 32 b@x.example "$(line MUG 1 10.00)" "$(abroad DE Germany)"), $(order 33 b@x.example "$(line MUG 1 10.00)")]"
run_store 78
expect_has "0.2 as a rate" "$told" 'a spreadsheet keeps 20 % so'
expect_eq "33 goes on" "$(product_of 33)" 1001
expect_eq "31 and 32 wait" "$(sql_store "SELECT group_concat(key, ' ') FROM (SELECT key FROM reject WHERE closed_at IS NULL AND reason = 'taxes_line' ORDER BY key)")" "order:31 order:32"
sed -i 's/FR20/T20/; s/,0\.2,/,20,/' "$store/mappings/taxes.csv"
sed -i '/^ONE\|^13\|^duo/d' "$store/mappings/sku_keys.csv"
cp "$home/mappings/stock.csv" "$store/mappings/"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_exact
