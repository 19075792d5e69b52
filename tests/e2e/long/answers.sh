#!/bin/bash
# Every answer of a day of all jobs, once in each way in which it can be odd (part of make sweep).
# answers.sh BUILD-FOLDER; EVERY=N: each N-th trial only, from the FIRST-th (1) on; LOG=FILE keeps the outcomes
set -u
. "$(dirname "$0")/lib_sweep.sh"
. "$(dirname "$0")/day.sh"
. "$(dirname "$0")/lib_answers.sh"
sweep_begin "$1"
prepare_answers answers bp_duplicate_body=empty
if [ -n "${TRIAL-}" ]; then
	read -r _ request number <<<"$TRIAL"
	cp -a "$work/answers" "$work/one" && cp "$work/answers.golden" "$work/one.golden"
	IFS='|' read -r _ _ nth method path name <<<"$(grep "^$request|$number|" "$work/answers.pairs")"
	echo "$method $path, the $nth.: $name"
	try_answer "$work/one" "$nth" "$method" "$path" "$number"
	diff "$work/answers.golden" "$work/one/state" | head -n 40
	echo "kept: $work/one"
	exit
fi
answers answers < <(pairs answers | awk -v every="${EVERY:-1}" -v first="${FIRST:-1}" 'NR % every == first % every')
[ -z "${LOG-}" ] || cp "$work/outcomes" "$LOG"
sweep_end
