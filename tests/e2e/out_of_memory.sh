#!/bin/bash
# An allocation fails, at points all over a run: it ends clean and says so; plain runs then do all of it, once.
set -u
. "$(dirname "$0")/long/lib_sweep.sh"
. "$(dirname "$0")/long/lib_memory.sh"
sweep_begin "$1"
prepare whole start few "20 40" bp_duplicate_body=zero
memory whole "${TRIALS:-24}"
sweep_end
