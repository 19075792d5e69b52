#!/bin/bash
# The last stop of limits.*: what is new goes, then what a person asked for, and the rest is held and told; numbers that older versions shipped freeze nothing.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
product 1 MUG
ago() { date -u -d "@$(($(now) - $1))" +%Y-%m-%dT%H:%M:%SZ; } # SECONDS
day=86400
batch() { # FROM TO SECONDS-AGO
	local list='' n
	for n in $(seq "$1" "$2"); do list+=",$(order "$n" "u$((n % 4))@x.example" "$(line MUG 1 1.00)" "\"created\":\"$(ago "$3")\",\"modified\":\"$(ago "$3")\"")"; done
	put_order "[${list:1}]"
}
there() { sql_sandbox "SELECT count(*) FROM bp_order"; }
setting orders.start_date "$(ago $((5 * day)))" limits.orders 10
batch 1 30 $((40 * day))
batch 31 42 $((20 * day))
batch 51 54 $day
run_store 0
expect_eq "orders" "$(there)" 4

say "a start date moved back brings 42 beside four new ones: these go, the others are held"
setting orders.start_date "$(ago $((50 * day)))"
batch 55 58 60
mark
run_store 0 plan orders
expect_has "plan" "$said" "a brake would hold: 42 orders"
expect_has "plan" "$said" "HELD by limits.orders, which is 10"
expect_has "plan" "$said" "would be sent: 4 orders"
run_store 65
expect_eq "orders" "$(there)" 8
for part in "46 orders would be sent, limits.orders is 10: the 4 that are new or were asked for go, the others are held" \
	"$run --allow-large orders sends them once"; do
	expect_has "what is said" "$told$said" "$part"
done
expect_eq "how often" "$(grep -c "limits.orders is 10" <<<"$told")" 1
run_store 0 explain order 1
expect_has "explain" "$said" "held by limits.orders, which is 10"
expect_has "explain: what frees it" "$(grep ' next ' <<<"$said")" "--allow-large orders sends order:1"

say "what a person asked for goes if it fits in, and freezes nothing if it does not"
run_store 0 order 1 2
expect_eq "orders" "$(there)" 10
batch 61 63 60
run_store 65 backfill --from "$(ago $((21 * day)))" --to "$(ago $((19 * day)))" --only all
expect_eq "orders" "$(there)" 13
expect_has "what is said" "$told$said" "the 3 that are new or were asked for go"

say "more new ones than that: none is, until a person says so"
batch 71 82 60
run_store 65
expect_eq "orders" "$(there)" 13
expect_has "what is said" "$told$said" "52 orders would be sent, limits.orders is 10: none is"
run_store 0 --allow-large orders
expect_eq "orders" "$(there)" 65

say "500, 300 and 40 were shipped once: they count as what is shipped now, and the check says why"
setting limits.orders 500 limits.contacts 500 limits.shipments 300 limits.statuses 300 limits.stock_changed_percent 40
run_store 0 mappings check
for part in "limits.orders: is 500, which an older version shipped: it counts as 5000" "limits.statuses: is 300, which an older version shipped: it counts as 5000" \
	"limits.stock_changed_percent: is 40, which an older version shipped: it counts as 5, since it no longer means all changes"; do
	expect_has "the check" "$told$said" "$part"
done
setting limits.orders 499 limits.stock_changed_percent 60
run_store 0 mappings check
expect_has "the check" "$told$said" "limits.orders: is 499: a run that would send more sends nothing until you raise it"
expect_has "the check" "$told$said" "limits.stock_changed_percent: is 60 percent: it means no longer all changes"
setting limits.orders 500
run_store 0
expect_eq "what counts" "$(sql_store "SELECT group_concat(value, ' ') FROM map_settings WHERE setting IN ('limits.orders', 'limits.shipments') ORDER BY setting")" "5000 5000"
