#!/bin/bash
# Whatever dates the shop's answers bear, and its records: no order is skipped, no watermark passes what was seen; a date that jumps is told.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
number=0
# An order placed so many seconds from now by the shop's clock; its number is then in $number.
place() { # SECONDS
	number=$((number + 1))
	put_order "$(order "$number" "u$number@x.example" "$mug")"
	merchant sql "UPDATE bc_order SET date_created = server_time() / 1000 + ($1), date_modified = server_time() / 1000 + ($1) WHERE id = $number"
}
watermark() { sql_store "SELECT coalesce(done_until, 0) FROM cursor WHERE feed = 'bc_orders'"; }
newest() { sql_sandbox "SELECT max(date_modified) FROM bc_order WHERE date_modified < 4000000000"; }
all_there() { expect_eq "$1: orders in Brightpearl" "$(sql_sandbox "SELECT count(*) FROM bp_order")" "$number"; }

say "an empty shop, then an order: the watermark is its date; what is not seen does not move it"
run_store 0
expect_eq "watermark of nothing" "$(watermark)" 0
place -60
run_store 0
expect_eq "watermark" "$(watermark)" "$(newest)"
later 180
run_store 0
expect_eq "watermark of an empty window" "$(watermark)" "$(newest)"
all_there "after a quiet run"

for off in 2400 700000000 -90000; do
	say "one date $off seconds off, then an order in the time that it skips"
	fault api=bigcommerce path=/v2/orders kind=date "arg=$off" times=1
	run_store 0
	expect_has "it is told" "$told" "BigCommerce's clock jumped: an answer to /v2/orders is dated"
	place 5
	later 15
	run_store 0
	all_there "one date $off s off"
	expect_eq "watermark" "$(watermark)" "$(newest)"
	later 60

	say "every date of a run $off seconds off"
	fault kind=date "arg=$off" times=-1 nth=0
	place -5
	run_store 0
	all_there "all dates $off s off"
	sql_sandbox "DELETE FROM fault"
	place 5
	later 15
	run_store 0
	all_there "dates are right again"
	[ "$(watermark)" -le "$(newest)" ] || bad "the watermark $(watermark) passed $(newest)"
	run_store 0 # what is true is told three times
	later 60
done

say "the first dates that are ever told are wrong, with a page of orders after them"
rm -rf "$store"
make_store second
sql_sandbox "DELETE FROM bp_order; DELETE FROM bp_order_row"
fault kind=date arg=2400 times=3 nth=1
run_store 0
all_there "the first dates"
[ "$(watermark)" -le "$(newest)" ] || bad "the watermark $(watermark) passed $(newest)"

for kind in none bad; do
	say "no date that can be read: $kind"
	fault kind=date "arg=$kind" times=-1 nth=0
	place 0
	later 15
	run_store 0
	all_there "$kind"
	expect_eq "watermark" "$(watermark)" "$(newest)"
	sql_sandbox "DELETE FROM fault"
done
say "nobody ever told a date: everything is read, and the next run begins where this one did"
rm -rf "$store"
make_store third
sql_sandbox "DELETE FROM bp_order; DELETE FROM bp_order_row"
fault kind=date arg=none times=-1 nth=0
run_store 0
all_there "no date ever"
expect_eq "watermark" "$(watermark)" 0
place 0
run_store 0
all_there "no date ever, a second run"
sql_sandbox "DELETE FROM fault"
run_store 0

say "records of the year 2099, and without a date, move nothing"
place 0
sql_sandbox "UPDATE bc_order SET date_modified = 4070908800 WHERE id = $number"
place 0
sql_sandbox "UPDATE bc_order SET body = json_set(body, '$.date_modified', 'some day') WHERE id = $number"
run_store 0
[ "$(watermark)" -le "$(newest)" ] || bad "the watermark $(watermark) passed $(newest)"
later 120
place -5
run_store 0
all_there "after 2099"
