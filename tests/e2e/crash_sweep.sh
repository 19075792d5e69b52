#!/bin/bash
# The crash sweep: die at every commit and around every request, lose every answer, run again at most
# twice, and end as the run that never died.  crash_sweep.sh BUILD-FOLDER; longer ones: long/sweep.sh
set -u
. "$(dirname "$0")/long/lib_sweep.sh"
. "$(dirname "$0")/long/day.sh"
sweep_begin "$1"

# With an instance id Brightpearl refuses an order twice; what it answers then is not known.
prepare whole start many "20 40" bp_duplicate_body=empty
prepare alone load few "70 140" bp_duplicate_body=id # so late that each rerun is a new run
# A private app has none: only the look-up protects.  The index lags, by less than the patience of 15
# minutes, but by more than the mirror's overlap of 10.
prepare packs0 load many "11 23" bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))
prepare alone0 load few "11 23" bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))

sweep whole 220 crash
sweep alone 95 crash
sweep packs0 95 crash
sweep alone0 95 crash
for kind in drop_before drop_after status_after; do
	sweep whole 25 fault $kind
	sweep alone 9 fault $kind
	sweep packs0 8 fault $kind
	sweep alone0 9 fault $kind
done
sweep whole 14 reused drop_after
sweep alone 3 reused drop_after
sweep packs0 3 reused drop_after
sweep alone0 3 reused drop_after

# Every job at once: shipments, payments, notes, statuses, edits, reservations, stock.
prepare_day day "20 40 60" bp_duplicate_body=empty
prepare_day other "20 40 60" bp_instance_id=0 bc_shipment_moves_status=yes bp_field_add=overwrite bp_ship_touches=no
sweep day 60 crash
for kind in drop_before drop_after status_after; do
	sweep other 18 write $kind
done
sweep_end
