#!/bin/bash
# What waits for a record that does not come is told by itself, once; what waits for one on its way, or for a reject, is not.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes customers.enabled plan
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)" '"paid":{"id":11}')"
run_store 0
expect_eq "waiting" "$(sql_store "SELECT key, waits_for FROM out_order UNION SELECT key, waits_for FROM out_payment")" "BC-1|customer:a@x.example
BC-1-T11|order:1"
say "rows of which no job knows any more wait for others: for none, for each other, for one that was ignored; for order 1, which comes"
waiting() { # NUMBER WAITS_FOR AFTER
	sql_store "INSERT INTO link_order VALUES (90 + $1, 90 + $1, 'created', 1);
		INSERT INTO out_payment (key, order_id, part, kind, body, state, type, amount, at, may_be_paid, waits_for, after, changed_run)
		VALUES ('BC-9$1-T1', 90 + $1, '1', 'payment', '{}', 'pending', 'RECEIPT', 1, 1, 1, $2, $3, 1)"
}
waiting 1 "'order:77'" NULL; waiting 2 NULL "'BC-92-A1'"; waiting 3 NULL "'BC-94-T1'"; waiting 4 NULL "'BC-93-T1'"
waiting 5 "'payment:96:1'" NULL; waiting 6 "'order:1'" NULL
sql_store "INSERT INTO decision (job, key, what, why, at) VALUES ('orders', 'order:77', 'ignored', 'a test', 1)"
setting payments.enabled no
run_store 65
expect_eq rejects "$(rejects | LC_ALL=C sort)" "payment:91:1 waits_in_vain
payment:92:1 waits_in_vain
payment:93:1 waits_in_vain
payment:94:1 waits_in_vain"
expect_eq "what it says" "$(sql_store "SELECT message FROM reject WHERE key IN ('payment:91:1', 'payment:92:1') ORDER BY key")" "it waits for order:77, which does not come: it was ignored by hand: a test
it waits for payment:92:BC-92-A1, which does not come: nothing is on its way under that name"
say "told once; closed when what is waited for comes, or is told by itself"
run_store 0
sql_store "DELETE FROM out_payment WHERE order_id IN (93, 94); UPDATE out_payment SET waits_for = 'order:1' WHERE order_id = 91;
	INSERT INTO reject (job, key, reason, message, hint, opened_at, opened_run) VALUES ('payments', 'payment:92:BC-92-A1', 'refused', '', '', 1, 1)"
run_store 0
expect_eq rejects "$(rejects)" "payment:92:BC-92-A1 refused"
