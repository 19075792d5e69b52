#!/bin/bash
# Run every check and count: unit tests (cmocka), SQL tests, end-to-end scenarios, the crash sweep.
# check.sh BUILD-FOLDER; the last line reads "N passed, N failed".  PEARLBRIDGE_TEST_WORKERS at a time
# (default: a few more than there are processors, since most of them wait for the disk or the sandbox).
set -u
cd "$(dirname "$0")/.."
build=$PWD/${1#"$PWD"/}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
workers=${PEARLBRIDGE_TEST_WORKERS:-$(($(nproc) + 1))}

# Each check is one program; it counts as one, and what it says is shown when it fails.
run() {
	local name=$1 log=$out/${1//\//.} began=$EPOCHSECONDS
	shift
	if "$@" >"$log" 2>&1; then
		echo "ok      $name, $((EPOCHSECONDS - began)) s"
		: >"$log.passed"
	else
		{
			echo "FAILED  $name"
			tail -n 60 "$log" | sed 's/^/        /'
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

for unit in "$build"/unit/test_*; do
	[ -x "$unit" ] && start "unit/$(basename "$unit")" "$unit"
done
for scenario in tests/sql/*.sh tests/e2e/[a-z]*.sh; do
	case $scenario in
	*/lib*.sh | */crash_sweep.sh) ;;
	*) start "${scenario#tests/}" bash "$scenario" "$build" ;;
	esac
done
wait
run e2e/crash_sweep.sh bash tests/e2e/crash_sweep.sh "$build" # has workers of its own
passed=$(find "$out" -name '*.passed' | wc -l)
failed=$(find "$out" -name '*.failed' | wc -l)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
