#!/bin/bash
# Changes of contacts meet lost answers, crashes and the limit: each ends as wanted.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_customers.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
wanted="Ann|Archer|0123"

say "lost answers and crashes: compared again, written again, once"
for where in "PATCH /contact-service/contact/*" "POST /contact-service/postal-address/" "PUT /contact-service/contact/*"; do
	for kind in drop_before drop_after; do
		follow 1
		fault api=brightpearl method="${where% *}" path="${where#* }" kind=$kind
		run_store 0
		expect_eq "$kind of $where" "$(person c$n)" "$wanted|$n High St|LS1"
	done
done
follow 1
fault api=brightpearl method=PATCH kind=status_before arg=503 times=-1
run_store 75
sql_sandbox "DELETE FROM fault"
for ((at = 1; at < 100; at++)); do # at every step of the load, each time from where it died
	PEARLBRIDGE_RUN=$(open_run) PEARLBRIDGE_CRASH_AT=$at "$build/pearlbridge" stage --store "$store" customers.load 2>"$work/told"
	[ $? = 100 ] || break
done
expect_eq "it died more than ten times" $((at > 10)) 1
run_store 0
expect_eq "after crashes" "$(person c$n)" "$wanted|$n High St|LS1"
mark
run_store 0
expect_eq "a further run writes" "$(count_writes)" 0

say "no answer ever: it stops, and goes on when they come again"
follow 20
fault api=brightpearl method=PATCH kind=drop_after times=-1
run_store 75
expect_eq "stopped before all were sent" "$(requests "method = 'PATCH'" | awk '{ print $1 < 20 }')" 1
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "as wanted" "$(sql_sandbox "SELECT count(*) FROM bp_contact WHERE id > 500 + $n - 20 AND id <= 500 + $n AND first_name || last_name || phone = 'AnnArcher0123'")" 20

say "limits.contacts holds changes and new contacts together"
setting limits.contacts 2
follow 2
put_order "$(buyer 999 fresh@x.example 0 A B 1)"
run_store 65
expect_eq "writes to contacts" "$(requests "method <> 'GET' AND path LIKE '/contact-service/%'")" 0
run_store 0 --allow-large customers
expect_eq "as wanted" "$(person c$n)" "$wanted|$n High St|LS1"
