#!/bin/bash
# Long texts are cut, line breaks and blanks go, entities are decoded once, emoji and other scripts stay; what
# cannot be read is told, never dropped.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA
long=$(printf 'ä%.0s' $(seq 300))
name() { sql_sandbox "SELECT r.name FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-$1' ORDER BY r.sequence, r.id LIMIT 1"; }
at() { of_order "$1" "delivery_address ->> '$.$2'"; }
ship() { printf '"shipping":{"first_name":"%s","last_name":"%s","street_1":"%s","street_2":"%s","city":"%s","state":"S","zip":"Z","country":"United Kingdom","country_iso2":"GB"}' "$@"; }
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00 "\"name\":\"$long\"")" "$(ship "$long" "$long" "$long" "$long" "$long")"),
	$(order 2 a@x.example "$(line MUG 1 10.00 '"name":"58&quot; screen &amp;amp; 5 &lt; 6"')" "$(ship 'A &amp; B' 'O&#39;Neill' 'line\nbreak' '\ttab  two' 'Łódź')"),
	$(order 3 a@x.example "$(line MUG 1 10.00 '"name":"Mug \ud83c\udf75\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\nNew"')" "$(ship '\u05d3\u05df' '\u732b' 'x' '' '\ud83c\udfe0')"),
	$(order 4 a@x.example "{\"sku\":\"LOST-SKU-1\",\"name\":\"$long\",\"quantity\":1,\"price\":\"2.00\",\"product_id\":9}"),
	$(order 5 a@x.example "$(line MUG 1 10.00 '"raw":{"product_options":[{"display_name":"Text","display_value":"Happy\nbirthday &hearts;"},{"display_name":"Size","display_value":null}]}')"),
	$(order 6 a@x.example '{"sku":"","name":"","quantity":2,"price":"1.50"}'),
	$(order 7 a@x.example "$(line MUG 1 10.00 '"raw":{"applied_discounts":null,"product_options":{},"upc":null,"name":null,"name_merchant":"Merchants mug"}')" '"raw":{"fees":{"fees":[]},"coupon_discount":null,"order_is_digital":null,"customer_message":null,"store_credit_amount":null}')]"
setting orders.missing_sku text_row
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "a long name" "$(name 1)" "${long:0:250}"
expect_eq "a long street" "$(at 1 addressLine1)" "${long:0:250}"
expect_eq "a long person" "$(at 1 addressFullName)" "${long:0:250}"
expect_eq "entities, once" "$(name 2)" '58" screen &amp; 5 < 6'
expect_eq "one line" "$(at 2 addressFullName)|$(at 2 addressLine1)|$(at 2 addressLine2)|$(at 2 addressLine3)" "A & B O'Neill|line break|tab two|Łódź"
expect_eq "emoji" "$(name 3)|$(at 3 addressFullName)|$(at 3 addressLine3)" "Mug 🍵👨‍👩‍👧 New|דן 猫|🏠"
expect_eq "an unknown product keeps its SKU" "$(name 4)" "${long:0:237} [LOST-SKU-1]"
expect_eq "options" "$(name 5)" "MUG (Text: Happy birthday &hearts;)"
expect_eq "a line without name and SKU" "$(rows 6) $(name 6)" "1000|2|2.5000|0.50|T20 Item"
expect_eq "nulls and objects where lists are usual" "$(name 7)" "Merchants mug"
expect_exact
say "what cannot be read: the order waits, others go on"
put_order "[$(order 11 a@x.example "$(line MUG 1 10.00),$(line TEA 1 5.00 '"raw":{"quantity":"two"}')"), $(order 12 a@x.example "$(line MUG 1 10.00 '"raw":{"id":"x"}')"),
	$(order 13 a@x.example "$(line MUG 1 10.00)" '"raw":{"total_inc_tax":"ten"}'), $(order 14 a@x.example "$(line MUG 1 10.00 '"raw":{"total_ex_tax":null}')"),
	$(order 15 a@x.example "$(line MUG 1 10.00)" '"raw":{"default_currency_code":"","currency_code":""}'), $(order 16 a@x.example "$(line MUG 1 10.00)"),
	$(order 17 a@x.example "$(line MUG 1 10.00 '"raw":{"quantity":-1}')"), $(order 18 a@x.example "$(line MUG 1 10.00 '"raw":{"quantity":"1","total_inc_tax":10,"total_ex_tax":8.3333,"total_tax":1.6667}')")]"
run_store 65
expect_eq rejects "$(rejects | sort | xargs)" "order:11 unreadable order:12 unreadable order:13 unreadable order:14 unreadable order:15 unreadable order:17 unreadable"
expect_eq "the others" "$(of_order 16 total) $(of_order 18 total)" "100000 100000"
