#!/bin/bash
# What cannot be read: transactions past the 250th, a missing scope; refunds over several pages; a person's settle and ignore.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment
product 1 MUG
mug=$(line MUG 1 10.00)
put_order "[$(order 1 a@x.example "$mug" '"paid":{"id":11}'), $(order 2 a@x.example "$mug" '"paid":{"id":21}')]"
say "260 transactions: 250 are listed"
sql_sandbox "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 259)
	INSERT INTO bc_transaction SELECT 50000 + i, 2, json_set(body, '$.id', 50000 + i, '$.status', 'error') FROM bc_transaction, n WHERE order_id = 2"
run_store 65
expect_eq rejects "$(rejects)" "payment:2:transactions unlisted"
expect_eq "what is listed goes" "$(payments 2)" "BC-2-T21|RECEIPT|CARD|10.00"
mark
run_store 0
expect_eq "a second run: writes" "$(count_writes)" 0

say "600 refunds, most of orders that are not ours; three pages, and one of a run in which nothing changed"
sql_sandbox "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
	INSERT INTO bc_refund (id, order_id, created, body) SELECT i, iif(i = 300, 1, 9000), 1772000000 + i * 1000, json_object('id', i, 'order_id', iif(i = 300, 1, 9000),
		'created', strftime('%Y-%m-%dT%H:%M:%SZ', 1772000000 + i * 1000, 'unixepoch'), 'total_amount', 1, 'total_tax', 0, 'items', json('[]'),
		'payments', json('[{\"id\":1,\"provider_id\":\"x\",\"amount\":1,\"offline\":false,\"is_declined\":false}]')) FROM n"
sql_store "DELETE FROM cursor WHERE feed = 'bc_refunds'"
mark
run_store 0
expect_eq "pages" "$(requests "path LIKE '%refunds'")" 3
expect_eq "all staged" "$(sql_store "SELECT count(*) FROM stg_bc_refund")" 600
expect_eq "ours is sent" "$(payments 1)" "BC-1-R300|PAYMENT|CARD|1.00
BC-1-T11|RECEIPT|CARD|10.00"
mark
run_store 0
expect_eq "pages" "$(requests "path LIKE '%refunds'")" 1

say "a page lost on the way: the window goes on where it was"
sql_store "DELETE FROM cursor WHERE feed = 'bc_refunds'; DELETE FROM stg_bc_refund"
fault api=bigcommerce path='/v3/orders/payment_actions/refunds*' kind=status_before arg=503 nth=2 times=-1
run_store 75
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "all staged" "$(sql_store "SELECT count(*) FROM stg_bc_refund")" 600

say "no scope for transactions: 77, and said"
put_order "$(order 3 a@x.example "$mug" '"paid":{"id":31}')"
switch bc_denied_scopes transactions
run_store 77
expect_has "what it says" "$told" "transactions"
setting payments.enabled no
run_store 0
setting payments.enabled yes
switch bc_denied_scopes ''

say "ignored by a person: never sent"
setting payments.enabled plan
run_store 0
run_store 0 ignore payment:3:31 --why "paid in cash"
setting payments.enabled yes
run_store 0
expect_eq "ignored" "$(payments 3)$(sql_store "SELECT state FROM out_payment WHERE key = 'BC-3-T31'")" ignored
