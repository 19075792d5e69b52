#!/bin/bash
# Trouble while reading: repeated where it may pass, told where it may not; never a half-read list taken for
# the whole one.
. "$(dirname "$0")/lib.sh"
export PEARLBRIDGE_CLOCK_SPEED=100
start_sandbox
product 1 MUG
n=0
try() { # WANTED-CODE FAULT...: a new store, a new order, one run; then plain ones until it is through
	n=$((n + 1))
	make_store $n
	sql_sandbox "DELETE FROM fault; DELETE FROM bc_order; DELETE FROM bp_order"
	put_order "$(order $n a@x.example "$(line MUG 1 10.00)")"
	fault "${@:2}"
	run_store "$1"
	[ "$(fired)" -ge 1 ] || bad "the fault never struck: ${*:2}"
	local outcome=$said$told
	sql_sandbox "DELETE FROM fault"
	later 1
	[ "$1" = 0 ] || run_store 0
	expect_eq "orders after ${*:2}" "$(orders_there)" "BC-$n"
	said=$outcome
	rm -rf "$store"
}
for api in bigcommerce brightpearl; do
	say "$api: once, at the 3rd request and at the list of orders or products"
	for kind in drop_after status_before:503 garbage; do try 0 api=$api method=GET nth=3 kind="${kind%%:*}" arg="${kind#*:}"; done
	where="path=$([ $api = bigcommerce ] && echo "/v2/orders*" || echo "/product-service/product-search*")"
	for kind in drop_before drop_after status_before:500 status_before:502 status_before:503 "status_before:503 empty" truncate garbage bad_json empty_200 throttle; do
		try 0 api=$api method=GET "$where" kind="${kind%%:*}" arg="${kind#*:}"
	done
	say "$api: for ever: 75, and the run after completes"
	for kind in drop_before status_before:500 garbage bad_json; do
		try 75 api=$api method=GET "path=$([ $api = bigcommerce ] && echo '/v2/orders*' || echo '/contact-service/contact-search*')" kind="${kind%%:*}" arg="${kind#*:}" times=-1
	done
done
say "answers that are too large are cut off, not swallowed"
try 75 api=bigcommerce 'path=/v2/orders*' kind=gzip_bomb arg=256 times=-1
say "429 with and without its headers: waited for, repeated"
for headers in all none retry_after_only; do
	switch bc_429_headers $headers
	try 0 api=bigcommerce 'path=/v2/orders*' kind=throttle times=3
done
switch bc_429_headers all
say "Brightpearl's throttle answer: waited for until the next minute"
try 0 api=brightpearl 'path=/contact-service/contact-search*' kind=throttle times=2
say "HTTP 500 with a CMNC code is a mistake of ours: not repeated"
n=$((n + 1))
make_store $n
put_order "$(order $n b$n@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl method=POST 'path=/order-service/sales-order/' kind=error_envelope arg='{"errors":[{"code":"CMNC-018","message":"The filter x cannot be parsed"}]}'
mark
run_store 65
expect_eq rejects "$(rejects)" "order:$n refused"
expect_eq "sent so often" "$(requests "path = '/order-service/sales-order/'")" 1
expect_has "what is told" "$told" CMNC-018
say "while CMNU-003 is an error of theirs: in doubt, looked up, sent again"
n=$((n + 1))
put_order "$(order $n b$n@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl method=POST 'path=/order-service/sales-order/' kind=error_envelope arg='{"errors":[{"code":"CMNU-003","message":"Internal Server Error"}]}'
run_store 0
expect_eq "order" "$(of_order $n 1)" 1
