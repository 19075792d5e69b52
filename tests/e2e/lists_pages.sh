#!/bin/bash
# Pages of BigCommerce's lists that repeat, move or count otherwise than they give: read again some times, then an outage; nothing goes round for ever.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment inventory.enabled yes
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)" '"paid":{"id":71}')"
run_store 0
# 300 variants in two pages; the answer to every request of a second page is ARG
variants() { sql_sandbox "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 300) SELECT json_object('data',
	(SELECT json_group_array(json_object('id', n, 'product_id', 1, 'sku', 'S' || n)) FROM i WHERE n BETWEEN $1 AND $2), 'meta', json('{\"pagination\":{$3}}'))"; }
# The answers to the requests for PATH in turn; the last one stays.  The run ends with CODE after COUNT requests.
pages() { # PATH CODE COUNT BODY...
	local path=$1 code=$2 count=$3 nth=0
	sql_sandbox "DELETE FROM fault"
	for body in "${@:4}"; do
		nth=$((nth + 1))
		fault api=bigcommerce "path=$path" kind=answer_json nth=$nth arg="$body" times=$([ $nth = $(($# - 3)) ] && echo -1 || echo 1)
	done
	later 1500
	mark
	run_store "$code"
	expect_eq "requests" "$(requests "path = '$path'")" "$count"
	sql_sandbox "DELETE FROM fault"
}
list=/v3/catalog/variants
say "page 2 is page 1 again: an outage at once, whether it says so or not"
pages $list 75 2 "$(variants 1 250 '"total":300,"total_pages":2')"
expect_has "what is said" "$told" "records that were on a page before it"
pages $list 75 2 "$(variants 1 250 '"total":300,"total_pages":2,"current_page":1')"
expect_has "what is said" "$told" "another page than was asked for"
say "it counts more, or fewer, than it gives: read again, some times"
pages $list 75 3 "$(variants 1 100 '"total":300,"total_pages":1')"
expect_has "what is said" "$told" "100 given, 300 counted"
pages $list 75 1 "$(variants 1 100 '"total":3')"
pages $list 75 1 "$(variants 1 100 '"count":99')"
say "records that move from page to page: read again, then believed"
pages $list 0 4 "$(variants 1 250 '"total":300,"total_pages":2')" "$(variants 240 300 '"total":300,"total_pages":2')" \
	"$(variants 1 250 '"total":300,"total_pages":2')" "$(variants 251 300 '"total":300,"total_pages":2')"
expect_eq "variants" "$(sql_store "SELECT count(*) FROM ref_bc_product WHERE variant_id BETWEEN 1 AND 300")" 300
say "the total changes while the pages are read: read again"
pages $list 0 4 "$(variants 1 250 '"total":299,"total_pages":2')" "$(variants 251 300 '"total":300,"total_pages":2')" \
	"$(variants 1 250 '"total":300,"total_pages":2')" "$(variants 251 300 '"total":300,"total_pages":2')"
say "50,000 pages are told, and there is one"
pages $list 0 2 "$(variants 1 250 '"total":250,"total_pages":50000')" "$(variants 251 250 '"total":250')"
say "more records than were asked for"
pages $list 75 1 "$(variants 1 251 '"total":251,"total_pages":1')"
run_store 0
expect_eq "variants as they are" "$(sql_store "SELECT count(*) FROM ref_bc_product WHERE variant_id > 0")" 1

say "orders: the same page for ever"
put_order "$(order 2 a@x.example "$(line MUG 1 10.00)" '"paid":{"id":72}')"
fault api=bigcommerce path=/v2/orders kind=answer_json times=-1 arg="$(sql_store "SELECT json_array(json(payload)) FROM stg_bc_order WHERE id = 1")"
mark
run_store 75
expect_eq "requests" "$(requests "path = '/v2/orders'")" 2
expect_has "what is said" "$told" "ids that do not go up from the one asked for"
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "order" "$(of_order 2 1)" 1
[ "$wrong" = 0 ] || exit 1 # what follows would not end
say "refunds, a group's list of V2, stock: the same page for ever"
later 1500
run_store 0
page=$(sql_sandbox "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 250) SELECT json_group_array(json_object('id', n, 'name', 'N' || n, 'order_id', 999, 'total_amount', 1)) FROM i")
for path in /v3/orders/payment_actions/refunds /v2/customer_groups; do
	body=$page
	[ $path = /v2/customer_groups ] || body="{\"data\":$page}"
	pages $path 75 2 "$body"
done
items=$(sql_sandbox "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 1000) SELECT json_object('data', json_group_array(json_object('identity', json_object('product_id', n, 'variant_id', n), 'locations', json('[]')))) FROM i")
pages /v3/inventory/items 75 2 "$items"
run_store 0
