#!/bin/bash
# The order feed: more than one page, equal timestamps, ties, bounds; what changes while it is read; 204.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
mug=$(line MUG 1 10.00)
n=0
for bounds in inclusive exclusive; do
	for tie in asc desc; do
		say "bounds $bounds, ties $tie: 230 orders of the same second"
		sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row"
		switch bc_date_bounds $bounds bc_tie $tie bp_tie $tie bp_date_bounds ${bounds/inclusive/half_open}
		n=$((n + 1000)) list=''
		make_store $n
		setting limits.orders 5000 orders.start_date 2026-02-03T10:00:00Z
		mark
		run_store 0 # nothing there yet: 204
		expect_eq "status of the empty list" "$(sql_sandbox "SELECT DISTINCT status FROM request WHERE id > $mark AND path = '/v2/orders'")" 204
		for i in $(seq 230); do list+=",$(order $((n + i)) a@x.example "$mug" '"modified":"2026-02-03T10:00:00Z"')"; done
		put_order "[${list:1}]"
		merchant sql "UPDATE bc_order SET date_modified = server_time() / 1000"
		run_store 0
		expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 230
		say "equal timestamps: one more of the second in which the last run read"
		until=$(sql_store "SELECT done_until FROM cursor WHERE feed = 'bc_orders'")
		put_order "$(order $((n + 301)) a@x.example "$mug")"
		sql_sandbox "UPDATE bc_order SET date_modified = $until WHERE id = $((n + 301))"
		run_store 0
		expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 231
		rm -rf "$store"
	done
done
switch bc_date_bounds inclusive bc_tie asc bp_date_bounds half_open
say "orders change and new ones come while pages are read: none is missed"
sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row"
make_store moving
setting limits.orders 5000
list=''
for i in $(seq 320); do list+=",$(order $((9000 + i)) a@x.example "$mug")"; done
put_order "[${list:1}]"
run_store 0 reference
switch latency_ms 4000
"$build/pearlbridge" --store "$store" >"$work/said" 2>&1 &
running=$!
for i in 1 2 3 4 5 6 7 8; do
	sleep 0.1
	sql_sandbox "UPDATE bc_order SET date_modified = unixepoch('now') + CAST((SELECT value FROM switch WHERE name = 'clock_offset_s') AS INTEGER) + 30 WHERE id % 8 = $i % 8"
	put_order "$(order $((9500 + i)) a@x.example "$mug")"
done
switch latency_ms 0
wait $running
run_store 0
later 15
run_store 0
expect_eq "orders" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order")" "328|328"
expect_exact
