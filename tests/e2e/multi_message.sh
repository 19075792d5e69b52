#!/bin/bash
# Multi-message out of order, half done or nonsense: single calls, and each order once all the same.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
more() { # FIRST LAST: orders of one customer
	local list=''
	for i in $(seq "$1" "$2"); do list+=",$(order "$i" a@x.example "$(line MUG 1 10.00)")"; done
	put_order "[${list:1}]"
}
say "up: ten orders are one request"
more 1 10
mark
run_store 0
expect_eq "multi-messages" "$(requests "path = '/multi-message'")" 1
expect_eq "its shape" "$(sql_sandbox "SELECT body ->> '$.processingMode', body ->> '$.onFail', json_array_length(body, '$.messages') FROM request WHERE path = '/multi-message'")" "SEQUENTIAL|CONTINUE|10"
say "down (503 with HTML): in doubt, looked up, then one by one; the next run does not even try"
switch bp_multi down
more 11 20
mark
code=0
timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
[ "$code" = 0 ] || { expect_eq "code" "$code" 75; later 20; run_store 0; }
expect_eq orders "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order")" "20|20"
expect_eq "single ones" "$(requests "path = '/order-service/sales-order/'")" 10
more 21 26
mark
run_store 0
expect_eq "multi-messages while it is left alone" "$(requests "path = '/multi-message'")" 0
switch bp_multi on
later 60
more 31 36
mark
run_store 0
expect_eq "multi-messages an hour later" "$(requests "path = '/multi-message'")" 1
say "answers that make no sense: a label missing, content that is no JSON, HTML with status 200"
n=100
for answer in '{"response":{"processedMessages":[],"unprocessedMessages":[]}}' '{"response":{}}' '[]' 'null' \
	'{"response":{"processedMessages":[{"label":"BC-LAST","statusCode":200,"body":{"content":"oops"}}]}}'; do
	n=$((n + 10))
	more $n $((n + 5))
	fault api=brightpearl path=/multi-message kind=answer_json arg="$answer"
	code=0
	timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
	for again in 1 2; do
		[ "$code" = 0 ] && break
		expect_eq "code after $answer" "$code" 75
		later 40
		code=0
		timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
	done
	expect_eq "code in the end" "$code" 0
	expect_eq "orders" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order WHERE external_ref BETWEEN 'BC-$n' AND 'BC-$((n + 5))'")" "6|6"
done
say "unprocessed messages go later"
more 201 206
fault api=brightpearl path=/multi-message kind=answer_json arg='{"response":{"processedMessages":[],"unprocessedMessages":["BC-201","BC-202","BC-203","BC-204","BC-205","BC-206"]}}'
run_store 0
expect_eq "orders" "$(sql_sandbox "SELECT count(*) FROM bp_order WHERE external_ref BETWEEN 'BC-201' AND 'BC-206'")" 6
expect_exact
say "one message inside throttled, or refused for the credentials: no fault of the order, it goes later"
inner() { # FIRST STATUS CONTENT: the first of six is answered so, the others are left
	printf '{"response":{"processedMessages":[{"label":"BC-%d","statusCode":%d,"body":{"content":"%s"}}],"unprocessedMessages":["BC-%d","BC-%d","BC-%d","BC-%d","BC-%d"]}}' \
		"$1" "$2" "${3//\"/\\\"}" $(($1 + 1)) $(($1 + 2)) $(($1 + 3)) $(($1 + 4)) $(($1 + 5))
}
more 301 306
fault api=brightpearl path=/multi-message kind=answer_json arg="$(inner 301 429 '{"response":"wait"}')"
run_store 0
more 311 316
fault api=brightpearl path=/multi-message kind=answer_json arg="$(inner 311 503 '{"response":"You have sent too many requests. Please wait before sending another request"}')"
run_store 0
more 321 326
fault api=brightpearl path=/multi-message kind=answer_json arg="$(inner 321 401 '{"response":"Authorization token expired"}')"
run_store 75
expect_eq "nothing is rejected" "$(rejects)" ""
run_store 0
expect_eq "orders" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order WHERE CAST(substr(external_ref, 4) AS INTEGER) BETWEEN 301 AND 326")" "18|18"
