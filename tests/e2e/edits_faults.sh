#!/bin/bash
# Edits and order notes through lost answers, races, crashes and lag: each change made once, each note written once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
setting orders.edits update
product 1 MUG
edit() { # ORDER QUANTITY
	order "$1" a@x.example "$(line MUG "$2" 10.00)"
}
put_order "[$(edit 1 1), $(edit 2 1), $(edit 3 1), $(edit 4 1), $(edit 5 1)]"
run_store 0
settled() { # ORDER TOTAL
	expect_eq "total of $1" "$(of_order "$1" total)" "$2"
	expect_eq "state of $1" "$(edit_state "$1")" "done|1|1|1"
	mark
	run_store 0
	expect_eq "writes after $1" "$(count_writes)" 0
}
say "the answer to a change is lost: read, found there, not sent again"
fault method=PUT "path=*/sales-order/*" kind=drop_after times=1
put_order "$(edit 1 2)"
mark
run_store 0
expect_eq "PUT" "$(requests "method = 'PUT'")" 1
settled 1 200000
say "the change itself is lost: sent again"
fault method=PUT "path=*/sales-order/*" kind=drop_before times=1
put_order "$(edit 1 3)"
mark
run_store 0
expect_eq "PUT" "$(requests "method = 'PUT'")" 2
settled 1 300000
say "somebody was faster (412): read and merged again, theirs stays"
merchant sql "CREATE TRIGGER race AFTER INSERT ON request WHEN NEW.method = 'GET' AND NEW.path LIKE '%/sales-order/%' AND (SELECT ref FROM bp_order WHERE external_ref = 'BC-2') = 'BC-2'
	BEGIN UPDATE bp_order SET version = version + 1, ref = 'theirs', updated_on = NEW.at_ms / 1000 WHERE external_ref = 'BC-2'; END"
put_order "$(edit 2 2)"
mark
run_store 0
expect_eq "statuses of PUT" "$(sql_sandbox "SELECT group_concat(status) FROM request WHERE id > $mark AND method = 'PUT'")" 412,200
expect_eq "reference" "$(of_order 2 ref)" theirs
settled 2 200000
say "for ever faster: given up for now, nothing lost"
merchant sql "DROP TRIGGER race; CREATE TRIGGER race AFTER INSERT ON request WHEN NEW.method = 'GET' AND NEW.path LIKE '%/sales-order/%'
	BEGIN UPDATE bp_order SET version = version + 1 WHERE external_ref = 'BC-2'; END"
put_order "$(edit 2 3)"
mark
run_store 75
expect_eq "PUT" "$(requests "method = 'PUT'")" 3
merchant sql "DROP TRIGGER race"
run_store 0
settled 2 300000
say "refused by Brightpearl: a note and a reject; retried once it is mended"
fault method=PUT "path=*/sales-order/*" kind=error_envelope "arg={\"errors\":[{\"code\":\"ORDC-026\",\"message\":\"The quantity is below what is allocated\"}]}" times=1
put_order "$(edit 3 2)"
run_store 65
expect_eq rejects "$(rejects)" "order:3 refused"
expect_has "note of 3" "$(notes 3)" "The quantity is below what is allocated"
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
run_store 0 retry order:3
run_store 0
expect_eq rejects "$(rejects)" ""
settled 3 200000

setting orders.edits note
say "a note's answer is lost while the search lags: not written again before it can be told"
switch bp_search_lag_ms 120000
for pair in "4 up" "5 down"; do
	read -r id multi <<<"$pair"
	[ "$multi" = up ] || switch bp_multi down
	fault method=POST "path=*/note" kind=drop_after times=1
	put_order "$(edit "$id" 2)"
	run_store 75
	expect_eq "notes of $id" "$(notes "$id" | grep -c Pearlbridge)" 1
	later 3
	run_store 65 # the edit itself is news, now that nothing is in doubt
	expect_eq "notes of $id" "$(notes "$id" | grep -c Pearlbridge)" 1
	expect_eq "its state" "$(sql_store "SELECT state, remote_id > 700000 FROM out_order_note WHERE order_id = $id")" "done|1"
done
say "a note that never arrived is written once patience is over"
switch bp_search_lag_ms 0 bp_multi on
fault method=POST "path=*/note" kind=drop_before times=1
put_order "$(edit 5 3)"
run_store 75
expect_eq "notes of 5" "$(notes 5 | grep -c 'edit 2')" 0
later 20
run_store 75 # looked up once
later 1
run_store 0
expect_eq "notes of 5" "$(notes 5 | grep -c 'edit 2')" 1
