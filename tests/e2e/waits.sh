#!/bin/bash
# An end to every wait: a server that sends a byte now and then, waits that last hours, a run that lasts too long; each is told.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"

say "a byte every 1.5 s: each request is given up by its total time, and the run ends"
fault api=bigcommerce path=/v2/orders kind=drip arg=1500 times=-1
PEARLBRIDGE_TIMEOUT_MS=5000 patience=120 run_store 75
expect_has "what is told" "$said" "orders.extract failed"
sql_sandbox "DELETE FROM fault"
later 30
run_store 0
expect_eq orders "$(orders_there)" BC-1

say "a write whose answer never ends is looked up, not sent again"
put_order "$(order 2 a@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl method=POST path='/order-service/*' kind=drip arg=1500 times=1
PEARLBRIDGE_TIMEOUT_MS=5000 patience=120 run_store 0
expect_eq orders "$(sql_sandbox "SELECT group_concat(external_ref, ' ') FROM (SELECT external_ref FROM bp_order ORDER BY 1)")" "BC-1 BC-2"

say "days, a negative number, a word, a date in fifty years: cut to what is documented, and told"
n=2
for headers in 'X-Retry-After: 90000|X-Rate-Limit-Time-Reset-Ms: 90000000' 'X-Retry-After: -7|X-Rate-Limit-Time-Reset-Ms: -7' \
	'X-Retry-After: NaN|X-Rate-Limit-Time-Reset-Ms: NaN' 'Retry-After: Fri, 31 Dec 2076 23:59:59 GMT|X-Rate-Limit-Time-Reset-Ms: 99999999999999999999'; do
	n=$((n + 1))
	put_order "$(order $n a@x.example "$(line MUG 1 10.00)")"
	fault api=bigcommerce path=/v2/orders kind=throttle "arg=$headers" times=1
	run_store 0
	expect_eq "orders ($headers)" "$(orders_there | wc -w)" $n
	expect_has "what is told of $headers" "$told" "BigCommerce"
	[[ "$told" == *"makes no sense"* || "$told" == *"longer than any that it documents"* ]] || bad "nothing is told of $headers: $told" 0
done
say "two hours: this run asks no more, says until when, and the next one goes on"
put_order "$(order 70 a@x.example "$(line MUG 1 10.00)")"
fault api=bigcommerce path=/v2/orders kind=throttle 'arg=X-Retry-After: 7200' times=1
mark
run_store 75
expect_has "what is told" "$said$told" "BigCommerce asks to wait for 7200 s"
expect_eq "asked in vain" "$(requests "path = '/v2/orders'")" 1
later 121
run_store 0
expect_eq orders "$(of_order 70 1)" 1
say "windows of quota that last for days, of which nothing is left: a window is what it is documented to be"
put_order "$(order 7 a@x.example "$(line MUG 1 10.00)")"
fault kind=headers "arg=X-Rate-Limit-Time-Window-Ms: 3600000|X-Rate-Limit-Time-Reset-Ms: 3599000|brightpearl-next-throttle-period: 3599000" times=-1
run_store 0
expect_has "what is told" "$told" 'BigCommerce sent the header "X-Rate-Limit-Time-'
expect_has "what is told" "$told" 'Brightpearl sent the header "brightpearl-next-throttle-period: 3599000"'
sql_sandbox "DELETE FROM fault"

say "a wait of more than a minute is told: for what, how long, why"
put_order "$(order 8 a@x.example "$(line MUG 1 10.00)")"
fault api=bigcommerce path=/v2/orders kind=throttle 'arg=X-Retry-After: 200' times=1
run_store 0
expect_has "what is told" "$told" "s more (0 s so far) before BigCommerce is sent GET /v2/orders: BigCommerce asks to wait"
expect_has "in the log" "$(cat "$store"/data/runs/*/orders.extract.log)" "before BigCommerce is sent GET /v2/orders"

say "a run that lasts too long ends at a safe point, says so, and the next one goes on"
list=''
for i in $(seq 100 160); do list+=",$(order "$i" "u$i@x.example" "$(line MUG 1 10.00)")"; done
put_order "[${list:1}]"
setting run.max_minutes 1
switch latency_ms 4000
run_store 75
switch latency_ms 0 bp_multi on
expect_has "why" "$told" "the run ends, since it took longer than run.max_minutes (1)"
expect_has "the run" "$said" "(exit 75)"
expect_eq "in doubt" "$(sql_store "SELECT count(*) FROM out_order WHERE state = 'claimed'")" 0
setting run.max_minutes 120
run_store 0
expect_eq orders "$(orders_there | wc -w)" 70
expect_exact
