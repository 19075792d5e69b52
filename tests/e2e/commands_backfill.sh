#!/bin/bash
# backfill: a range is read again below the watermark; --only all goes below orders.start_date, each order once.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
contact 501 ann@x.example
mug=$(line MUG 1 10.00)
old() { order "$1" ann@x.example "$mug" "\"created\":\"$2T10:00:00Z\""; }
for misuse in "backfill" "backfill --from 2025-01-01" "backfill --from x --to 2025-01-01" "backfill --from 2025-02-01 --to 2025-01-01" \
	"backfill --from 2025-01-01 --to 2025-02-01 --only some" "backfill --from 2025-01-01 --to 2025-02-01 missing"; do
	# shellcheck disable=SC2086
	run_store 64 $misuse
	expect_has "what '$misuse' is told" "$told" "usage: $run backfill"
done
put_order "[$(old 1 2025-03-01), $(old 2 2025-03-31), $(old 3 2025-04-01), $(old 4 2026-02-01)]"
run_store 0
expect_eq "orders there" "$(orders_there)" "BC-4"

say "an order that the feed never saw is found; what is below orders.start_date stays out"
sql_store "DELETE FROM link_order; DELETE FROM out_order; DELETE FROM stg_bc_order"
until=$(sql_store "SELECT done_until FROM cursor WHERE feed = 'bc_orders'")
mark
run_store 0 backfill --from 2025-03-01 --to 2026-02-01
expect_eq "the order that was lost is found, not made again" "$(orders_there) $(sql_store "SELECT how FROM link_order")" "BC-4 found"
expect_eq "what is left out" "$(sql_store "SELECT group_concat(DISTINCT reason) FROM skip WHERE job = 'orders'")" "before orders.start_date"
expect_has "what is said" "$said" "of 4 orders placed in that range 1 are in Brightpearl, 3 are left out, 0 are rejected, 0 wait"
expect_eq "writes" "$(count_writes)" 0

say "--only all: a whole day at its end; what Brightpearl has of it is found"
sql_sandbox "INSERT INTO bp_order (external_ref, ref, contact_id, channel_id, total, total_net, placed_on, created_on) VALUES ('BC-2', 'BC-2', 501, 2, 100000, 100000, 1743415200, 1743415300)"
run_store 0 backfill --from 2025-03-01 --to 2025-03-31 --only all
expect_eq "orders there" "$(orders_there)" "BC-1 BC-2 BC-4"
expect_eq "how" "$(sql_store "SELECT order_id, how FROM link_order ORDER BY 1")" "1|created
2|found
4|found"
mark
run_store 0
expect_eq "writes of a run without news" "$(count_writes)" 0
run_store 0 backfill --from 2025-03-01 --to 2025-03-31 --only all
expect_eq "writes of the same again" "$(count_writes)" 0

say "--only failed: what was refused goes again"
sed -i 's/^\*,\*,\*,\*,Online shop,,,,/*,*,*,*,Online shop,,,99,/' "$store/mappings/sales.csv"
put_order "$(order 9 ann@x.example "$mug")"
run_store 65
expect_eq rejects "$(rejects)" "order:9 refused"
run_store 0 backfill --from 2026-02-01 --to 2026-03-01
expect_eq "missing alone does not send it" "$(sql_store "SELECT attempts FROM out_order WHERE order_id = 9")" 1
run_store 0 backfill --from 2026-02-01 --to 2026-03-01 --only failed
expect_eq "failed does" "$(sql_store "SELECT attempts FROM out_order WHERE order_id = 9")" 2
