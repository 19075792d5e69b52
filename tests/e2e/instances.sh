#!/bin/bash
# installedIntegrationInstanceId: from the answers' header, from orders.instance_id, or none at all.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
n=0
for header in 11 0 34; do
	for given in '' 34; do
		n=$((n + 1))
		make_store $n
		sql_sandbox "DELETE FROM bc_order; DELETE FROM bp_order; DELETE FROM bp_order_row"
		switch bp_instance_id $header bp_foreign_instance accept
		setting orders.instance_id "$given"
		put_order "$(order $n a@x.example "$(line MUG 1 10.00)")"
		run_store 0
		wanted=$given
		[ -n "$wanted" ] || wanted=$header
		expect_eq "instance of the order; told $header, given '$given'" "$(of_order $n "coalesce(instance_id, 0)")" "$wanted"
		rm -rf "$store/data"
		mark
		run_store 0
		expect_eq "writes after the database is lost" "$(count_writes)" 0
	done
done
say "an id that is not ours is refused by Brightpearl: sent without, and an answer that is lost is no second order"
switch bp_instance_id 11 bp_foreign_instance refuse
setting orders.instance_id 34
put_order "$(order 90 a@x.example "$(line MUG 1 10.00)")"
run_store 0
expect_eq "order 90" "$(of_order 90 "count(*)")" 1
put_order "$(order 91 a@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl method=POST path=/order-service/sales-order/ kind=drop_before times=2
fault api=brightpearl method=POST path=/order-service/sales-order/ nth=3 kind=drop_after
for run in 1 2 3 4; do
	code=0
	timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
	[ $code = 0 ] && break
	later 20
done
expect_eq "last code" $code 0
expect_eq "order 91" "$(of_order 91 "count(*)")" 1
