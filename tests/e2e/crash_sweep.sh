#!/bin/bash
# The crash sweep: die at every commit and around every request, lose every answer, run again at most
# twice, and end as the run that never died.  crash_sweep.sh BUILD-FOLDER; longer ones: long/sweep.sh
set -u
. "$(dirname "$0")/long/sweep_lib.sh"
sweep_begin "$1"

prepare whole start many bp_duplicate_body=empty
time sweep whole 200 crash
prepare packs0 load many bp_instance_id=0
prepare alone0 load few bp_instance_id=0
prepare alone load few bp_duplicate_body=empty
for f in packs0 alone0 alone; do
sweep $f 50 crash
for kind in drop_after drop_before status_after; do sweep $f 5 fault $kind; done
sweep $f 3 reused drop_after
done
for kind in drop_after drop_before status_after; do sweep whole 5 fault $kind; done
sweep whole 5 reused drop_after
sweep_end
