#!/bin/bash
# The store's database is lost, mid-way or after the run, whatever Brightpearl says to a duplicate:
# everything is found again, nothing is made twice.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
n=1000
for body in id empty zero; do
	for instance in 11 0; do
		say "duplicate body $body, instance id $instance"
		n=$((n + 100)) list=''
		sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bp_contact WHERE id > 2000"
		switch bp_duplicate_body $body bp_instance_id $instance
		make_store "$n"
		for i in $(seq 12); do list+=",$(order $((n + i)) "u$((i % 5))@x.example" "$(line MUG "$i" 10.00)")"; done
		put_order "[${list:1}]"
		# the first pack of orders arrived, the second never left
		fault api=brightpearl path=/multi-message nth=4 kind=status_before arg=503 times=-1
		fault api=brightpearl path=/order-service/sales-order/ nth=1 kind=status_before arg=503 times=-1
		run_store 75
		expect_eq "orders when the database is lost" "$(sql_sandbox "SELECT count(*) BETWEEN 1 AND 11 FROM bp_order")" 1
		sql_sandbox "DELETE FROM fault"
		rm -rf "$store"/data
		run_store 0
		expect_eq "orders, of them different" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order")" "12|12"
		expect_eq contacts "$(sql_sandbox "SELECT count(*), count(DISTINCT email) FROM bp_contact WHERE id > 2000")" "5|5"
		expect_eq links "$(sql_store "SELECT count(*) FROM link_order k JOIN out_order x ON x.order_id = k.order_id AND x.remote_id = k.sales_order_id WHERE x.state = 'done'")" 12
		expect_eq "found ones" "$(sql_store "SELECT count(*) > 0 FROM link_order WHERE how = 'found'")" 1
		rm -rf "$store"/data
		mark
		run_store 0
		expect_eq "writes after losing it once more" "$(count_writes)" 0
		expect_eq "all found" "$(sql_store "SELECT how, count(*) FROM link_order GROUP BY 1")" "found|12"
		expect_exact
		rm -rf "$store"
	done
done
