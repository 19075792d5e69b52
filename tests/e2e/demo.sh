#!/bin/bash
# The demo does what it says, fits a screen or two, reads no other store's credentials, and leaves a
# store that can be looked at.
set -eu
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DEMO_BUILD=$1 DEMO_STORE=$work/demo

for attempt in first second; do
	BIGCOMMERCE_ACCESS_TOKEN=wrong BRIGHTPEARL_ACCOUNT_TOKEN=wrong PEARLBRIDGE_STORE=/nowhere \
		"$home/tests/demo.sh" </dev/null >"$work/out" || { cat "$work/out"; echo "the $attempt demo failed"; exit 1; }
done
cat "$work/out"
[ "$(wc -l <"$work/out")" -lt 60 ]
grep -q 'equal to the penny' "$work/out"
grep -q 'Writes to Brightpearl: 0\.' "$work/out"
"$1/pearlbridge" status --store "$work/demo" | head -n 1 | grep -q '^fine: run 2 is closed'
"$1/pearlbridge" rejects --store "$work/demo" | grep -q 'mappings/sku_keys.csv: MUG-GREEN'
url=$(cat "$work/demo/sandbox/url")
if (exec 3<>"/dev/tcp/127.0.0.1/${url##*:}") 2>/dev/null; then
	echo "the sandbox still answers"
	exit 1
fi
