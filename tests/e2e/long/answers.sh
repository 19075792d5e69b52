#!/bin/bash
# Every answer of a day of all jobs, once in each way in which it can be odd (part of make sweep).
# answers.sh BUILD-FOLDER; EVERY=N: each N-th trial only, from the FIRST-th (1) on; ONLY=FILE: those that it
# lists, as TRIAL does; LOG=FILE keeps the outcomes, and what differs in FILE.diffs
set -u
. "$(dirname "$0")/lib_sweep.sh"
. "$(dirname "$0")/day.sh"
. "$(dirname "$0")/lib_answers.sh"
sweep_begin "$1"
prepare_answers answers bp_duplicate_body=empty
if [ -n "${TRIAL-}" ]; then
	read -r nth method path number <<<"$TRIAL"
	cp -a "$work/answers" "$work/one" && cp "$work/answers.golden" "$work/one.golden"
	grep -F "$nth|$method|$path|$number|" "$work/answers.pairs"
	try_answer "$work/one" "$nth" "$method" "$path" "$number"
	diff "$work/answers.golden" "$work/one/state" | head -n 40
	echo "kept: $work/one"
	exit
fi
if [ -n "${ONLY-}" ]; then
	chosen answers <"$ONLY"
else
	awk -v every="${EVERY:-1}" -v first="${FIRST:-1}" 'NR % every == first % every' "$work/answers.pairs"
fi >"$work/chosen"
answers answers <"$work/chosen"
[ -z "${LOG-}" ] || { cp "$work/outcomes" "$LOG" && cp "$work/diffs" "$LOG.diffs"; }
sweep_end
