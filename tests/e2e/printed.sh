#!/bin/bash
# What is printed is safe: no text from outside acts on a terminal, breaks a line, turns the reading direction round or
# is half a letter: names, notes, SKUs, answers, cells, arguments; on stdout, stderr, in logs, --json and --csv.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
# ESC, BEL, C1 as one letter, an override of direction, an isolate, a line separator, DEL; as JSON and as bytes
bad='\u001b]0;owned\u0007 \u009b2J \u202eevil\u2066 \u2028 \u007f \nstranger\tline\r'
bytes=$(printf '\033]0;owned\007 \302\2332J \342\200\256evil\342\201\246 \342\200\250 \177 \nstranger')
acts='[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xaf]|^stranger'
safe() { # WHAT [tr -d]: what was said and told last
	if cat "$work/said" "$work/told" | tr -d "${2-}" | LC_ALL=C grep -qaP "$acts"; then
		bad "$1 shows what acts: $(cat "$work/said" "$work/told" | LC_ALL=C grep -aP "$acts" | head -n 2 | cat -v | cut -c 1-200)"
	fi
	cat "$work/said" "$work/told" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || bad "$1 shows what is not UTF-8"
}
safe_logs() { # WHAT
	expect_eq "logs that hold what acts, after $1" "$(LC_ALL=C grep -rlaP --include='*.log' "$acts" "$store/data")" ""
}
json_lines() { # of what was said last: those that are no JSON
	sqlite3 :memory: "CREATE TABLE t (line TEXT)" ".mode ascii" ".separator \"\\037\" \"\\n\"" ".import $work/said t" \
		".mode list" "SELECT line FROM t WHERE NOT json_valid(line)"
}
setting inventory.enabled plan payments.enabled plan notes.to_brightpearl.enabled plan
product 1 MUG
put_stock 1001 2 9
sql_sandbox "INSERT INTO bc_product (id, sku, name, price) VALUES (7, '$bytes', '$bytes', 100000);
	INSERT INTO bp_product (id, sku, name) VALUES (1051, 'TWIN', '$bytes'), (1052, 'TWIN', 'b'); INSERT INTO bc_product (id, sku, name, price) VALUES (9, 'TWIN', 'Twin', 100000);
	UPDATE bp_order_status SET name = '$bytes' WHERE id = 19"
evil=$(printf '%s' "$bad" | sed 's/"/\\"/g')
put_order "[$(order 1 a@x.example "$(line MUG 1 10.00)" "\"customer_message\":\"$evil\",\"staff_notes\":\"$evil\",\"paid\":false,\"payment_method\":\"$evil\""),
	$(order 2 b@x.example '{"sku":"'"$evil"'","name":"'"$evil"'","product_id":7,"quantity":1,"price":"1.00"}'),
	$(order 3 c@x.example "$(line TWIN 1 10.00)"),
	$(order 4 d@x.example "$(line MUG 1 10.00)" "\"billing\":{\"first_name\":\"$evil\",\"last_name\":\"$evil\",\"street_1\":\"$evil\",\"city\":\"$evil\",\"zip\":\"1\",\"country\":\"United Kingdom\",\"country_iso2\":\"GB\"}")]"
mapping sku_keys.csv "$(printf '"A\342\200\256B",C,')"
mapping sku_keys.csv "$(printf '"OLD\nstranger",C,')"

say "a run, and what every command shows of it"
run_store 65 --verbose
safe "a run"
fault api=brightpearl method=POST 'path=/order-service/*' kind=answer_as "arg=400 {\"errors\":[{\"code\":\"ORDC-009\",\"message\":\"wrong: $evil\"}]}" times=3
put_order "$(order 5 e@x.example "$(line MUG 1 10.00)")"
run_store 65
expect_has "the test itself: what the refusal says" "$(sql_store "SELECT group_concat(message) FROM reject")" "wrong: "
safe "a refusal"
safe_logs "a refusal"
for command in rejects status plan "explain order 1" "explain order 2" "explain order 4" "mappings check" doctor "order 2" reconcile \
	"adopt --from 2026-01-01" "catch-up notes --from 2026-01-01" "backfill --from 2026-02-01 --to 2026-02-04" "link order 1 none --why x"; do
	for how in '' --json $([ "$command" = reconcile ] && echo --csv); do
		code=0
		# shellcheck disable=SC2086
		timeout "$patience" "$build/pearlbridge" --store "$store" $how $command >"$work/said" 2>"$work/told" </dev/null || code=$?
		case $how in --csv) safe "$command $how" '\r' ;; *) safe "$command $how" ;; esac
		[ "$code" != 70 ] || bad "$command ends 70"
		[ "$how" != --json ] || [ "$command" = "mappings check" ] || expect_eq "lines of $command --json that are no JSON" "$(json_lines)" ""
	done
done
run_store 0 --json rejects
safe "rejects --json"
expect_has "rejects --json" "$said" '\u202eevil'

say "arguments"
for arguments in "explain|order|$bytes" "explain|customer|$bytes" "retry|$bytes" "ignore|$bytes|--why|$bytes" "link|order|1|$bytes" "settle|$bytes|--as|1" \
	"--$bytes" "$bytes" "$bytes.load" "adopt|--from|$bytes" "backfill|--from|$bytes|--to|$bytes" "catch-up|$bytes" "plan|$bytes" "order|$bytes" \
	"--allow-large|$bytes" "doctor|$bytes" "mappings|$bytes" "reconcile|--from|$bytes|--to|2026-01-01" "link|customer|$bytes|1"; do
	IFS='|' read -r -d '' -a list <<<"$arguments" || true
	list[-1]=${list[-1]%$'\n'}
	code=0
	timeout "$patience" "$build/pearlbridge" --store "$store" "${list[@]}" >"$work/said" 2>"$work/told" </dev/null || code=$?
	safe "${list[0]} with an odd argument"
	[ "$code" = 64 ] || [ "$code" = 0 ] || bad "code of ${list[0]} with an odd argument: $code"
done
timeout "$patience" "$build/pearlbridge" --store "$store$(printf '\033[2J\nstranger')" status >"$work/said" 2>"$work/told" && bad "a folder that is not there is fine"
safe "an odd store"

safe_logs "odd arguments"

say "an offered line put in as it is: a plain complaint"
make_store second
setting orders.start_date 2026-01-01T00:00:00Z
run_store 65
offered=$(sql_store "SELECT csv_line FROM reject WHERE key = 'order:3'")
mapping sku_keys.csv "${offered#*: }"
run_store 78 mappings check
expect_has "the complaint" "$said" 'brightpearl: "THE_KEY_IN_BRIGHTPEARL" only keeps the place'
run_store 78
expect_has "the reject" "$(sql_store "SELECT message || '; ' || hint FROM reject WHERE closed_at IS NULL AND key = 'order:3'")" "only keeps the place"
expect_has "the hint" "$(sql_store "SELECT hint FROM reject WHERE closed_at IS NULL AND key = 'order:3'")" "mend that line"
