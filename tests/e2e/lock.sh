#!/bin/bash
# A second run of a store leaves at once with 75; a reader does not wait; another store is not hindered.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store other
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
switch latency_ms 600000 # on a clock that runs 20 times as fast: the first is still at it
mark
"$build/pearlbridge" --store "$store" >"$work/first" 2>&1 &
first=$!
until [ "$(requests)" -gt 0 ]; do # it has the lock when it asks
	kill -0 $first || break
	sleep 0.05
done
for arguments in '' orders retry 'mappings check' plan; do
	# shellcheck disable=SC2086
	run_store 75 $arguments
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

say "nor does who only looks whether it is held"
coproc LOOK { exec flock "$store/data/lock" sh -c 'echo held; sleep 0.15'; }
read -r -u "${LOOK[0]}" _
run_store 0 retry

say "the end is asked for while the quota file is held: what was answered is recorded all the same"
setting limits.orders 5000 api.brightpearl_parallel 2
list=''
for n in $(seq 2 31); do list+=",$(order "$n" a@x.example "$(line MUG 1 10.00)")"; done
put_order "[${list:1}]"
setting orders.enabled plan && run_store 0 && setting orders.enabled yes
sql_store "INSERT INTO cursor(feed, done_until) VALUES('multi_message_down', 4000000000)" # one by one
switch latency_ms 20000
"$build/pearlbridge" --store "$store" >"$work/first" 2>&1 &
first=$!
for _ in $(seq 1200); do [ "$(sql_store "SELECT count(*) FROM out_order WHERE state = 'claimed'")" != 0 ] && break; sleep 0.05; done
sleep 0.2
coproc QUOTA { exec flock "$store/data/quota" sh -c 'echo held; exec cat'; }
read -r -u "${QUOTA[0]}" _
kill -TERM $first
code=0
wait $first || code=$?
expect_eq "code" $code 75
expect_eq "in doubt" "$(sql_store "SELECT count(*) FROM out_order WHERE state = 'claimed'")" 0
expect_eq "recorded" "$(sql_store "SELECT count(*) FROM out_order WHERE state = 'done'")" "$(sql_sandbox "SELECT count(*) FROM bp_order")"
quota=${QUOTA[1]}
exec {quota}>&-
switch latency_ms 0
run_store 0
expect_eq "orders" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order")" "31|31"
