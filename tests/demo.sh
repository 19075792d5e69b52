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
	"$build/sandbox" "$sandbox" --sql "$home/tests/demo/account.sql" \
		--order "$home/tests/demo/orders.json" >"$log" 2>&1 &
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

show_orders() {
	sqlite3 -cmd '.timeout 5000' -cmd '.mode column' -cmd '.headers on' -cmd '.width 8 20 15 4 -8 -8' "$sandbox/sandbox.db" "
		SELECT o.ref AS 'order', c.first_name || ' ' || c.last_name AS customer, s.name AS status,
		       (SELECT count(*) FROM bp_order_row r WHERE r.order_id = o.id) AS rows,
		       printf('%.2f', o.total / 1e4) AS total, printf('%.2f', b.total_inc_tax / 1e4) AS 'in shop'
		  FROM bp_order o JOIN bp_contact c ON c.id = o.contact_id
		  JOIN bp_order_status s ON s.id = o.status_id
		  JOIN bc_order b ON 'BC-' || b.id = o.external_ref ORDER BY o.ref" | sed 's/^/   /'
	ask "SELECT printf('   %d sales orders of %d customers; Brightpearl %.2f, shop %.2f: %s', count(*),
		    count(DISTINCT o.contact_id), sum(o.total) / 1e4, sum(b.total_inc_tax) / 1e4,
		    iif(sum(o.total <> b.total_inc_tax) = 0, 'equal to the penny', 'NOT EQUAL'))
	       FROM bp_order o JOIN bc_order b ON 'BC-' || b.id = o.external_ref"
}

check() { # what the demo promises; a demo that is wrong must not look right
	local wrong
	wrong=$(ask "SELECT (SELECT count(*) FROM bp_order) <> 11
		OR (SELECT count(*) FROM bp_order o JOIN bc_order b ON 'BC-' || b.id = o.external_ref
		     WHERE o.total = b.total_inc_tax) <> 11
		OR (SELECT count(*) FROM bp_contact WHERE email LIKE 'carol@%') <> 1")
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
	"Brightpearl has the products and one of the customers (Carol), but no order."
echo "   The settings are in data/demo/mappings: the shipped examples, with customers and orders switched on."
echo
echo "2. The first run reads both sides, decides by the mappings, and writes to Brightpearl:"
run_pipeline
sed 's/^/   /' "$store/summary.txt"
echo "   Exit code $code: all is done that can be done; one order waits for a person. BC-1008 has a SKU that"
echo "   Brightpearl does not know. The line above would mend it, and the next run would bring the order over."
echo
echo "3. In Brightpearl there is now:"
show_orders
check
echo
echo "4. The second run finds nothing new:"
before=$(writes)
run_pipeline
grep -E '^(run|  (customers|orders|requests) )' "$store/summary.txt" | sed 's/^/   /'
echo "   Writes to Brightpearl: $(($(writes) - before)). Exit code $code: the order that waits was there after the last run already."
[ "$(writes)" = "$before" ] || die "the second run wrote something"
echo
echo "Where to look next:"
echo "   ./run.sh status --store data/demo      the verdict and every stage"
echo "   ./run.sh rejects --store data/demo     what waits, why, and what would mend it"
echo "   data/demo/data/pearlbridge.db          every record, request and decision, for any SQLite tool"
echo "   ./run.sh init --store DIR              begin with a store of your own (README.md)"
