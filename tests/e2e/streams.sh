#!/bin/bash
# Closed or full standard streams: nothing said lands in a file of the store, and what could not be said is no success.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
run_store 0
program="$build/pearlbridge --store $store"
code_of() { code=0 && eval "$1" 2>"$work/told" || code=$?; }
say "closed ones are as if they were /dev/null"
n=1
for closed in '0<&-' '1>&-' '2>&-' '0<&- 1>&-' '1>&- 2>&-' '0<&- 1>&- 2>&-'; do
	n=$((n + 1))
	put_order "$(order $n a@x.example "$(line MUG 1 10.00)")"
	code=0
	eval "$program >'$work/said' $closed" || code=$?
	expect_eq "code with $closed" "$code" 0
	expect_eq "orders with $closed" "$(orders_there | wc -w)" $n
	expect_eq "data/lock with $closed" "$(wc -c <"$store/data/lock")" 0
	code=0
	eval "'$home/run.sh' --store '$store' status >'$work/said' $closed" || code=$?
	expect_eq "code of run.sh status with $closed" "$code" 0
done
say "a full one is no success, whatever the command is"
for command in '' status rejects 'explain order 1' 'mappings check' plan retry 'order 1' doctor '--help' 'status --help' --version '--json status' stop; do
	code_of "$program $command >/dev/full"
	expect_eq "code of '$command' into a full stdout" "$code" 74
	expect_has "what '$command' tells" "$(<"$work/told")" "could be written to stdout: No space left on device"
done
say "it stays worse where it was worse"
code_of "$program nonsense >/dev/full"
expect_eq "code" "$code" 64
say "a reader that goes away does not break a run off"
n=$((n + 1))
put_order "$(order $n a@x.example "$(line MUG 1 10.00)")"
$program --verbose 2>&1 | head -n 1 >/dev/null
expect_eq "orders" "$(orders_there | wc -w)" $n
expect_eq "in doubt" "$(sql_store "SELECT count(*) FROM out_order WHERE state = 'claimed'")" 0
