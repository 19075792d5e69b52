#!/bin/bash
# The demo tells a whole day, fits its screens, reads no other store's credentials, leaves no process behind
# and a store that can be looked at; and it fails when something is not as it says.
set -eu
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DEMO_BUILD=$1 DEMO_STORE=$work/demo

fail() { cat "$work/out" && echo "$1" && exit 1; }
# A merchant who ships under another number makes a sentence of the evening wrong.
cp -r "$home/tests" "$home/mappings" "$work/"
sed -i 's/RM100100GB/RM999999GB/' "$work/tests/demo/day.sql"
! "$work/tests/demo.sh" </dev/null >"$work/out" 2>&1 || fail "a wrong demo looks right"
grep -q '^demo: this is not so, but should be: Shop: order 1001' "$work/out" || fail "it does not say what is wrong"

BIGCOMMERCE_ACCESS_TOKEN=wrong BRIGHTPEARL_ACCOUNT_TOKEN=wrong PEARLBRIDGE_STORE=/nowhere \
	"$home/tests/demo.sh" </dev/null >"$work/out" 2>&1 || fail "the demo failed"
cat "$work/out"
[ "$(wc -l <"$work/out")" -lt 100 ] || fail "more than 100 lines"
! LC_ALL=C.UTF-8 grep -E '^.{121}' "$work/out" || fail "a line of more than 120 columns"
for part in '^7\. Two last runs' 'Nothing to do: 0 writes' ' 0 differences, . known already' 'mend it with: mappings/taxes.csv: IE,'; do
	grep -q "$part" "$work/out" || fail "no \"$part\""
done
"$1/pearlbridge" status --store "$work/demo" | head -n 1 | grep -q '^fine: run 4 is closed' || fail "its status is not fine"
"$1/pearlbridge" rejects --store "$work/demo" | grep -q 'mappings/sku_keys.csv: TWIN-CUP' || fail "its rejects are gone"
"$1/pearlbridge" explain order 1211 --store "$work/demo" | grep -q 'is contact' || fail "an order is not explained"
url=$(cat "$work/demo/sandbox/url")
if (exec 3<>"/dev/tcp/127.0.0.1/${url##*:}") 2>/dev/null; then fail "the sandbox still answers"; fi
