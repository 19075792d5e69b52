#!/bin/bash
# A second run of a store leaves at once with 75; a reader does not wait; another store is not hindered.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store other
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
switch latency_ms 3000 # on a clock that runs 20 times as fast
"$build/pearlbridge" --store "$store" >"$work/first" 2>&1 &
first=$!
sleep 0.5
for arguments in '' orders retry 'mappings check' plan; do
	began=${EPOCHREALTIME/[.,]/}
	# shellcheck disable=SC2086
	run_store 75 $arguments
	[ $((${EPOCHREALTIME/[.,]/} - began)) -lt 1500000 ] || bad "'$arguments' waited for the lock" 0
	expect_has "what a second run says" "$told" "another run"
done
run_store 0 status
switch latency_ms 0
store=$work/other run_store 0
wait $first
expect_eq "code of the first" $? 0
expect_eq "orders: once, whoever was first" "$(sql_sandbox "SELECT count(*) FROM bp_order")" 1
say "a lock file left behind by nobody hinders nobody"
run_store 0
