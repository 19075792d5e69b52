#!/bin/bash
# The crash sweep: die at every commit and around every request, lose every answer, run again at most
# twice, and end as the run that never died.  crash_sweep.sh BUILD-FOLDER; longer ones: long/sweep.sh
set -u
. "$(dirname "$0")/long/lib_sweep.sh"
. "$(dirname "$0")/long/day.sh"
sweep_begin "$1"

# Some points stand for their neighbours here; the long sweep takes every one.
every=4
# With an instance id Brightpearl refuses an order twice; what it answers then is not known.
prepare whole start many "20 40" bp_duplicate_body=empty
every=2
prepare alone load few "70 140" bp_duplicate_body=id # so late that each rerun is a new run
# A private app has none: only the look-up protects.  The index lags, by less than the patience of 15
# minutes, but by more than the mirror's overlap of 10.
prepare packs0 load many "11 23" bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))
prepare alone0 load few "11 23" bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))

sweep whole 20 crash
sweep alone 20 crash
sweep packs0 20 crash
sweep alone0 20 crash
for kind in drop_before drop_after status_after; do
	sweep alone 6 fault $kind
done
sweep whole 15 fault drop_after
sweep packs0 5 fault drop_after
sweep alone0 6 fault status_after
sweep whole 8 reused drop_after
sweep alone0 2 reused drop_after

# Every job at once, around each write: shipments, payments, notes, statuses, edits, reservations, stock.
prepare_day day "20 40 60" bp_duplicate_body=empty
prepare_day other "20 40 60" bp_instance_id=0 bc_shipment_moves_status=yes bp_field_add=overwrite bp_ship_touches=no
sweep day 30 crash
sweep other 10 write drop_after
sweep other 10 write status_after
sweep_end
