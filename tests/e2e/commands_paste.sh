#!/bin/bash
# Commands in messages can be pasted: the program as it was called, for the store that it was called for, whatever its path holds.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store "my shop's \"best\""
product 1 MUG
sql_sandbox "INSERT INTO bc_product (id, sku, name, price) VALUES (2, 'NONE', 'None', 1)"
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00)"), $(order 2 a@x.example "$(line NONE 1 10.00)")]"
# The command after WORDS in what was said, to the end of the line or of the command.
pasted() { grep -m 1 -o "$1.*" <<<"$said$told" | sed "s|^$1||; s/ lists what.*//; s/ takes it up.*//; s/;.*//"; }
try() { # CODE COMMAND
	local code=0
	(cd / && eval "$2") >"$work/tried" 2>&1 || code=$?
	expect_eq "exit code of $2" "$code" "$1"
}
run_store 65
rejects_command=$(pasted 'what to do about them: ')
expect_has "the store" "$rejects_command" "$build/pearlbridge --store '"
try 0 "$rejects_command"
expect_has "it is that store's" "$(<"$work/tried")" NONE
run_store 0 status
try 0 "$(pasted 'next: ')"
run_store 0 ignore order:2 --why 'none of ours'
expect_has "how to take it back" "$said" "retry order:2 takes it up again"
try 0 "$(pasted 'none of ours. ')"
expect_has "it did" "$(<"$work/tried")" "order:2 is taken up again"
say "with --json all of it is JSON"
run_store 0 rejects --json
expect_eq "lines that are not JSON" "$(grep -v '^$' "$work/said" | while IFS= read -r l; do sqlite3 :memory: "SELECT json_valid('${l//\'/\'\'}')"; done | grep -c 0)" 0
run_store 0 status --json
expect_eq "status" "$(sqlite3 :memory: "SELECT json_valid(readfile('$work/said'))")" 1
say "in the logs of stages too"
merchant sql "UPDATE bc_order SET date_modified = server_time() / 1000"
contact 900 gone@x.example
log=$(cat "$store"/data/run*/*/*.log "$store"/data/run/*.log 2>/dev/null | grep -c ' ./run.sh' || true)
expect_eq "commands in logs that cannot be pasted" "$log" 0
say "run.sh is named as it was called; the default store needs no --store"
said=$(cd "$home" && ./run.sh status --store "$store" 2>&1)
expect_has "run.sh" "$said" "./run.sh --store '"
said=$(cd / && "$home/run.sh" status --store "$store" 2>&1)
expect_has "run.sh elsewhere" "$said" "$home/run.sh --store '"
said=$(cd "$home" && ./run.sh settle 2>&1)
expect_no "without --store" "$said" "--store"
said=$("$build/pearlbridge" --store "$store" settle --help)
expect_has "help" "$said" "./run.sh settle order:1042"
