#!/bin/bash
# --json is JSON, line by line; --quiet says nothing of success; status, rejects, help and usage.
. "$(dirname "$0")/lib.sh"
. "$home/tests/e2e/lib_reserve.sh"
start_sandbox
make_reserving_store
product 1 MUG
stock 1 9
invalid() { # FILE: its lines that are not JSON objects
	sqlite3 :memory: "CREATE TABLE t (line TEXT)" ".mode ascii" ".separator \"\\037\" \"\\n\"" ".import $1 t" \
		".mode list" "SELECT line FROM t WHERE NOT json_valid(line) OR json_type(line) <> 'object'"
}
run_store 0 status
expect_eq "first line of status" "$(head -n 1 <<<"$said")" "nothing was run yet; begin with $run"
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00)"), $(order 2 b@x.example "$(line '\"odd\"' 1 10.00 '"product_id":77,"name":"x"')")]"
run_store 65 --json
expect_eq "lines on stdout that are not JSON" "$(invalid "$work/said")" ""
expect_eq "lines on stderr that are not JSON" "$(invalid "$work/told")" ""
expect_eq "the result" "$(sqlite3 :memory: "SELECT value ->> '$.code', value ->> '$.rejects[0].key', json_array_length(value, '$.stages') FROM (SELECT readfile('$work/said') AS value)")" "65|order:2|$(sql_store "SELECT count(*) FROM stage")"
for command in status rejects plan; do
	run_store 0 --json $command
	expect_eq "lines of $command --json that are not JSON" "$(invalid "$work/said")$(invalid "$work/told")" ""
done
run_store 0 status
expect_has "first line of status" "$(head -n 1 <<<"$said")" "exit code 0"
expect_has "status" "$said" "order:2"
expect_has "status" "$said" "next:"
run_store 0 --quiet
expect_eq "what a quiet run without news says" "$said$told" ""
put_order "$(order 3 a@x.example "$(line MUG 1 10.00)")"
run_store 0 --quiet
expect_eq "what a quiet run that sends says" "$said$told" ""
put_order "[$(order 4 a@x.example "$(line MUG 1 10.00)"), $(order 5 a@x.example "$(line MUG 1 10.00)")]"
run_store 0
expect_has "the summary counts orders by themselves" "$said" "2 to bring over"
expect_has "the summary counts orders by themselves" "$said" "; 2 sent; reservations: 2 sent"
run_store 0
expect_no "a log that is no terminal" "$told" $'\r'
expect_no "a log that is no terminal" "$told$said" $'\033'

say "usage"
run_store 0 --help
for word in status plan rejects retry --store --json --quiet "exit codes"; do expect_has help "$said" "$word"; done
run_store 64 --nonsense
run_store 64 nonsense
expect_has "what is told" "$told" nonsense
run_store 64 orders.nonsense
for command in status plan rejects retry mappings init; do
	run_store 0 $command --help
	expect_has "$command --help" "$said" "$command"
done
store="$work/with blank" run_store 64 status
store=$work/nowhere run_store 64
expect_has "what is told of a folder that is not there" "$told" "$work/nowhere"

say "init makes a folder that a run can use, and never overwrites"
store=$work/new
run_store 0 init
expect_eq ".env" "$(stat -c %a "$store/.env")" 600
expect_eq "mapping files" "$(ls "$store/mappings" | wc -l)" "$(cd "$home/mappings" && ls -- *.csv | wc -l)"
echo '# mine' >>"$store/mappings/sales.csv"
run_store 0 init
expect_has "sales.csv after a second init" "$(cat "$store/mappings/sales.csv")" "# mine"
run_store 78
expect_has "what is told" "$told" BIGCOMMERCE_STORE_HASH
