#!/bin/bash
# TERM, INT, HUP to the run alone or to all of it, and ./run.sh stop: it ends at a safe point, says so, 75; a second signal, or a dead parent, ends all.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
n=0
begin() { # a run with thirty orders to send, one by one, that is busy sending; its number is then in $running
	make_store "$1"
	setting limits.orders 5000 api.brightpearl_parallel 2
	sql_sandbox "DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bc_order; DELETE FROM bc_order_product"
	list=''
	for i in $(seq 30); do n=$((n + 1)) && list+=",$(order $n a@x.example "$(line MUG 1 10.00)")"; done
	put_order "[${list:1}]"
	switch latency_ms 0
	setting orders.enabled plan && run_store 0 && setting orders.enabled yes
	sql_store "INSERT INTO cursor(feed, done_until) VALUES('multi_message_down', 4000000000)" # one by one
	switch latency_ms 12000 # of which 20 pass in a second
	touch "$work/said" "$work/told"
	set -m # a group of its own, and no ignored SIGINT
	# whoever runs the tests in the background may ignore them
	env --default-signal=INT,HUP,TERM "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" </dev/null &
	running=$!
	set +m
	until [ "$(sql_sandbox "SELECT count(*) > 3 FROM bp_order")" = 1 ]; do
		kill -0 $running 2>/dev/null || break
		sleep 0.05
	done
}
stages_of() { # processes that work in this store
	local p
	for p in /proc/[0-9]*; do
		[ "$(readlink "$p/cwd" 2>/dev/null)" = "$store" ] && echo "${p#/proc/}"
	done
}
make_of() { # RUN: the Make that it started
	local stat pid comm parent
	for stat in /proc/[0-9]*/stat; do
		read -r pid comm _ parent _ 2>/dev/null <"$stat" && [ "$comm $parent" = "(make) $1" ] && echo "$pid"
	done
}
ended() { # WHAT: 75, told, nothing in doubt, nothing left, and the next run completes
	local code=0
	wait $running || code=$?
	said=$(<"$work/said") told=$(<"$work/told")
	expect_eq "code after $1" $code 75
	expect_eq "processes left after $1" "$(stages_of)" ""
	expect_has "what is told after $1" "$told" "the run ends, since $2"
	expect_has "the summary after $1" "$said" "not finished: run again"
	expect_eq "in doubt after $1" "$(sql_store "SELECT count(*) FROM out_order WHERE state = 'claimed'")" 0
	expect_eq "recorded after $1" "$(sql_store "SELECT count(*) FROM out_order WHERE state = 'done'")" "$(sql_sandbox "SELECT count(*) FROM bp_order")"
	[ "$(sql_sandbox "SELECT count(*) FROM bp_order")" -lt 30 ] || bad "it sent all of them after $1" 0
	switch latency_ms 0
	run_store 0
	expect_eq "orders after $1" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order")" "30|30"
}
for signal in TERM INT HUP; do
	begin "alone $signal"
	kill -$signal $running
	ended "$signal to the run alone" "it got SIG$signal"
	begin "group $signal"
	kill -$signal -- -$running
	ended "$signal to all of it" "it got SIG$signal"
done

say "./run.sh stop waits until it has ended; when nothing is going on it says so"
begin stopped
stop_code=0
"$build/pearlbridge" --store "$store" stop >"$work/stop" 2>&1 || stop_code=$?
expect_eq "code of stop" $stop_code 0
expect_has "what it says" "$(<"$work/stop")" "the run has ended"
ended "stop" "$run stop asked for it"
run_store 0 stop
expect_has "without a run" "$said" "no run is going on"
run_store 64 stop now
run_store 0
[ -e "$store/data/stop" ] && bad "the mark of the stop is left"

say "a second signal ends it at once, and all that it started"
begin twice
switch latency_ms 200000 # on a clock that runs 20 times as fast
sleep 0.5
kill -TERM $running
sleep 1.2
began=${EPOCHREALTIME/[.,]/}
kill -TERM $running
code=0
wait $running || code=$?
expect_eq "code" $code 75
[ $((${EPOCHREALTIME/[.,]/} - began)) -lt 3000000 ] || bad "it did not end at once" 0
for _ in $(seq 50); do [ -z "$(stages_of)" ] && break; sleep 0.1; done
expect_eq "processes left" "$(stages_of)" ""

say "who started the stages is killed: they end by themselves, after what is under way, and the lock is free"
for who in run make; do
	begin "killed $who"
	victim=$running
	[ $who = run ] || victim=$(make_of "$running")
	[ -n "$victim" ] || bad "no make is going on" 0
	kill -KILL "$victim"
	wait $running 2>/dev/null
	for _ in $(seq 100); do [ -z "$(stages_of)" ] && break; sleep 0.1; done
	expect_eq "processes left without the $who" "$(stages_of)" ""
	[ "$(sql_sandbox "SELECT count(*) FROM bp_order")" -lt 30 ] || bad "all was sent without the $who" 0
	expect_eq "in doubt" "$(sql_store "SELECT count(*) FROM out_order WHERE state = 'claimed'")" 0
	switch latency_ms 0
	run_store 0
	expect_eq "orders" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order")" "30|30"
done

say "what was told to ignore hangups goes on"
begin nohup
kill -TERM $running && wait $running
switch latency_ms 500
(trap '' HUP && exec "$build/pearlbridge" --store "$store") >"$work/said" 2>"$work/told" &
running=$!
sleep 0.5
kill -HUP $running
code=0
wait $running || code=$?
expect_eq "code" $code 0
