#!/bin/bash
# The power goes at points around every write, and what was not synced is gone: nothing is sent twice, nothing lost.
set -u
. "$(dirname "$0")/long/lib_sweep.sh"
. "$(dirname "$0")/long/lib_power.sh"
sweep_begin "$1"
# a private app, and an index that lags: only what we have on disk protects
prepare alone0 load few "11 23" bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))
# after each write, and every EVERY-th of the other points
power alone0 10 < <(awk -v every="${EVERY:-12}" '/^after (POST|PUT|PATCH) / || NR % every == 0 { print NR }' "$work/alone0.trace")
sweep_end
