#!/bin/bash
# Compared by itself once in reconcile.every_hours, and on request for at most 31 days; outages, dates, the summary.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_reconcile.sh"
start_sandbox
make_store
setting reconcile.every_hours 24
product 1 MUG
mug=$(line MUG 1 10.00)
put_order "[$(placed '3 days' 1 "$mug"),$(placed '2 days' 2 "$mug"),$(placed '40 days' 3 "$mug")]"
comparisons() { sql_store "SELECT count(*) FROM reconcile_run WHERE state = 'done'"; }
of_reconcile() { sql_store "SELECT count(*) FROM request WHERE stage = 'reconcile.extract' AND run_id = (SELECT max(id) FROM run)"; }
run_store 75 reconcile
expect_has "before the first run" "$told" "begin with $run"
say "the first is due a day after the first run, the next a day later"
run_store 0
run_store 0
expect_eq "comparisons" "$(comparisons) $(of_reconcile)" "0 0"
later 1450
run_store 0
expect_eq "comparisons" "$(comparisons)" 1
expect_has "summary" "$said" "reconcile    2 orders, sums equal, 0 differences"
run_store 0
expect_eq "comparisons" "$(comparisons) $(of_reconcile)" "1 0"
run_store 0 status
expect_has "status" "$said" "reconciled 0 h ago: 2 orders, sums equal, 0 differences"
say "a difference ends a run with 65 once; it stays listed until it is gone"
sql_sandbox "UPDATE bp_order SET total = 80000 WHERE external_ref = 'BC-1'"
later 1450
run_store 65
expect_has "summary" "$said" "2 orders, sums differ, 1 difference"
later 1450
run_store 0
expect_eq "rejects" "$(rejects)" "order:1 total"
sql_sandbox "UPDATE bp_order SET total = 100000 WHERE external_ref = 'BC-1'"
later 1450
run_store 0
expect_eq "rejects" "$(rejects)" ""
say "an outage ends it later, holds nothing else back, and the next run compares"
fault api=brightpearl path="/order-service/*" kind=status_before arg=503 times=-1
later 1450
before=$(comparisons)
run_store 75
expect_eq "comparisons" "$(comparisons)" "$before"
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "comparisons" "$(comparisons)" "$((before + 1))"
say "one that failed by itself is tried again an hour later, not in every run"
tries() { sql_store "SELECT count(*) FROM reconcile_run"; }
before=$(comparisons)
fault api=bigcommerce path="/v3/orders/payment_actions/refunds*" kind=status_before arg=503 times=-1
setting payments.enabled yes payments.refunds off
later 1450
run_store 75
tried=$(tries)
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "comparisons, tries" "$(comparisons) $(tries)" "$before $tried"
later 61
run_store 0
expect_eq "comparisons, tries" "$(comparisons) $(tries)" "$((before + 1)) $((tried + 1))"
setting payments.enabled no
say "never by itself"
setting reconcile.every_hours 0
later 3000
run_store 0
expect_eq "comparisons" "$(comparisons)" "$((before + 1))"
say "some days on request"
run_store 0 reconcile --from "$(date -u -d '41 days ago' +%F)" --to "$(date -u -d '40 days ago' +%F)"
expect_has "one order" "$said" "1 orders, sums equal"
run_store 0 reconcile --to "$(date -u -d '20 days ago' +%F)"
expect_has "31 days before" "$said" "1 orders, sums equal"
run_store 0 reconcile --from "$(date -u -d '31 days ago' +%F)"
expect_has "31 days after" "$said" "2 orders, sums equal"
run_store 64 reconcile --from "$(date -u -d '40 days ago' +%F)" --to "$(date -u +%F)"
expect_has "too many days" "$told" "at most 31 days"
run_store 64 reconcile --from 2999-01-01
run_store 64 reconcile --from yesterday
run_store 64 reconcile now
expect_eq "a whole month" "$(sql_store "SELECT count(*) FROM reconcile_day")" 31
