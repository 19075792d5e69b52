#!/bin/bash
# Kills at random moments, with faults of the servers all along, for SOAK_SECONDS (60); then plain runs end as the
# golden run (make soak).  soak.sh BUILD-FOLDER; SEED=N does the same again, as far as time allows
set -u
. "$(dirname "$0")/lib_sweep.sh"
. "$(dirname "$0")/day.sh"
sweep_begin "$1"
RANDOM=${SEED:=$((EPOCHSECONDS % 32768))}
kinds=(drop_before drop_after status_before:503 status_after:500 status_after:502 throttle truncate garbage bad_json empty_200 stall:300)

# Half of the runs are killed, with all their processes, within two seconds; each meets up to four faults.
soak_once() { # COPY
	local kind n
	ask "$1" "DELETE FROM fault"
	for ((n = RANDOM % 5; n > 0; n--)); do
		kind=${kinds[RANDOM % ${#kinds[@]}]}
		ask "$1" "INSERT INTO fault (nth, kind, arg) VALUES ($((RANDOM % 60 + 1)), '${kind%%:*}', '${kind#*:}')"
	done
	if ((RANDOM % 2)); then
		client "$1" "KILL_AFTER=$((RANDOM % 2)).$(printf %03d $((RANDOM % 1000)))"
	else
		client "$1"
	fi
}

# Prints what is wrong.
soak() { # FLAVOUR COPY SECONDS
	local code minute=0 until=$((EPOCHSECONDS + $3)) runs=0 codes=''
	while ((EPOCHSECONDS < until)); do
		soak_once "$2"
		code=$? runs=$((runs + 1)) codes+=" $code"
		[[ "$accepted 124 137 " == *" $code "* ]] || echo "run $runs ended with $code: $(tail -n 1 "$2/store/log" | cut -c 1-200)"
		minute=$((minute + RANDOM % 9))
		later "$2" "$minute"
	done
	echo "$runs" >"$2/runs"
	ask "$2" "DELETE FROM fault"
	for n in 1 2 3; do
		minute=$((minute + 20))
		later "$2" "$minute"
		client "$2"
		code=$?
	done
	[[ $code = 0 || $code = 65 ]] || echo "the last plain run ends with $code (before:$codes): $(tail -n 1 "$2/store/log" | cut -c 1-200)"
	state "$2" | diff "$work/$1.golden" -
}

prepare_day day "20 40 60" bp_duplicate_body=empty
prepare_day other "20 40 60" bp_instance_id=0 bc_shipment_moves_status=yes bp_field_add=overwrite bp_ship_touches=no
for flavour in day other; do
	copy_of $flavour "$work/soaked"
	# what waits seconds before it tries again does not wait long
	export PEARLBRIDGE_CLOCK_SPEED=20 PEARLBRIDGE_CLOCK_ANCHOR=$((${EPOCHREALTIME/./} / 1000))
	serve "$work/soaked/sb"
	said=$(soak $flavour "$work/soaked" $((${SOAK_SECONDS:-60} / 2)))
	unserve
	total=$((total + $(<"$work/soaked/runs")))
	echo "$flavour: $(<"$work/soaked/runs") runs, SEED=$SEED; then as the golden run: $([ -z "$said" ] && echo yes || echo no)"
	[ -z "$said" ] || { bad=$((bad + 1)) && head -n 20 <<<"$said" | cut -c 1-300; }
done
sweep_end
