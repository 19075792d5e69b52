#!/bin/bash
# The demo: a made-up shop goes from a pretend BigCommerce to a pretend Brightpearl, on this machine
# alone.  ./run.sh demo builds first and then starts this.  Everything is in data/demo, made anew
# each time (a test names another folder and build in DEMO_STORE and DEMO_BUILD).
set -eu
umask 077
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
store=${DEMO_STORE:-$home/data/demo}
build=${DEMO_BUILD:-$home/build}
program=$build/pearlbridge
sandbox=$store/sandbox
log=$store/demo.log

usage() {
	echo "usage: ./run.sh demo"
	echo "A made-up shop from end to end, on this machine alone; all of it is in data/demo, made anew each time."
}

die() {
	echo "demo: $1" >&2
	[ ! -s "$log" ] || tail -n 20 "$log" >&2
	exit "${2:-70}"
}

# Nothing of another store may come in: no credentials, no options of a run around this one.
forget_environment() {
	local name
	for name in $(compgen -e); do
		case $name in
		BIGCOMMERCE_* | BRIGHTPEARL_* | PEARLBRIDGE_* | CREDENTIALS_DIRECTORY) unset "$name" ;;
		esac
	done
}

start_sandbox() {
	local files=(--sql "$home/tests/demo/account.sql") file
	for file in "$home"/tests/demo/*.sql; do
		[ "${file##*/}" = account.sql ] || files+=(--sql "$file")
	done
	for file in "$home"/tests/demo/*.json; do files+=(--order "$file"); done
	"$build/sandbox" "$sandbox" "${files[@]}" >"$log" 2>&1 &
	sandbox_pid=$!
	trap 'kill "$sandbox_pid" 2>/dev/null || true' EXIT
	for _ in $(seq 200); do
		[ ! -s "$sandbox/url" ] || return 0
		kill -0 "$sandbox_pid" 2>/dev/null || break
		sleep 0.05
	done
	die "the sandbox did not start"
}

# The store: the shipped mappings, switched on, and the sandbox's credentials.
make_store() {
	local url
	url=$(cat "$sandbox/url")
	mkdir -p "$store/mappings" "$store/data"
	cp "$home"/mappings/*.csv "$store/mappings/"
	sed -i -e 's/^\(customers\|orders\)\.enabled,[a-z]*/\1.enabled,yes/' \
		-e 's/^orders\.start_date,[^,]*,.*/orders.start_date,2025-03-01T00:00:00Z,the demo shop opened in March 2025/' \
		"$store/mappings/settings.csv"
	cat >"$store/.env" <<-END
		BIGCOMMERCE_API_URL=$url
		BIGCOMMERCE_STORE_HASH=abc123
		BIGCOMMERCE_ACCESS_TOKEN=bc-test-token
		BRIGHTPEARL_API_URL=$url
		BRIGHTPEARL_ACCOUNT=pearltest
		BRIGHTPEARL_APP_REF=pearltest_bridge
		BRIGHTPEARL_STAFF_TOKEN=bp-test-token
	END
}

ask() { # of the sandbox; its clients may be writing
	sqlite3 -cmd '.timeout 5000' "$sandbox/sandbox.db" "$1"
}

# Run the pipeline; its summary is then in summary.txt, the exit code in $code.
run_pipeline() {
	code=0
	"$program" --store "$store" >"$store/summary.txt" 2>>"$log" || code=$?
	case $code in
	0 | 65) ;;
	*) cat "$store/summary.txt" >&2 && die "the run ended with $code" "$code" ;;
	esac
}

writes() {
	ask "SELECT count(*) FROM request WHERE api = 'brightpearl' AND method <> 'GET'"
}

# What became of the orders of each file in tests/demo, in words; the sandbox says what is there.
show_groups() {
	local file title
	for file in "$home"/tests/demo/*.json; do
		case ${file##*/} in
		orders.json) title="Everyday orders" ;;
		cases.json) title="Orders that connectors stumble over" ;;
		customers.json) title="Customers who are known, or nearly" ;;
		*) title=${file##*/} title=${title%.json} ;;
		esac
		sqlite3 -cmd '.timeout 5000' "$store/data/pearlbridge.db" "ATTACH '$sandbox/sandbox.db' AS there" "
			WITH shop AS (SELECT value ->> '$.id' AS id FROM json_each(readfile('$file'))),
			made AS (SELECT o.id, b.contact_id AS who, b.total = x.total AS equal
			           FROM shop o JOIN out_order x ON x.order_id = o.id
			           JOIN there.bp_order b ON b.external_ref = x.key)
			SELECT printf('   $title: %d in the shop, %d sales orders of %d customers, %s', (SELECT count(*) FROM shop),
			              (SELECT count(*) FROM made), (SELECT count(DISTINCT who) FROM made),
			              iif((SELECT min(equal) FROM made), 'equal to the penny', 'NOT EQUAL'));
			WITH shop AS (SELECT value ->> '$.id' AS id FROM json_each(readfile('$file')))
			SELECT printf('     %2d left out: %s', count(*), k.reason) FROM shop o JOIN skip k ON k.job = 'orders' AND k.key = 'order:' || o.id
			 GROUP BY k.reason ORDER BY count(*) DESC, 1;
			WITH shop AS (SELECT value ->> '$.id' AS id FROM json_each(readfile('$file')))
			SELECT printf('     %2d wait%s for a person: %s', count(*), iif(count(*) = 1, 's', ''), j.message)
			  FROM shop o JOIN reject j ON j.job = 'orders' AND j.closed_at IS NULL AND j.key = 'order:' || o.id
			 GROUP BY j.reason ORDER BY count(*) DESC, 1;"
	done
}

# What the demo promises; a demo that is wrong must not look right.  Each order of the shop is one sales
# order to the penny, or left out, or waits, and nothing else is there.
check() {
	local wrong
	wrong=$(sqlite3 -cmd '.timeout 5000' "$store/data/pearlbridge.db" "ATTACH '$sandbox/sandbox.db' AS there" "
		SELECT (SELECT count(*) FROM there.bc_order b WHERE
		          (SELECT count(*) FROM there.bp_order o WHERE o.external_ref = 'BC-' || b.id)
		          + EXISTS (SELECT 1 FROM skip k WHERE k.job = 'orders' AND k.key = 'order:' || b.id)
		          + EXISTS (SELECT 1 FROM reject j WHERE j.job = 'orders' AND j.closed_at IS NULL AND j.key = 'order:' || b.id) <> 1)
		+ (SELECT count(*) FROM there.bp_order o WHERE NOT EXISTS (SELECT 1 FROM out_order x WHERE x.key = o.external_ref AND x.total = o.total))
		+ (SELECT count(*) < 11 FROM there.bp_order) + (SELECT count(*) <> 1 FROM there.bp_contact WHERE email LIKE 'carol@%')")
	[ "$wrong" = 0 ] || die "Brightpearl does not hold the orders that it should"
}

case ${1-} in
'') ;;
--help | -h) usage && exit 0 ;;
*) usage >&2 && exit 64 ;;
esac
if [ ! -x "$program" ] || [ ! -x "$build/sandbox" ]; then
	die "start it with ./run.sh demo, which builds first" 64
fi
forget_environment
mkdir -p "$(dirname "$store")"
exec 9<"$(dirname "$store")"
flock -n 9 || die "another demo is running" 75
if [ -e "$store" ] && [ ! -d "$sandbox" ]; then
	die "$store is there, but no demo made it: it is left alone" 73
fi
rm -rf "$store"
mkdir -p "$sandbox"
start_sandbox
make_store

echo "Pearlbridge brings orders and customers from a BigCommerce store to a Brightpearl account."
echo "This demo does it with a made-up shop; nothing leaves this machine."
echo
echo "1. A sandbox plays both systems at $(cat "$sandbox/url")."
echo "   BigCommerce has $(ask 'SELECT count(*) FROM bc_order') orders;" \
	"Brightpearl has the products and some of the customers, but no order."
echo "   The settings are in data/demo/mappings: the shipped examples, with customers and orders switched on."
echo
echo "2. The first run reads both sides, decides by the mappings, and writes to Brightpearl:"
run_pipeline
# what was skipped and rejected is told below, by groups
grep -Ev 'skipped in|^  rejected:|^ +mappings/' "$store/summary.txt" | sed 's/^/   /'
echo "   Exit code $code: all is done that can be done; what waits for a person is listed with what would mend it."
echo
echo "3. In Brightpearl there is now:"
show_groups
check
echo
echo "4. The second run finds nothing new:"
before=$(writes)
run_pipeline
grep -E '^(run|  (customers|orders|payments|notes|statuses|inventory|requests) )' "$store/summary.txt" | sed 's/^/   /'
echo "   Writes to Brightpearl: $(($(writes) - before)). Exit code $code: what waits did so after the last run already."
[ "$(writes)" = "$before" ] || die "the second run wrote something"
echo
echo "Where to look next:"
echo "   ./run.sh status --store data/demo      the verdict and every stage"
echo "   ./run.sh rejects --store data/demo     what waits, why, and what would mend it"
echo "   data/demo/data/pearlbridge.db          every record, request and decision, for any SQLite tool"
echo "   ./run.sh init --store DIR              begin with a store of your own (README.md)"
