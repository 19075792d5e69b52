#!/bin/bash
# Somebody edits the database in an SQLite tool and forgets to save: the run says for whom it waits, and after a minute what to do.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
run_store 0
coproc TOOL { exec sqlite3 "$store/data/pearlbridge.db"; }
echo "BEGIN IMMEDIATE; SELECT 1;" >&"${TOOL[1]}"
read -r -u "${TOOL[0]}" _ # it holds the write lock
run_store 75
expect_has "while it waits" "$told" "waiting for sqlite3 (process $TOOL_PID), which holds the database for writing"
expect_has "what is told" "$told" "sqlite3 (process $TOOL_PID) holds it for writing: save or undo the changes in the SQLite tool"
tool=$TOOL_PID
echo ".quit" >&"${TOOL[1]}"
wait "$tool"
run_store 0
say "a damaged database is told as that"
printf 'no database at all, but a text that is long enough to be read as one' >"$store/data/pearlbridge.db"
rm -f "$store"/data/pearlbridge.db-*
run_store 74
expect_has "what is told" "$told" "it is damaged"
rm "$store/data/pearlbridge.db"
run_store 0
expect_eq orders "$(orders_there)" BC-1
