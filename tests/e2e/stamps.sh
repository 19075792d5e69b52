#!/bin/bash
# Open runs: continued while young, stages that ended ok are not repeated; stamps; recompiling.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
first_jobs="(name GLOB 'reference.*' OR name GLOB 'customers.*' OR name GLOB 'orders.*')"
attempts() { sql_store "SELECT group_concat(name || ' ' || attempts, ', ') FROM (SELECT * FROM stage WHERE run_id = (SELECT max(id) FROM run) AND $first_jobs ORDER BY rowid)"; }
# a run that stays open: its last stage cannot
fault api=brightpearl path=/order-service/sales-order/ kind=status_before arg=503 times=-1
run_store 75
expect_eq "state" "$(sql_store "SELECT id, state, code FROM run")" "1|open|75"
expect_eq "stamps" "$(cd "$store/data/run" && ls -- reference.*ok customers.*ok orders.*ok | sort | xargs)" "customers.extract.ok customers.load.ok customers.transform.ok orders.extract.ok orders.load.ok orders.transform.ok reference.extract.ok reference.transform.ok"
mark
say "continued: what ended ok is not repeated, but the orders are read afresh and what hangs on them"
run_store 75
expect_eq "run" "$(sql_store "SELECT id, state FROM run")" "1|open"
expect_eq "attempts" "$(attempts)" "reference.extract 1, reference.transform 1, orders.extract 2, customers.extract 2, customers.transform 2, customers.load 2, orders.transform 2, orders.load 2"
say "a recompiled program repeats nothing; a stamp taken away repeats that stage and what hangs on it"
mkdir -p "$work/copy/build" && cp "$build/pearlbridge" "$work/copy/build/" && cp "$home/Makefile" "$work/copy/"
touch "$work/copy/build/pearlbridge"
if [ "$(basename "$build")" = build ]; then
	"$work/copy/build/pearlbridge" --store "$store" >/dev/null 2>&1
	expect_eq "attempts" "$(attempts)" "reference.extract 1, reference.transform 1, orders.extract 3, customers.extract 3, customers.transform 3, customers.load 3, orders.transform 3, orders.load 3"
	sql_store "UPDATE stage SET attempts = 2 WHERE name NOT LIKE 'reference%'"
fi
rm "$store/data/run/reference.transform.ok"
run_store 75
expect_eq "attempts" "$(attempts)" "reference.extract 1, reference.transform 2, orders.extract 3, customers.extract 3, customers.transform 3, customers.load 3, orders.transform 3, orders.load 3"
say "an edited mapping repeats every transform"
sleep 0.01
touch "$store/mappings/sales.csv"
run_store 75
expect_eq "attempts" "$(attempts | sed 's/, orders.extract.*orders.transform/ ... orders.transform/')" "reference.extract 2, reference.transform 3 ... orders.transform 4, orders.load 4"
say "older than run.resume_minutes: closed as unfinished, a new one begins; nothing is lost"
sql_sandbox "DELETE FROM fault"
later 61
run_store 0
expect_eq "runs" "$(sql_store "SELECT id, state, code FROM run")" "1|unfinished|75
2|done|0"
expect_eq "orders" "$(orders_there)" BC-1
expect_eq "put away" "$(ls "$store/data/runs" | wc -l) $(ls "$store/data/run" 2>/dev/null)" "2 "
say "a stage by name, and --only"
run_store 0 orders.transform
expect_eq "stages of that run" "$(sql_store "SELECT count(*) FROM stage WHERE run_id = 3 AND name = 'orders.load'")" 0
run_store 64 orders.lod
run_store 64 --only orders.load
expect_has "why" "$told" "--only"
run_store 0 customers
expect_eq "orders" "$(orders_there)" BC-1
