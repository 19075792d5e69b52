#!/bin/bash
# Run every check and count: unit tests (cmocka), SQL tests, end-to-end scenarios, the crash sweep.
# check.sh BUILD-FOLDER; the last line reads "N passed, N failed".  PEARLBRIDGE_TEST_WORKERS at a time
# (default: a few more than there are processors, since most of them wait for the disk or the sandbox).
# T=WORD: only the checks whose names hold it.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$PWD/${1#"$PWD"/}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
workers=${PEARLBRIDGE_TEST_WORKERS:-$(($(nproc) + 1))}

# What a failed check said: the lines that tell of a failure, wherever they stand, then the end of it.
tell() { # LOG
	if [ "$(wc -l <"$1")" -gt 60 ]; then
		grep -nE -A 3 'WRONG|FAILED|NOT SO|^---' "$1" | head -n 80
		echo "... and its last 60 lines:"
	fi
	tail -n 60 "$1"
}

# Each check is one program; it counts as one, and what it says is shown when it fails.
run() { # NUMBER NAME COMMAND...
	local number=$1 name=$2 log=$out/${2//\//.} began=$EPOCHSECONDS
	shift 2
	if "$@" >"$log" 2>&1; then
		echo "ok      $number of $total  $name, $((EPOCHSECONDS - began)) s"
		: >"$log.passed"
	else
		{
			echo "FAILED  $number of $total  $name, $((EPOCHSECONDS - began)) s"
			tell "$log" | cut -c 1-400 | sed 's/^/        /'
		} >"$log.report"
		cat "$log.report"
		: >"$log.failed"
	fi
}

start() {
	while [ "$(jobs -rp | wc -l)" -ge "$workers" ]; do
		wait -n
	done
	run "$@" &
}

checks=()
for check in "$build"/unit/test_* lint tests/sql/*.sh tests/e2e/[a-z]*.sh; do
	name=${check#tests/} name=${name/#"$build"\//}
	case $name in
	*/lib*.sh | *crash_sweep.sh) ;;
	*"${T-}"*) checks+=("$name") ;;
	esac
done
total=$((${#checks[@]} + 1)) number=0
[ -z "${T-}" ] || total=${#checks[@]}
for name in "${checks[@]}"; do
	number=$((number + 1))
	case $name in
	unit/*) start $number "$name" "$build/$name" ;;
	lint) start $number lint make -s lint ;;
	*) start $number "$name" bash "tests/$name" "$build" ;;
	esac
done
wait
# has workers of its own
[ -n "${T-}" ] || run "$total" e2e/crash_sweep.sh bash tests/e2e/crash_sweep.sh "$build"
passed=$(find "$out" -name '*.passed' | wc -l)
failed=$(find "$out" -name '*.failed' | wc -l)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
