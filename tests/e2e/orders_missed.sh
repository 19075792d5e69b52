#!/bin/bash
# Orders that the feed did not show are found by the count of the last two days, fetched and told; a count of something else is told once, and costs no listing in every run.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
ago() { date -u -d "@$(($(date +%s) + ${PEARLBRIDGE_CLOCK_OFFSET:-0} - $1))" +%Y-%m-%dT%H:%M:%SZ; } # SECONDS
placed() { # ID SECONDS-AGO [MORE]
	order "$1" "u$1@x.example" "$mug" "${3:+$3,}\"created\":\"$(ago "$2")\",\"modified\":\"$(ago "$2")\""
}
listings() { requests "path = '/v2/orders' AND query LIKE '%max_date_created%'"; }
counts() { requests "path = '/v2/orders/count'"; }
put_order "[$(placed 101 20000),$(placed 102 10000),$(placed 103 3000)]"
run_store 0
mark
run_store 0
expect_eq "a quiet run: counts, listings" "$(counts) $(listings)" "1 0"

say "orders that were there before the watermark, and that no window shows"
put_order "[$(placed 111 9000),$(placed 112 8000),$(placed 113 170000),$(placed 114 200000)]"
mark
run_store 0
expect_has "told" "$told" "3 orders that the feed had not shown were fetched: 111, 112, 113"
expect_has "in the summary" "$said" "3 orders that the feed had not shown were fetched"
expect_eq "orders, but for the one of more than two days ago" "$(orders_there)" "BC-101 BC-102 BC-103 BC-111 BC-112 BC-113"
mark
run_store 0
expect_eq "afterwards: counts, listings" "$(counts) $(listings)" "1 0"
expect_no "told once" "$said" "that the feed had not shown"

say "what orders.start_id and start_date leave out is neither counted nor fetched"
setting orders.start_id 100
put_order "[$(placed 7 9000)]"
mark
run_store 0
expect_eq "counts, listings" "$(counts) $(listings)" "1 0"
expect_no "nothing was missed" "$said" "that the feed had not shown"

say "incomplete orders come and go, counted or not: no listing"
put_order "[$(placed 121 5000 '"status_id":0')]"
mark
run_store 0
expect_eq "listings" "$(listings)" 0

for archived in listed hidden; do
	say "an archived order, $archived; counted by the list's rule, then in any case"
	switch bc_archived $archived bc_count as_list
	[ $archived = listed ] && n=200 || n=300
	put_order "[$(placed $((n + 1)) 3000)]"
	merchant sql "UPDATE bc_order SET date_modified = server_time() / 1000 WHERE id = $((n + 1))"
	run_store 0
	sql_sandbox "UPDATE bc_order SET is_deleted = 1 WHERE id = $((n + 1))"
	for count in as_list archived; do
		switch bc_count $count
		for _ in 1 2 3; do run_store 0; done
		mark
		run_store 0
		expect_eq "$archived, $count: listings of a later run" "$(listings)" 0
		put_order "[$(placed $((n + 10 + ${#count})) 3100)]"
		run_store 0
		expect_eq "$archived, $count: the missed one" "$(of_order $((n + 10 + ${#count})) 1)" 1
	done
	sql_sandbox "DELETE FROM bc_order WHERE is_deleted; DELETE FROM bc_order_product WHERE order_id NOT IN (SELECT id FROM bc_order)"
	sql_store "DELETE FROM stg_bc_order WHERE id = $((n + 1))"
	switch bc_archived listed bc_count as_list
	run_store 0
done

say "a count that goes by no date is told once, and the days are not listed in every run"
sql_store "DELETE FROM told WHERE record = 'orders'"
switch bc_count no_dates
for i in 1 2 3 4 5 6 7 8; do
	put_order "[$(placed $((400 + i)) 5)]"
	later 15
	run_store 0
	all_told="${all_told-}$told"
done
expect_eq "told" "$(grep -c 'BigCommerce counts' <<<"$all_told")" 1
mark
put_order "[$(placed 409 5)]"
later 15
run_store 0
expect_eq "listings" "$(listings)" 0
later 1500
run_store 0
expect_eq "a day later it is tried again" "$([ "$(listings)" -gt 0 ] && echo yes)" yes
switch bc_count as_list

for kind in "kind=answer_json arg={\"count\":1}" "kind=answer_json arg={\"count\":\"many\"}" "kind=answer_json arg=[]" \
	"kind=status_before arg=404" "kind=status_before arg=403" "kind=status_before arg=503"; do
	say "the count answers $kind: the run does its work"
	read -r a b <<<"$kind"
	fault api=bigcommerce path=/v2/orders/count nth=0 times=-1 "$a" "$b"
	n=$((n + 1))
	put_order "[$(placed $((500 + n)) 5)]"
	merchant sql "UPDATE bc_order SET date_modified = server_time() / 1000 WHERE id = $((500 + n))"
	run_store 0
	expect_eq "the new order" "$(of_order $((500 + n)) 1)" 1
	sql_sandbox "DELETE FROM fault"
done
