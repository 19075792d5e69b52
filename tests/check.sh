#!/bin/bash
# Run every check and count: unit tests (cmocka), SQL tests, end-to-end scenarios, the crash sweep.
# check.sh BUILD-FOLDER; the last line reads "N passed, N failed".
set -u
cd "$(dirname "$0")/.."
build=$PWD/$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0

# Each check is one program; it counts as one, its output is shown when it fails.
run() {
	local name=$1
	shift
	if "$@" >"$out/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok      $name"
	else
		failed=$((failed + 1))
		echo "FAILED  $name"
		tail -n 60 "$out/log" | sed 's/^/        /'
	fi
}

for unit in "$build"/unit/test_*; do
	[ -x "$unit" ] && run "unit/$(basename "$unit")" "$unit"
done
for scenario in tests/sql/*.sh tests/e2e/[a-z]*.sh; do
	[ -f "$scenario" ] && [ "$(basename "$scenario")" != lib.sh ] &&
		run "${scenario#tests/}" bash "$scenario" "$build"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
