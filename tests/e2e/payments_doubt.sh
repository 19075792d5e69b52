#!/bin/bash
# Lost answers, crashes and refusals: a payment is never made twice, whatever code its repeat is refused with.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
mug=$(line MUG 1 10.00)
n=0
begin() { # COUNT: a store with so many paid orders, imported; payments still to come
	n=$((n + 100))
	sql_sandbox "DELETE FROM bc_order; DELETE FROM bc_order_product; DELETE FROM bc_transaction; DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bp_payment; DELETE FROM fault"
	make_store "$n"
	local list=''
	for i in $(seq "$1"); do list+=",$(order $((n + i)) a@x.example "$mug")"; done
	put_order "[${list:1}]"
	run_store 0
	setting payments.enabled yes
}
any() { # runs until it ends with 0; time passes in between
	local code
	for _ in 1 2 3; do
		code=0
		timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
		[ "$code" = 0 ] && return
		later 20
	done
	bad "the last run ended with $code: $(tail -n 5 "$work/told")" 0
}
once() { # WHAT COUNT: each order was paid once, and we know it
	expect_eq "$1: payments" "$(sql_sandbox "SELECT count(*), count(DISTINCT order_id), sum(amount_paid) FROM bp_payment")" "$2|$2|$(($2 * 100000))"
	expect_eq "$1: in our books" "$(sql_store "SELECT count(*), group_concat(DISTINCT state), count(DISTINCT remote_id) FROM out_payment")" "$2|done|$2"
	expect_eq "$1: rejects" "$(rejects)" ""
	mark
	run_store 0
	expect_eq "$1: writes of one more run" "$(count_writes)" 0
}
for kind in drop_after garbage; do
	for count in 1 6; do
		begin $count
		fault api=brightpearl method=POST path="$([ $count = 1 ] && echo /accounting-service/customer-payment || echo /multi-message)" kind="${kind%%:*}" arg="${kind#*:}"
		any
		expect_eq "$kind struck" "$(fired)" 1
		once "$kind, $count" $count
	done
done
say "crashes at the last steps of a run, which are the payments'"
begin 2
PEARLBRIDGE_STEP_TRACE=$work/trace PEARLBRIDGE_STEP_FILE=$work/steps run_store 0
steps=$(wc -l <"$work/trace")
met=0
for back in 40 28 20 14; do
	begin 2
	rm -f "$work/steps"
	PEARLBRIDGE_STEP_FILE=$work/steps PEARLBRIDGE_CRASH_AT=$((steps - back)) timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>&1
	[ $? = 100 ] && met=$((met + 1))
	any
	once "crash $back steps before the end" 2
done
[ $met -ge 3 ] || bad "only $met crashes" 0
say "search lags: sent again, refused as a repeat, found at last"
switch bp_search_lag_ms 600000 bp_duplicate_payment CMNC-999
begin 1
fault api=brightpearl method=POST path=/accounting-service/customer-payment kind=drop_after
code=0
timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>&1 || code=$?
expect_eq "in doubt" "$code" 75
later 20
run_store 0
once "lag" 1
switch bp_search_lag_ms 0
say "refused for itself: a reject, mended and retried"
begin 1
sql_sandbox "UPDATE bp_order SET currency = 'USD'"
run_store 65
expect_eq rejects "$(rejects | sed 's/:[0-9]*:/:x:/; s/:[0-9]* / /')" "payment:x refused"
sql_sandbox "UPDATE bp_order SET currency = 'GBP'"
run_store 0
key=$(sql_store "SELECT 'payment:' || order_id || ':' || part FROM out_payment")
run_store 0 retry "$key"
run_store 0
once "retried" 1
say "somebody else's payment has our reference: told, nothing is sent"
begin 1
sql_sandbox "INSERT INTO bp_payment (transaction_ref, order_id, amount_paid) SELECT 'BC-' || order_id || '-T' || id, 1, 5 FROM bc_transaction"
run_store 65
expect_has rejects "$(rejects)" already_there
