#!/bin/bash
# A record that a transform loses breaks its books: the run is no success (70), and says which stage and how many.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
make_store
run_store 0

# what is skipped vanishes without a word
sql_store "CREATE TRIGGER lost AFTER INSERT ON skip BEGIN DELETE FROM skip WHERE job = NEW.job AND key = NEW.key; END"
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)" '"status_id":0')"
run_store 70
expect_has "what is told" "$told" "orders.transform"
expect_has "what is told" "$told" "books do not balance: 1 considered, but 0 planned + 0 unchanged + 0 skipped + 0 rejected"
sql_store "DROP TRIGGER lost"
run_store 0
