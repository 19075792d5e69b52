#!/bin/bash
# installedIntegrationInstanceId: from the answers' header, from orders.instance_id, or none at all.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
n=0
for told in 11 0 34; do
	for given in '' 34; do
		n=$((n + 1))
		make_store $n
		sql_sandbox "DELETE FROM bc_order; DELETE FROM bp_order; DELETE FROM bp_order_row"
		switch bp_instance_id $told bp_foreign_instance accept
		setting orders.instance_id "$given"
		put_order "$(order $n a@x.example "$(line MUG 1 10.00)")"
		run_store 0
		wanted=$given
		[ -n "$wanted" ] || wanted=$told
		expect_eq "instance of the order; told $told, given '$given'" "$(of_order $n "coalesce(instance_id, 0)")" "$wanted"
		rm -rf "$store/data"
		mark
		run_store 0
		expect_eq "writes after the database is lost" "$(count_writes)" 0
	done
done
say "an id that is not ours is refused by Brightpearl: a reject, nothing is there"
switch bp_instance_id 11 bp_foreign_instance refuse
put_order "$(order 90 a@x.example "$(line MUG 1 10.00)")"
run_store 65
expect_eq rejects "$(rejects)" "order:90 refused"
setting orders.instance_id ''
run_store 0 retry
run_store 0
expect_eq "order 90" "$(of_order 90 instance_id)" 11
