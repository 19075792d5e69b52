#!/bin/bash
# The disk is full, wherever that strikes: 73 or 74 (or 75), never 0; with room again a plain run completes.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
list=''
for i in $(seq 30); do list+=",$(order "$i" "u$((i % 6))@x.example" "$(line MUG 1 10.00)")"; done
put_order "[${list:1}]"
for blocks in 0 16 200 800 1400 2000 2400 2800 3200 3600 4000 4400 9000; do
	sql_sandbox "DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bp_contact WHERE id > 2000"
	make_store $blocks
	code=0
	(ulimit -f $blocks; trap '' XFSZ; timeout "$patience" "$build/pearlbridge" --store "$store" >/dev/null 2>"$work/told.raw" </dev/null) 2>/dev/null || code=$?
	if [ $blocks -le 300 ] && [[ " 73 74 " != *" $code "* ]]; then
		bad "code with files of $blocks KB at most: $code, $(tail -n 3 "$work/told.raw")" 0
	fi
	codes+="$blocks:$code "
	[[ " 0 73 74 75 " == *" $code "* ]] || bad "code with files of $blocks KB at most: $code" 0
	for again in 1 2 3; do
		code=0
		timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		[ $code = 0 ] && break
		expect_eq "code with room again ($blocks)" $code 75
		later 20
	done
	expect_eq "last code ($blocks): $(tail -n 3 "$work/told")" $code 0
	expect_eq "orders, contacts" "$(sql_sandbox "SELECT (SELECT count(*) FROM bp_order), (SELECT count(DISTINCT external_ref) FROM bp_order), (SELECT count(*) FROM bp_contact WHERE id > 2000)")" "30|30|6"
	rm -rf "$store"
done
say "codes by size: $codes"
[[ "$codes" == *9000:0* ]] || bad "even with room enough it failed" 0
