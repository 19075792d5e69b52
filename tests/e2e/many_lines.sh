#!/bin/bash
# Orders with more lines than the list call gives (50 per consignment), wherever the warning stands, of one
# and of several pages, or with no warning at all.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
n=0
lines() { local i l=''; for i in $(seq "$1"); do l+=",$(line MUG 1 "$i.$(printf %02d $((i % 100)))")"; done; echo "${l:1}"; }
big=$(lines 60) huge=$(lines 260) exact=$(lines 50) more=$(lines 500)
for place in consignment list order; do
	say "__warning__ in $place"
	switch bc_warning_place $place
	n=$((n + 100))
	make_store $n
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product"
	put_order "[$(order $((n + 1)) a@x.example "$big"), $(order $((n + 2)) a@x.example "$huge"), $(order $((n + 3)) a@x.example "$exact"),
		$(order $((n + 4)) a@x.example "$big" '"status_id":1'), $(order $((n + 5)) a@x.example "$(line MUG 1 10.00)")]"
	[ $place = order ] && put_order "$(order $((n + 6)) a@x.example "$more")"
	mark
	run_store 0
	expect_eq "rejects" "$(rejects)" ""
	expect_eq "rows of the two" "$(sql_sandbox "SELECT count(*) FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref IN ('BC-$((n + 1))', 'BC-$((n + 2))', 'BC-$((n + 3))') GROUP BY o.id" | xargs)" "60 260 50"
	expect_exact
	expect_eq "pages of lines read, none of orders not wanted" "$(sql_sandbox "SELECT replace(path, '/v2/orders/', '') || '?' || (query LIKE '%page=2%') FROM request WHERE id > $mark AND path LIKE '/v2/orders/%/products' ORDER BY 1" | grep -v "$((n + 6))" | xargs)" \
		"$((n + 1))/products?0 $((n + 2))/products?0 $((n + 2))/products?1"
	mark
	run_store 0
	expect_eq "pages of lines in a run without news" "$(requests "path LIKE '%/products' AND api = 'bigcommerce'")" 0
done
say "the status of a big one changes: nothing of it is read or written again"
merchant sql "UPDATE bc_order SET status_id = 9, date_modified = server_time() / 1000 WHERE id = $((n + 2))"
mark
run_store 0
expect_eq writes "$(count_writes)" 0
expect_eq rejects "$(rejects)" ""
say "no warning at all, or no lines at all: the number of items tells"
switch bc_warning_place consignment
later 30 && run_store 0
put_order "[$(order 901 a@x.example "$(lines 70)"), $(order 902 a@x.example "$(line MUG 2 10.00)")]"
fault api=bigcommerce path=/v2/orders kind=answer_json nth=1 arg="$(
	sql_sandbox "SELECT json_group_array(json(body)) FROM (SELECT json_patch(json_object('id', id, 'status_id', 11, 'date_created', 'Tue, 03 Feb 2026 10:00:00 +0000', 'date_modified', 'Tue, 03 Feb 2026 10:00:00 +0000',
		'total_inc_tax', printf('%.4f', total_inc_tax / 1e4), 'consignments', json_object('shipping', json_array(json_object('id', 5, 'street_1', '1 Rd', 'line_items',
		CASE id WHEN 901 THEN (SELECT json_group_array(json(body)) FROM (SELECT body FROM bc_order_product p WHERE p.order_id = o.id ORDER BY id LIMIT 50)) ELSE json('[]') END)))), body) AS body
		FROM bc_order o WHERE id IN (901, 902) ORDER BY id)")"
run_store 0
expect_eq "rows" "$(rows 901 | wc -l) $(rows 902 | wc -l)" "70 1"
expect_exact
