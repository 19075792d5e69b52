#!/bin/bash
# The demo: a day of a made-up shop, between a pretend BigCommerce and a pretend Brightpearl, on this machine
# alone.  ./run.sh demo builds first and then starts this; tests/demo/story.sh tells it.  Everything is in data/demo, made anew
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
	local files=() name
	for name in account cases customers stock; do files+=(--sql "$home/tests/demo/$name.sql"); done
	for name in orders cases customers; do files+=(--order "$home/tests/demo/$name.json"); done
	"$build/sandbox" "$sandbox" "${files[@]}" >"$log" 2>&1 9<&- &
	sandbox_pid=$!
	trap '{ kill "$sandbox_pid" && wait "$sandbox_pid"; } 2>/dev/null || true' EXIT
	trap 'exit 130' INT TERM HUP
	for _ in $(seq 200); do
		[ ! -s "$sandbox/url" ] || return 0
		kill -0 "$sandbox_pid" 2>/dev/null || break
		sleep 0.05
	done
	die "the sandbox did not start"
}

# The store: the shipped mappings, every job switched on, and the sandbox's credentials.
make_store() {
	local url
	url=$(cat "$sandbox/url")
	mkdir -p "$store/mappings" "$store/data"
	cp "$home"/mappings/*.csv "$store/mappings/"
	sed -i -e 's/^\([a-z_.]*\.enabled\),[a-z]*/\1,yes/' -e 's/^payments\.refunds,off/payments.refunds,credit/' \
		-e 's/^orders\.edits\.lines,note/orders.edits.lines,update/' \
		-e 's/^orders\.gift_certificate_nominal,/&4060/' -e 's/^notes\.customer_field,/&PCF_CUSTNOTE/' -e 's/^notes\.staff_field,/&PCF_STAFFNOTE/' \
		-e 's/^orders\.start_date,[^,]*,.*/orders.start_date,2025-03-01T00:00:00Z,the demo shop opened in March 2025/' \
		"$store/mappings/settings.csv"
	sed -i -e 's/^store_credit,\*,\*,yes,,/&CREDIT/' -e 's/^gift_certificate,\*,\*,yes,,/&GIFT/' "$store/mappings/payments.csv"
	sed -i -e 's/^\(BigCommerce,Awaiting Fulfillment,yes,,\)(leave)/\1New web order/' -e 's/^\(BigCommerce,Awaiting Shipment,yes,,\)(leave)/\1Ready to ship/' \
		-e 's/^\(BigCommerce,Cancelled,no,,\)(leave)/\1Cancelled/' \
		-e 's/^Brightpearl,\*,/Brightpearl,Shipped,yes,,Shipped,\nBrightpearl,Part shipped,yes,,Partially Shipped,\n&/' \
		"$store/mappings/statuses.csv"
	echo "GB,*,*,*,Non-Taxable Products,0,T0,books" >>"$store/mappings/taxes.csv"
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

ask() { # SQL over both systems alone; their clients may be writing
	sqlite3 -bail -cmd '.timeout 5000' "$sandbox/sandbox.db" "$1"
}
ask_all() ( # SQL over the store, with both systems as "there"; files are those of tests/demo
	cd "$home/tests/demo" && sqlite3 -bail "$store/data/pearlbridge.db" <<-END
		.timeout 5000
		ATTACH '${sandbox//\'/\'\'}/sandbox.db' AS there;
		$1;
	END
)

say() { printf '   %s\n' "$@"; }
chapter() { printf '\n%s\n' "$1"; }

# Nothing is told that was not asked: a sentence is printed only if the query answers 1.
so() { # SENTENCE SQL
	[ "$(ask_all "$2")" = 1 ] || die "this is not so, but should be: $1"
	say "$1"
}

# Somebody at the merchant's works in one of the systems: sql with a script, orders with compact orders.
merchant() { # sql|orders FILE
	local status url length LC_ALL=C
	url=$(cat "$sandbox/url")
	length=$(wc -c <"$home/tests/demo/$2")
	exec 5<>"/dev/tcp/127.0.0.1/${url##*:}"
	printf 'POST /sandbox/%s HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nContent-Length: %d\r\n\r\n' "$1" "$length" >&5
	cat "$home/tests/demo/$2" >&5
	read -r _ status _ <&5
	[ "$status" = 204 ] || die "the sandbox refused tests/demo/$2: $status $(cat <&5)"
	exec 5>&-
}

# Run the pipeline as far as EXIT CODE, and show its line for each job; its summary is then in summary.txt.
run_pipeline() { # EXIT CODE
	local code=0
	"$program" --store "$store" >"$store/summary.txt" 2>>"$log" || code=$?
	[ "$code" = "$1" ] || { cat "$store/summary.txt" >&2 && die "the run ended with $code, not $1"; }
	grep -E '^  (customers|orders|payments|notes|fulfillment|statuses|inventory) ' "$store/summary.txt" |
		fold -s -w 110 | sed 's/^\([^ ]\)/               \1/; s/^/   /'
}

writes() {
	ask "SELECT count(*) FROM request WHERE method <> 'GET'"
}

# What a demo promises; one that is wrong must not look right.  Each order of the shop is one sales
# order to the penny, or left out, or waits, and nothing else is there.
check_orders() {
	local wrong
	wrong=$(ask_all "$(<"$home/tests/demo/check.sql")") || die "the orders could not be compared"
	[ -z "$wrong" ] || die "Brightpearl does not hold what it should: $wrong"
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

. "$home/tests/demo/story.sh"
tell
