#!/bin/bash
# Dying after every commit and request of sending edits and notes: run again, each change is made once, each note written once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
setting orders.edits update
product 1 MUG
placed() { order "$1" a@x.example "$(line MUG "$2" 10.00)"; }
put_order "[$(placed 1 1), $(placed 2 1)]"
run_store 0
merchant sql "UPDATE bp_order SET invoice_ref = 'SI-1' WHERE external_ref = 'BC-2'"
put_order "[$(placed 1 2), $(placed 2 2)]"
kill "$sandbox" && wait "$sandbox" 2>/dev/null
cp -a "$work/sandbox" "$work/sandbox.was" && cp -a "$store" "$work/store.was"
again() { # back to where nothing was sent
	[ -z "$sandbox" ] || { kill "$sandbox" && wait "$sandbox"; } 2>/dev/null
	rm -rf "$work/sandbox" "$store" && cp -a "$work/sandbox.was" "$work/sandbox" && cp -a "$work/store.was" "$store"
	unset PEARLBRIDGE_CLOCK_OFFSET
	start_sandbox
	env_line BIGCOMMERCE_API_URL "$URL" && env_line BRIGHTPEARL_API_URL "$URL"
}
sandbox=''
again
PEARLBRIDGE_STEP_TRACE=$work/trace PEARLBRIDGE_STEP_FILE=$work/steps run_store 65
first=$(grep -n 'jobs/orders/edit.c' "$work/trace" | tail -n 1 | cut -d : -f 1)
points=$(awk -v first="$first" 'NR >= first && (/^after (PUT|POST)/ || /wave.c/ && $0 == last) { print NR } { last = $0 }' "$work/trace")
say "points: $(xargs <<<"$points")"
expect_eq "points that can be met" "$([ "$(wc -w <<<"$points")" -ge 6 ] && echo enough)" enough
for n in $points; do
	again
	rm -f "$work/steps"
	PEARLBRIDGE_CRASH_AT=$n PEARLBRIDGE_STEP_FILE=$work/steps timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>&1
	grep -q 'crash injected' "$work/said" "$store"/data/run*/*/*.log "$store"/data/run/*.log 2>/dev/null || bad "point $n was not met"
	for minutes in 0 20 1; do # in doubt: looked up twice, after a while
		later $minutes
		code=0
		timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		[ "$code" = 75 ] || break
	done
	expect_eq "point $n, code $code: total, notes, state" "$(of_order 1 total) $(notes 2 | grep -c Pearlbridge) $(edit_state 1) $(sql_store "SELECT state FROM out_order_note")" \
		"200000 1 done|1|1|1 done"
	expect_eq "point $n: rejects" "$(rejects)" "order:2 edited_after_import"
done
