#!/bin/bash
# A kept connection dies after the request was processed, before the first byte of the answer: libcurl
# would send a POST again by itself.  It must not: exactly one of each, found by looking it up.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
n=1000
for path in /contact-service/postal-address/ /contact-service/contact/ /order-service/sales-order/ /multi-message; do
	for instance in 11 0; do
		n=$((n + 10))
		sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM fault; DELETE FROM bp_contact WHERE id > 2000"
		switch bp_instance_id $instance
		make_store "$n"
		setting api.brightpearl_parallel 1
		count=2 list=''
		[ $path = /multi-message ] && count=6
		for i in $(seq $count); do list+=",$(order $((n + i)) "u$i@x.example" "$(line MUG 1 10.00)")"; done
		put_order "[${list:1}]"
		fault api=brightpearl method=POST path=$path min_on_connection=2 kind=drop_after
		mark
		code=0
		timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		expect_eq "the fault struck at $path" "$(fired)" 1
		posts=$(requests "status = 0 AND method = 'POST'")
		expect_eq "requests that met it at $path" "$posts" 1
		for again in 1 2; do
			[ "$code" = 0 ] && break
			expect_eq "code while in doubt" "$code" 75
			later 20
			code=0
			timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		done
		expect_eq "the last run's code for $path" "$code" 0
		expect_eq "$path: orders and contacts" "$(sql_sandbox "SELECT (SELECT count(*) FROM bp_order), (SELECT count(DISTINCT external_ref) FROM bp_order), (SELECT count(*) FROM bp_contact WHERE id > 2000)")" "$count|$count|$count"
		expect_exact
		rm -rf "$store"
	done
done
