#!/bin/bash
# Quotas are kept, shared and enforced: no throttle answer is provoked, and one that comes is waited for.
. "$(dirname "$0")/lib.sh"
export PEARLBRIDGE_CLOCK_SPEED=60
start_sandbox
make_store
product 1 MUG
setting limits.orders 5000 limits.contacts 5000
switch bp_quota 30 bc_quota 20 bp_multi down
list=''
for i in $(seq 40); do list+=",$(order "$i" "u$((i % 5))@x.example" "$(line MUG 1 10.00)")"; done
put_order "[${list:1}]"
code=0
timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
[ $code = 0 ] || { expect_eq code $code 75; later 20; run_store 0; }
expect_eq "orders" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order")" "40|40"
expect_eq "throttle answers" "$(requests "status = 429 OR (status = 503 AND path <> '/multi-message')")" 0
expect_eq "minutes in which all of it was used" "$(sql_sandbox "SELECT count(*) FROM (SELECT count(*) AS n FROM request WHERE api = 'brightpearl' GROUP BY at_ms / 60000) WHERE n >= 30")" 0
say "others use it up: the throttle answer is waited for"
switch bp_other_apps 30
put_order "$(order 41 z@x.example "$(line MUG 1 10.00)")"
"$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" &
running=$!
sleep 0.8
switch bp_other_apps 0
wait $running
code=$?
[ $code = 0 ] || { expect_eq code $code 75; later 2; run_store 0; }
expect_eq "order 41" "$(of_order 41 1)" 1
