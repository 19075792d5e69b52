#!/bin/bash
# Part captured, the rest voided, read in every order and with every payments.uncaptured: what was kept is what Brightpearl has.
. "$(dirname "$0")/lib.sh"
# ORDER, TOTAL, WHAT IS KEPT, then its transactions as EVENT AMOUNT@REFERENCE; | = read in between
orders=(
	'1 10 6  A10 | C6@1 | V4@1' '2 10 6  A10 | C6@1 V4@1' '3 10 6  A10 C6@1 | V4@1' '4 10 6  A10 C6@1 V4@1'
	'5 10 6  A10 | V4@1 | C6@1' '6 10 6  A10 | V4@1 C6@1' '7 10 6  A10 V4@1 | C6@1'
	'8 10 6  A10 | V10@1 | C6@1'   # all of it voided, and yet captured
	'9 10 6  A10 C6 V0'            # no references, a void without an amount
	'10 10 10  A10 | C6@1 C4@1 V0@1' '11 10 10  A5 A5 | C5 | C5' '12 10 10  A10 V10 | A10 | C10'
	'13 10 6  P10 V4@1' '14 10 6  P10 | V4@1' '15 10 3  A10 | V3@1 C3@1 | V4@1' '16 6 0  A6 | C6@1 | V6@2'
	'17 12 12  A10 | C12@1' '18 10 4  A10 | C6@1 | V6@2 C4@1' '19 10 6  A10 C6@1 | C4@1 V4@3'
)
readings=(authorized 'capture pending' captured)
transactions() { # ORDER "A10 C6@1 ...": as JSON, numbered from ORDER * 10 + 1
	local token n=0 list='' event about
	for token in $2; do
		n=$((n + 1)) about=''
		case $token in A*) event=authorization ;; C*) event=capture ;; V*) event=void ;; P*) event=purchase ;; esac
		case $token in *@*) about=",\"reference_transaction_id\":$(($1 * 10 + ${token#*@}))" ;; esac
		token=${token%@*}
		list+=",{\"id\":$(($1 * 10 + n)),\"event\":\"$event\",\"amount\":${token:1}$about}"
	done
	printf '%s' "${list:1}"
}
place() { # READING: every order as it is told then
	local spec id total kept rest so_far list=''
	for spec in "${orders[@]}"; do
		read -r id total kept rest <<<"$spec"
		so_far=$(awk -F'|' -v n="$1" '{ for (i = 1; i <= NF && i <= n; i++) printf "%s", $i }' <<<"$rest")
		list+=",$(order "$id" "u$id@x.example" "$(line MUG 1 "$total.00")" "\"paid\":false,\"payment_status\":\"${readings[$1 - 1]}\",\"transactions\":[$(transactions "$id" "$so_far")]")"
	done
	put_order "[${list:1}]"
}
came() { sql_sandbox "SELECT coalesce(sum(iif(p.type IN ('RECEIPT', 'CAPTURE'), p.amount_paid, iif(p.type = 'PAYMENT', -p.amount_paid, 0))), 0) / 10000
	FROM bp_payment p JOIN bp_order o ON o.id = p.order_id WHERE o.external_ref = 'BC-$1'"; }
for mode in auth receipt skip; do
	say "payments.uncaptured: $mode"
	start_sandbox
	make_store $mode
	setting payments.enabled yes payments.uncaptured $mode
	product 1 MUG
	for reading in 1 2 3; do place $reading && run_store 0; done
	for spec in "${orders[@]}"; do
		read -r id total kept rest <<<"$spec"
		expect_eq "$mode: kept of $rest" "$(came "$id")" "$kept"
	done
	expect_eq "rejects, and what is left to be sent" "$(rejects)$(sql_store "SELECT key, state, after FROM out_payment WHERE state <> 'done'")" ""
	case $mode in
	auth) expect_eq "step by step" "$(payments 1)" "BC-1-A11|AUTH|CARD|10.00
BC-1-T12|CAPTURE|CARD|6.00
BC-1-V11|VOID|CARD|4.00" ;;
	receipt) expect_eq "step by step" "$(payments 1)" "BC-1-T11|RECEIPT|CARD|10.00
BC-1-V11|PAYMENT|CARD|4.00" ;;
	skip) expect_eq "step by step" "$(payments 1)" "BC-1-T12|RECEIPT|CARD|6.00" ;;
	esac
	mark
	run_store 0
	expect_eq "writes of one more run" "$(count_writes)" 0
	if [ $mode = auth ]; then
		say "the order says void: what was captured is kept, unless more than the rest was voided"
		void() { order "$1" a@x.example "$(line MUG 1 10.00)" "\"paid\":false,\"payment_status\":\"void\",\"transactions\":[$(transactions "$1" "$2")]"; }
		put_order "[$(void 41 'A10 C6@1 V4@1'), $(void 42 'A10 C6@1 V10@1'), $(void 43 'A10 C10@1 V10@1'), $(void 44 'A10 V10@1'), $(void 45 'P10 V10')]"
		run_store 65
		expect_eq "kept" "$(came 41) $(came 42) $(came 43) $(came 44) $(came 45)" "6 0 0 0 0"
		expect_eq rejects "$(rejects)" "payment:42:422 void_or_captured"
		say "an authorisation that a person ignores: its capture is money by itself"
		setting payments.enabled plan
		put_order "$(order 46 a@x.example "$(line MUG 1 10.00)" "\"paid\":false,\"payment_status\":\"authorized\",\"transactions\":[$(transactions 46 A10)]")"
		run_store 0
		run_store 0 ignore payment:46:A461 --why "lapsed"
		setting payments.enabled yes
		put_order "$(order 46 a@x.example "$(line MUG 1 10.00)" "\"paid\":false,\"payment_status\":\"captured\",\"transactions\":[$(transactions 46 'A10 C10@1')]")"
		run_store 0
		expect_eq "captured" "$(payments 46)" "BC-46-T462|RECEIPT|CARD|10.00"
	fi
	stop_sandbox && rm -rf "$work/sandbox"
done
