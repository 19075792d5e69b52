#!/bin/bash
# SIGKILL of the whole process group at moments all over the run loses nothing and repeats nothing.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
set -m
for ms in 20 50 90 140 200 270 350 440; do
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bp_contact WHERE id > 2000"
	make_store $ms
	# a private app, and an index that lags: only what we remember ourselves helps
	switch bp_instance_id 0 bp_search_lag_ms 720000
	list=''
	for i in $(seq 25); do list+=",$(order $((ms * 100 + i)) "u$((i % 6))@x.example" "$(line MUG 1 10.00)")"; done
	put_order "[${list:1}]"
	switch latency_ms 160
	"$build/pearlbridge" --store "$store" >/dev/null 2>&1 &
	group=$!
	sleep 0.$(printf %03d $ms)
	kill -KILL -- -$group 2>/dev/null
	wait $group 2>/dev/null
	switch latency_ms 0
	for again in 1 2 3; do
		code=0
		timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		[ $code = 0 ] && break
		expect_eq "code after the kill at $ms ms" $code 75
		later 20
	done
	expect_eq "last code after the kill at $ms ms: $(tail -n 3 "$work/told")" $code 0
	expect_eq "orders, contacts after the kill at $ms ms" "$(sql_sandbox "SELECT (SELECT count(*) FROM bp_order), (SELECT count(DISTINCT external_ref) FROM bp_order), (SELECT count(*) FROM bp_contact WHERE id > 2000)")" "25|25|6"
	expect_eq "our books" "$(sql_store "SELECT count(*), sum(state = 'done') FROM out_order")" "25|25"
	expect_exact
	rm -rf "$store"
done
