#!/bin/bash
# As out_of_memory.sh, in a day of all jobs, at many more allocations (part of make sweep).  memory.sh BUILD-FOLDER
set -u
. "$(dirname "$0")/lib_sweep.sh"
. "$(dirname "$0")/day.sh"
. "$(dirname "$0")/lib_memory.sh"
sweep_begin "$1"
prepare_day day "20 40 60" bp_duplicate_body=empty
memory day "${TRIALS:-400}"
sweep_end
