#!/bin/bash
# Real input: an Online Retail CSV as a shop, through the whole pipeline, twice; then a day of shipments,
# statuses, notes, refunds, captures and stock (retail_day.sh), a busy day (retail_busy.sh), and the comparison
# of both systems.
#
#   tests/retail.sh BUILD-FOLDER FILE      (make check-retail RETAIL=FILE)
#
# Prints what was seen, imported, skipped and rejected, both sides' sums, requests, time and memory;
# checks them against what is promised; the last line is the verdict.  RETAIL_QUOTAS=1 leaves the
# request quotas of both systems as they really are, which takes minutes.  RETAIL_SLOW=20: as on a machine
# that is 20 times slower, for nothing promised may hang on how long a run takes.
set -eu
umask 077
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${1:?usage: tests/retail.sh BUILD-FOLDER FILE}
file=${2-}
if [ ! -f "$file" ]; then
	echo "retail: skipped, ${file:+there is no file }${file:-no file was named}; make check-retail RETAIL=FILE"
	exit 0
fi
build=$(cd "$build" && pwd)
file=$(realpath "$file")
work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" retail.XXXXXX)
store=$work/store
shop=$work/sandbox/sandbox.db
wrong=0
sandbox='' watcher=''
# shellcheck disable=SC2086,SC2317
finish() {
	[ -z "$sandbox$watcher" ] || kill $sandbox $watcher 2>/dev/null || true
	wait 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
for name in $(compgen -e); do
	case $name in
	BIGCOMMERCE_* | BRIGHTPEARL_* | PEARLBRIDGE_* | CREDENTIALS_DIRECTORY) unset "$name" ;;
	esac
done

ask() { # of the sandbox, where both systems' truth is
	sqlite3 -cmd '.timeout 10000' "$shop" "$1"
}

own() { # of Pearlbridge's database
	sqlite3 -cmd '.timeout 10000' "$store/data/pearlbridge.db" "$1"
}

# must WHAT MEASURED OP WANTED: one promise
must() {
	if test "$2" "$3" "$4"; then
		echo "  ok     $1: $2"
	else
		echo "  WRONG  $1: $2, promised is $3 $4"
		wrong=$((wrong + 1))
	fi
}

# Both systems' clock and ours.
speed=${RETAIL_SLOW:-1}
export PEARLBRIDGE_CLOCK_SPEED=$speed PEARLBRIDGE_CLOCK_ANCHOR=$((${EPOCHREALTIME/[.,]/} / 1000))
now() {
	local real=$((${EPOCHREALTIME/[.,]/} / 1000))
	echo $(((PEARLBRIDGE_CLOCK_ANCHOR + (real - PEARLBRIDGE_CLOCK_ANCHOR) * speed) / 1000 + ${PEARLBRIDGE_CLOCK_OFFSET:-0}))
}

start_sandbox() {
	local quota=100000
	if [ "${RETAIL_QUOTAS-}" = 1 ]; then
		: >"$work/switches.sql"
	else
		echo "UPDATE switch SET value = $quota WHERE name IN ('bc_quota', 'bp_quota');" >"$work/switches.sql"
	fi
	"$build/sandbox" "$work/sandbox" --sql "$work/switches.sql" --retail "$file" >"$work/sandbox.log" 2>&1 &
	sandbox=$!
	while kill -0 "$sandbox" 2>/dev/null; do
		[ ! -s "$work/sandbox/url" ] || return 0
		sleep 0.05
	done
	cat "$work/sandbox.log" >&2
	echo "retail: the sandbox did not start" >&2
	exit 70
}

make_store() {
	local url
	url=$(cat "$work/sandbox/url")
	mkdir -p "$store/mappings" "$store/data"
	cp "$home"/mappings/*.csv "$store/mappings/"
	sed -i -e 's/^\([a-z_.]*\)\.enabled,[a-z]*/\1.enabled,yes/' \
		-e 's/^orders\.start_date,[^,]*/orders.start_date,everything/' -e 's/^payments\.refunds,[a-z]*/payments.refunds,payment/' \
		-e 's/^notes\.customer_field,/&PCF_CUSTNOTE/' -e 's/^notes\.staff_field,/&PCF_STAFFNOTE/' \
		-e 's/^\(fulfillment.tracking_wait_hours\),[0-9]*/\1,0/' \
		-e 's/^orders.edits.address,update/orders.edits.address,note/' "$store/mappings/settings.csv"
	sed -i -e 's/^BigCommerce,Awaiting Shipment,yes,,.*/BigCommerce,Awaiting Shipment,yes,,Ready to ship,/' "$store/mappings/statuses.csv"
	cat >>"$store/mappings/statuses.csv" <<-END
		Brightpearl,On hold,yes,,Manual Verification Required,
		Brightpearl,Part shipped,yes,,Partially Shipped,
		Brightpearl,Shipped,yes,,Shipped,
	END
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

# Every 20 ms: the peak memory so far (VmHWM, KiB) of each of our processes, told by the store in its
# command line or as its folder.  Reading only, nothing is forked.
watch_memory() {
	local -A most=()
	local process line args stage
	trap 'for stage in "${!most[@]}"; do echo "${most[$stage]} $stage"; done >"$work/memory"; exit' TERM
	while :; do
		for process in /proc/[0-9]*; do
			{ mapfile -d '' args <"$process/cmdline"; } 2>/dev/null || continue
			[[ ${args[0]-} == */pearlbridge && (" ${args[*]} " == *" $store "* || $process/cwd -ef $store) ]] || continue
			stage=run
			[ "${args[1]-}" != stage ] || stage=${args[-1]}
			while read -r line; do
				[[ $line != VmHWM:* ]] || break
			done <"$process/status" || continue
			line=${line//[!0-9]/}
			[ "${line:-0}" -le "${most[$stage]-0}" ] || most[$stage]=$line
		done 2>/dev/null
		read -r -t 0.02 <>"$work/never" || true
	done
}

# Run the pipeline; sets code, seconds (with tenths), and peak (KiB), the most that any process had.
run_pipeline() {
	local begun
	[ -p "$work/never" ] || mkfifo "$work/never"
	: >"$work/memory"
	watch_memory &
	watcher=$!
	begun=${EPOCHREALTIME/[.,]/}
	code=0
	if [ -x /usr/bin/time ]; then
		/usr/bin/time -q -o "$work/time" -f %M "$build/pearlbridge" --store "$store" \
			>"$work/summary" 2>"$work/log" || code=$?
	else
		"$build/pearlbridge" --store "$store" >"$work/summary" 2>"$work/log" || code=$?
	fi
	seconds=$((${EPOCHREALTIME/[.,]/} - begun))
	seconds=$((seconds / 1000000)).$((seconds / 100000 % 10))
	kill "$watcher"
	wait "$watcher" || true
	watcher=
	peak=$(cut -d' ' -f1 "$work/memory" "$work"/time* | sort -n | tail -n 1)
}

show() { # TITLE, lines "number  text"
	echo "$1"
	sed 's/^/  /'
}

# asked_by RUN API JOB...: requests that these jobs sent, by our own account
asked_by() {
	local run=$1 api=$2
	shift 2
	own "SELECT coalesce(sum(attempts), 0) FROM request WHERE run_id = $run AND api = '$api'
		AND substr(stage, 1, instr(stage, '.') - 1) IN ('$(printf '%s' "$1" && shift && printf "', '%s" "$@")')"
}

# Which service a Brightpearl request was for; a multi-message is told by what it carries.
endpoint="CASE
	WHEN path GLOB '*/multi-message*' AND body LIKE '%/contact-service/contact/%' THEN 'multi-message: contacts'
	WHEN path GLOB '*/multi-message*' AND body LIKE '%/contact-service/postal-address/%' THEN 'multi-message: addresses'
	WHEN path GLOB '*/multi-message*' AND body LIKE '%/reservation%' THEN 'multi-message: reservations'
	WHEN path GLOB '*/multi-message*' AND body LIKE '%/customer-payment%' THEN 'multi-message: payments'
	WHEN path GLOB '*/multi-message*' THEN 'multi-message: orders'
	WHEN path GLOB '/v3/orders/[0-9]*/transactions' THEN '/v3/orders/{id}/transactions'
	WHEN path GLOB '/warehouse-service/product-availability/*' THEN '/warehouse-service/product-availability/{ids}'
	WHEN path GLOB '/warehouse-service/order/[0-9]*/reservation*' THEN '/warehouse-service/order/{id}/reservation'
	WHEN path GLOB '/v2/orders/*/products' THEN '/v2/orders/{id}/products'
	WHEN path GLOB '/v2/orders/*/shipments*' THEN '/v2/orders/{id}/shipments'
	WHEN path GLOB '/v2/orders/[0-9]*' THEN '/v2/orders/{id}'
	WHEN path GLOB '/order-service/order/[0-9]*/custom-field' THEN '/order-service/order/{id}/custom-field'
	WHEN path GLOB '/order-service/order/[0-9]*/note*' THEN '/order-service/order/{id}/note'
	WHEN path GLOB '/warehouse-service/order/*/goods-note/goods-out*' THEN '/warehouse-service/order/{ids}/goods-note/goods-out'
	WHEN path GLOB '/order-service/order/[0-9]*' THEN '/order-service/order/{ids}'
	ELSE path END"

# shellcheck source-path=SCRIPTDIR
. "$home/tests/retail_day.sh"
# shellcheck source-path=SCRIPTDIR
. "$home/tests/retail_busy.sh"
show_requests() { # since REQUEST
	local api
	for api in bigcommerce brightpearl; do
		ask "SELECT printf('%6d  %s %s', count(*), method, $endpoint) FROM request WHERE api = '$api' AND id > $1
			GROUP BY method, $endpoint ORDER BY 1 DESC" | show "requests to $api:"
	done
}

start_sandbox
make_store
grep '^sandbox:' "$work/sandbox.log" || true
# plenty of everything but two products, which may run short
ask "INSERT INTO bp_stock (product_id, in_stock) SELECT id, 1000000 FROM bp_product WHERE stock_tracked;
	UPDATE bp_stock SET in_stock = 100 WHERE product_id IN (SELECT id FROM bp_product ORDER BY id LIMIT 2 OFFSET 1000)"
# of 20 orders the money is only authorised
ask "CREATE TABLE day_uncaptured AS SELECT order_id AS id FROM bc_transaction WHERE id % 80 = 1;
	UPDATE bc_transaction SET body = json_set(body, '$.event', 'authorization') WHERE order_id IN (SELECT id FROM day_uncaptured);
	UPDATE bc_order SET body = json_set(body, '$.payment_status', 'authorized') WHERE id IN (SELECT id FROM day_uncaptured)"
shop_orders=$(ask "SELECT count(*) FROM bc_order")
wanted=$(ask "SELECT count(*) FROM bc_order WHERE status_id = 11")
echo "in the shop: $shop_orders orders, $((shop_orders - wanted)) of them cancelled"
contacts_before=$(ask "SELECT count(*) FROM bp_contact")

run_pipeline
first_code=$code first_seconds=$seconds first_peak=$peak
show "summary of the run:" <"$work/summary"
[ "$code" = 0 ] || [ "$code" = 65 ] || tail -n 20 "$work/log"
last=$(ask "SELECT coalesce(max(id), 0) FROM request")

seen=$(own "SELECT count(*) FROM stg_bc_order")
imported=$(own "SELECT count(*) FROM link_order")
skipped=$(own "SELECT count(*) FROM skip WHERE job = 'orders'")
rejected=$(own "SELECT count(DISTINCT key) FROM reject WHERE job = 'orders' AND closed_at IS NULL")
contacts=$(($(ask "SELECT count(*) FROM bp_contact") - contacts_before))
echo "orders: $seen seen, $imported imported, $skipped skipped, $rejected rejected"
own "SELECT printf('%6d  skipped: %s', count(*), reason) FROM skip WHERE job = 'orders' GROUP BY reason
	UNION ALL SELECT printf('%6d  rejected: %s', count(DISTINCT key), reason) FROM reject
	WHERE job = 'orders' AND closed_at IS NULL GROUP BY reason"

# Per order: BigCommerce's total, and how many sales orders of which total it became.
ask "DROP TABLE IF EXISTS retail_pair;
	CREATE TABLE retail_pair AS
	SELECT b.id, b.status_id = 11 AS wanted, b.total_inc_tax AS there, count(o.id) AS times, sum(o.total) AS here
	  FROM bc_order b LEFT JOIN bp_order o ON o.external_ref = 'BC-' || b.id GROUP BY b.id"
sum_there=$(ask "SELECT coalesce(sum(there), 0) FROM retail_pair WHERE wanted")
sum_here=$(ask "SELECT coalesce(sum(here), 0) FROM retail_pair WHERE times")
sum_imported=$(ask "SELECT coalesce(sum(there), 0) FROM retail_pair WHERE times")
money() { printf '%d.%02d' $(($1 / 10000)) $(($1 % 10000 / 100)); }
echo "sums: shop $(money "$sum_there") (imported orders $(money "$sum_imported")), Brightpearl $(money "$sum_here")"

show_requests 0
refused=$(ask "SELECT count(*) FROM request WHERE status NOT BETWEEN 200 AND 299 AND id <= $last")
throttled=$(ask "SELECT count(*) FROM request WHERE status IN (429, 503) AND id <= $last")
bc=$(asked_by 1 bigcommerce reference customers orders)
bp_contacts=$(ask "SELECT count(*) FROM request WHERE api = 'brightpearl' AND id <= $last AND ($endpoint IN
	('multi-message: contacts', 'multi-message: addresses') OR method = 'POST' AND path LIKE '/contact-service/%')")
bp=$(($(asked_by 1 brightpearl reference customers orders) - bp_contacts))
payments=$(ask "SELECT count(*) FROM bp_payment")
bp_payments=$(asked_by 1 brightpearl payments)
pages=$(ask "SELECT coalesce(sum((lines + 249) / 250), 0) FROM (SELECT count(*) AS lines FROM bc_order_product p
	JOIN retail_pair r ON r.id = p.order_id AND r.times GROUP BY p.order_id HAVING count(*) > 50)")
per_1000() { echo "$(($1 * 1000 / $2)).$(($1 * 10000 / $2 % 10))"; }
[ "$imported" = 0 ] || echo "per 1,000 imported orders: Brightpearl $(per_1000 "$bp" "$imported")" \
	"(contacts apart: $bp_contacts for $contacts new ones), BigCommerce $(per_1000 "$bc" "$imported")"
echo "time: $first_seconds s, the sandbox's own work included"
sort -rn "$work/memory" | awk '{printf "%8.1f MiB  %s\n", $1 / 1024, $2}' | show "peak memory by process:"

run_pipeline
second=$(asked_by 2 brightpearl $chain)
second=$((second + $(asked_by 2 bigcommerce $chain)))
second_writes=$(ask "SELECT count(*) FROM request WHERE id > $last AND method <> 'GET'")
echo "second run: exit code $code, $second requests, $second_writes writes, $seconds s"
quiet=$((20 + ($(own "SELECT count(*) FROM ref_bp_product") + 99) / 100))

echo "promised:"
must "exit code of the first run" "$first_code" -eq "$((rejected ? 65 : 0))"
must "exit code of the second run" "$code" -eq 0
must "orders seen" "$seen" -eq "$shop_orders"
must "imported + skipped + rejected" $((imported + skipped + rejected)) -eq "$seen"
must "orders rejected" "$rejected" -eq 0
must "orders imported" "$imported" -eq "$wanted"
must "orders that are not exactly one sales order" \
	"$(ask "SELECT count(*) FROM retail_pair WHERE times <> wanted")" -eq "$rejected"
must "orders whose totals differ" "$(ask "SELECT count(*) FROM retail_pair WHERE times AND here <> there")" -eq 0
must "sum in Brightpearl, ten-thousandths" "$sum_here" -eq "$sum_imported"
must "contacts that share an e-mail" \
	"$(ask "SELECT count(*) FROM (SELECT 1 FROM bp_contact GROUP BY lower(email) HAVING count(*) > 1)")" -eq 0
must "requests that were not answered well" "$refused" -eq 0
must "of these, throttled" "$throttled" -eq 0
must "requests to Brightpearl without contacts" "$bp" -le $((imported * (205 + 15) / 1000 + 30)) # 15: asked by id what orders name
must "orders with goods that have no reservation, and are not told as short" "$(ask "ATTACH '$store/data/pearlbridge.db' AS own;
	SELECT count(*) FROM bp_order o WHERE EXISTS (SELECT 1 FROM bp_order_row r JOIN bp_product p ON p.id = r.product_id AND p.stock_tracked
	WHERE r.order_id = o.id) AND o.id NOT IN (SELECT order_id FROM bp_reservation) AND o.external_ref NOT IN (SELECT key FROM own.order_short)")" -eq 0
must "orders that are short without being told" "$(ask "ATTACH '$store/data/pearlbridge.db' AS own;
	SELECT count(*) FROM bp_order o WHERE allocation_status IN ('ANA', 'APA') AND o.external_ref NOT IN (SELECT key FROM own.order_short)")" -eq 0
must "products of which more is allocated than there is" "$(ask "SELECT count(*) FROM bp_stock WHERE allocated > in_stock")" -eq 0
must "requests for contacts" "$bp_contacts" -le $((contacts * 3 / 10 + 2))
must "requests to BigCommerce ($pages pages of long orders)" "$bc" -le $((65 * ((seen + 1999) / 2000) + pages))
must "writes of the second run" "$second_writes" -eq 0
must "requests of the second run" "$second" -le "$quiet"
must "payments" "$payments" -eq "$(ask "SELECT count(*) FROM bc_transaction JOIN retail_pair r ON r.id = order_id WHERE times AND body ->> 'event' = 'purchase'")"
must "orders paid otherwise than in the shop" "$(unequal_payments)" -eq 0
must "requests to Brightpearl for payments" "$bp_payments" -le $((payments * 110 / 1000 + 4))
after_a_day
busy_day
compare
if [ "$(basename "$build")" = build ]; then
	must "peak memory of a process, KiB" "$((first_peak > peak ? first_peak : peak))" -lt 98304
else
	echo "  peak memory is not judged: $(basename "$build") is not the plain build"
fi
[ "$wrong" = 0 ] && echo "retail: all promises kept" && exit 0
echo "retail: $wrong promises broken"
exit 1
