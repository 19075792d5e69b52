#!/bin/bash
# A field is read in one way: blanks of every kind and what nobody sees go from e-mails, names and SKUs; accents are the
# same composed or not; text that is not UTF-8, or was cut through an emoji, is read with U+FFFD and told.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA && product 3 'CAFÉ-1'
sql_sandbox "UPDATE bp_product SET sku = char(9) || 'TEA' || char(160) WHERE id = 1002; UPDATE bc_product SET sku = 'CAFE' || char(769) || '-1' WHERE id = 3"
contact 501 known@x.example
mug=$(line MUG 1 10.00)
place='"street_1":"1 Rd","city":"Leeds","zip":"LS1","country":"United Kingdom","country_iso2":"GB"'
named() { printf '"billing":{"first_name":"%s","last_name":"%s",%s}' "$1" "$2" "$place"; }
mapping shipping.csv 'BigCommerce,Café Express,yes,Express,,,,'
put_order "[$(order 1 'known@x.example\u00a0' "$mug"), $(order 2 'tab@x.example\t' "$mug"), $(order 3 'break@x.example\r\n' "$mug"),
	$(order 4 '\u3000wide@x.example\u2003' "$mug"), $(order 5 '\u200bzero@x.ex\u00adample\ufeff' "$mug"), $(order 6 '  plain@x.example ' "$mug"),
	$(order 7 'jose\u0301@x.example' "$mug"), $(order 8 'jos\u00e9@x.example' "$mug"),
	$(order 9 a@x.example "$mug" "$(named '\u200eAnn\u200f\u00a0' '\u2060Bu\u00adyer\t')"), $(order 10 a@x.example "$mug" "$(named 'Jose\u0301' 'Nu\u0308n\u0303ez')"),
	$(order 11 a@x.example "$(line MUG 1 10.00 '"product_id":0,"raw":{"sku":"\u00a0MUG\u200b"}'),$(line TEA 1 5.00),$(line 'CAFE\u0301-1' 1 3.00)"),
	$(order 12 a@x.example "$mug" '"shipping_method":"CAFE\u0301\u00a0 Express"')]"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "e-mails of new contacts" "$(sql_sandbox "SELECT group_concat('[' || email || ']', ' ') FROM (SELECT email FROM bp_contact WHERE id > 2000 ORDER BY email)")" \
	"[a@x.example] [break@x.example] [josé@x.example] [plain@x.example] [tab@x.example] [wide@x.example] [zero@x.example]"
expect_eq "the known contact" "$(of_order 1 contact_id)" 501
expect_eq "e-mail on the order itself" "$(of_order 5 "hex(billing_address ->> '$.email')")" "$(printf zero@x.example | od -An -tx1 | tr -d ' \n' | tr a-f A-F)"
expect_eq "names" "$(of_order 9 "billing_address ->> '$.addressFullName'") / $(of_order 10 "billing_address ->> '$.addressFullName'")" "Ann Buyer / José Nüñez"
expect_eq "SKUs" "$(rows 11 | cut -d '|' -f 1 | xargs)" "1001 1002 1003"
expect_eq "a mapping's name" "$(of_order 12 shipping_method_id)" 2
expect_eq "the record as it came" "$(sql_store "SELECT instr(payload, '\\u00ad') > 0 OR instr(payload, char(173)) > 0 FROM stg_bc_order WHERE id = 5")" 1

say "the same order told with other blanks and accents is no edit"
put_order "[$(order 4 'wide@x.example' "$mug"), $(order 9 ' a@x.example' "$mug" "$(named 'Ann' 'Buyer')"), $(order 10 a@x.example "$mug" "$(named 'Jos\u00e9' 'N\u00fc\u00f1ez')"),
	$(order 12 a@x.example "$mug" '"shipping_method":"Caf\u00e9 Express"')]"
mark
run_store 0
expect_eq "writes, rejects" "$(count_writes) $(rejects)" "0 "

say "Latin-1 in a name, half an emoji in a line: sent with U+FFFD, told with order and field; the record is kept as it came"
put_order "[$(order 21 l@x.example "$mug" "$(named '@LATIN1@' Lee)"), $(order 22 h@x.example "$(line MUG 1 10.00 '"name":"Mug @HALF@"')"), $(order 23 u@x.example "$mug")]"
merchant sql "UPDATE bc_order SET body = replace(body, '@LATIN1@', CAST(x'4A6F73E9' AS TEXT)) WHERE id = 21;
	UPDATE bc_order_product SET body = replace(body, '@HALF@', CAST(x'EDA0BC' AS TEXT)) WHERE order_id = 22"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "the Latin-1 name" "$(of_order 21 "billing_address ->> '$.addressFullName'")" "Jos� Lee"
expect_eq "the half emoji" "$(sql_sandbox "SELECT r.name FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-22'")" "Mug �"
expect_has "told" "$told" "order:21 text that is not UTF-8"
expect_has "told with its field" "$told" "billing_address.first_name"
expect_has "told with its field" "$(grep order:22 <<<"$told")" "line_items[0].name"
expect_no "the third" "$told" order:23
expect_eq "as it came" "$(sql_store "SELECT hex(payload) LIKE '%4A6F73E9%' FROM stg_bc_order WHERE id = 21")" 1
run_store 0 explain order 21
expect_has "its story" "$said" "is read as U+FFFD: billing_address.first_name"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0

say "the same as an escape in JSON"
setting orders.enabled plan
put_order "$(order 31 e@x.example "$(line MUG 1 10.00 '"name":"Mug @HALF@"')" "$(named 'A @HALF@' Lee)")"
run_store 0
page=$(sql_store "SELECT '[' || replace(payload, '@HALF@', '\ud83c') || ']' FROM stg_bc_order WHERE id = 31")
merchant sql "UPDATE bc_order SET date_modified = server_time() / 1000 WHERE id = 31"
fault api=bigcommerce path='/v2/orders' kind=answer_json nth=1 arg="$page"
setting orders.enabled yes
run_store 0
expect_eq fired "$(fired)" 1
expect_eq rejects "$(rejects)" ""
expect_eq "name" "$(of_order 31 "billing_address ->> '$.addressFullName'")" "A � Lee"
expect_has "told with its field" "$told" "billing_address.first_name"
expect_exact

say "on Brightpearl's side: a sales order's field"
setting notes.to_bigcommerce.enabled yes notes.staff_field PCF_STAFFNOTE
run_store 0
merchant sql "INSERT INTO bp_order_field (order_id, code, value) SELECT id, 'PCF_STAFFNOTE', json_quote('caf' || CAST(x'E9' AS TEXT)) FROM bp_order WHERE external_ref = 'BC-1';
	UPDATE bp_order SET version = version + 1, updated_on = server_time() / 1000 WHERE external_ref = 'BC-1'"
run_store 0
expect_has "told" "$told" "sales order $(of_order 1 id) text that is not UTF-8"
