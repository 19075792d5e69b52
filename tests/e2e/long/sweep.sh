#!/bin/bash
# The longer sweeps (make sweep): two crashes in a row, kill -9 at any moment, every kind of fault at
# every request, outages that last, an index that lags by less and by more than the patience.
# sweep.sh BUILD-FOLDER
set -u
. "$(dirname "$0")/lib_sweep.sh"
sweep_begin "$1"
private="bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))"

# Every n-th point, and in the rerun every 7th from another one on.
stride=${SWEEP_STRIDE:-7}
worker_twice() { # worker_twice FLAVOUR FIRST HURT ARG
	local n m met=0 wrong=0 copy=$work/copy.$2
	trap 'exit 1' TERM
	for ((n = $2; ; n += workers)); do
		for ((m = n % stride + 1; ; m += stride)); do
			trial "$1" "$copy" crash '' "$n" "PEARLBRIDGE_CRASH_AT=$m" || wrong=$((wrong + 1))
			[ "$(grep -c '^crash injected' "$copy/store/log")" = 2 ] || break
			met=$((met + 1))
		done
		[ -e "$copy/met" ] || break
	done
	echo "$met $wrong" >"$work/sum.$2"
}

# shellcheck disable=SC2086
{
	prepare whole start many "20 40" bp_duplicate_body=zero
	prepare alone0 load few "11 23" $private
	prepare packs0 load many "11 23" $private
	prepare twice0 load few "11 23 35" $private
	prepare packs load many "1 17" bp_duplicate_body=empty
	# multi-message known to be out of order: several single calls are in flight at a time
	store_sql="INSERT INTO cursor(feed, done_until) VALUES('multi_message_down', 4000000000)"
	prepare single load many "20 40" bp_duplicate_body=zero
	prepare single0 load many "11 23" $private
	store_sql=
	# the index lags an hour: it is told to wait longer before it believes that nothing is there
	settings='s/^api.in_doubt_minutes,15/api.in_doubt_minutes,75/'
	prepare lag0 load few "50 100" bp_instance_id=0 bp_search_lag_ms=3600000
	prepare lagpacks0 load many "50 100" bp_instance_id=0 bp_search_lag_ms=3600000
	settings=
}

sweep single 95 crash
sweep single0 95 crash
sweep packs 95 crash
sweep lag0 95 crash
sweep lagpacks0 95 crash
for flavour in packs0 single0 alone0; do
	sweep $flavour 20 kill
done
sweep whole 30 kill

page='{"errors":[{"code":"CMNU-003","message":"Service unavailable"}]}'
for kind in drop_before drop_after status_before:500 status_before:502 status_before:503 "status_before:503 empty" \
	status_before:408 status_after:500 status_after:502 status_after:504 throttle truncate garbage bad_json empty_200 \
	"error_envelope:$page"; do
	for flavour in whole alone0 packs0 single0; do
		sweep $flavour 7 fault "$kind"
	done
done
for flavour in whole alone0 packs0 single0; do
	sweep $flavour 3 reused drop_after
	sweep $flavour 3 reused drop_before
	sweep $flavour 3 reused status_after
	for kind in drop_before drop_after status_before status_after garbage; do
		sweep $flavour 7 outage $kind
	done
done
sweep alone0 7 outage throttle # five minutes of patience pass, forty times as fast
worker=worker_twice
sweep twice0 $((7000 / stride)) crash
sweep_end
