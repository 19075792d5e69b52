#!/bin/bash
# Brightpearl's searches lag: what was made is not found for a while.  It is not made again for that.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
n=1000
for instance in 11 0; do
	for body in id empty zero; do
		say "orders in doubt that the index shows after ten minutes; instance id $instance, duplicate body $body"
		n=$((n + 100))
		sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM fault; DELETE FROM bp_contact WHERE id > 2000"
		switch bp_instance_id $instance bp_duplicate_body $body bp_search_lag_ms 600000
		make_store "$n"
		put_order "[$(order $((n + 1)) a@x.example "$(line MUG 1 10.00)"),$(order $((n + 2)) b@x.example "$(line MUG 2 10.00)")]"
		fault api=brightpearl path=/order-service/sales-order/ kind=drop_after
		fault api=brightpearl path=/contact-service/contact/ kind=drop_after
		code=75
		for run in 1 2 3 4 5 6; do
			code=0
			timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
			[ "$code" = 0 ] && break
			expect_eq "code of run $run" "$code" 75
			later 6
		done
		expect_eq "code in the end" "$code" 0
		expect_eq "orders, contacts" "$(sql_sandbox "SELECT (SELECT count(*) FROM bp_order), (SELECT count(*) FROM bp_contact WHERE id > 2000)")" "2|2"
		expect_eq "links that name the order" "$(sql_store "ATTACH '$work/sandbox/sandbox.db' AS r; SELECT count(*) FROM link_order k JOIN r.bp_order o ON o.id = k.sales_order_id AND o.external_ref = 'BC-' || k.order_id")" 2
		rm -rf "$store"
	done
done

say "one that truly was not made is made, after two look-ups and the patience of api.in_doubt_minutes"
sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM fault"
switch bp_search_lag_ms 0 bp_instance_id 0
make_store last
put_order "$(order 5001 a@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl path=/order-service/sales-order/ kind=drop_before
run_store 75
expect_eq "in doubt" "$(sql_store "SELECT state FROM out_order")" claimed
expect_has "what is told" "$told" "in doubt"
mark
run_store 75
expect_eq "writes while patience lasts" "$(count_writes)" 0
later 5
run_store 75
expect_eq "writes while patience lasts" "$(count_writes)" 0
later 11
run_store 0
expect_eq "written once" "$(count_writes)" 1
expect_eq "orders" "$(orders_there)" BC-5001
expect_has status "$(run_store 0 status; echo "$said")" fine
