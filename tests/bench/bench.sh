#!/bin/bash
# How much of the quotas is used, and how fast it goes without them: bench.sh BUILD-FOLDER (make bench).
#
# Counts and ratios, nothing here is judged by seconds; only a provoked throttle answer is a failure.
# Quotas: a faster clock on both sides lets minutes pass in seconds (latency in proportion);
# BENCH_SPEED=1 is real time.  RETAIL=FILE names the Online Retail CSV for the second part.
set -u
build=$(cd "${1:?usage: bench.sh BUILD-FOLDER}" && pwd)
retail=${RETAIL:-$build/../../shared/data/online-retail-2010-12.csv.gz}
work=$(mktemp -d)
sandbox='' watcher='' throttled=0
# shellcheck disable=SC2086
trap 'kill $sandbox $watcher 2>/dev/null; wait; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
export PEARLBRIDGE_QUIET=1 BIGCOMMERCE_STORE_HASH=abc123 BIGCOMMERCE_ACCESS_TOKEN=bc-test-token \
	BRIGHTPEARL_ACCOUNT=pearltest BRIGHTPEARL_APP_REF=pearltest_bridge BRIGHTPEARL_STAFF_TOKEN=bp-test-token
unset MAKEFLAGS MFLAGS MAKELEVEL

ask() { # of the sandbox
	sqlite3 -cmd '.timeout 10000' "$work/sb/sandbox.db" "$1"
}

own() { # of Pearlbridge's database
	sqlite3 -cmd '.timeout 10000' "$work/store/data/pearlbridge.db" "$1"
}

begin() { # begin [SANDBOX OPTION]...: a new shop and a new store
	rm -rf "$work/sb" "$work/store"
	"$build/sandbox" "$work/sb" --init-only "$@" || exit 1
	ask "UPDATE switch SET value = 1000000 WHERE name IN ('bc_quota', 'bp_quota')"
	"$build/pearlbridge" init --store "$work/store" >/dev/null
	rm "$work/store/.env"
	set_to '[a-z_.]*\.enabled' no
	enable customers orders
	sed -i 's/^Main Warehouse,1,/Main Warehouse,no,/' "$work/store/mappings/warehouses.csv"
	set_to orders.start_date everything
	set_to limits.orders 1000000
	set_to limits.contacts 1000000
}

set_to() { # set_to SETTING VALUE
	sed -i "s/^\($1\),[^,]*/\1,$2/" "$work/store/mappings/settings.csv"
}

enable() { # enable JOB...
	local job
	for job; do set_to "$job.enabled" yes; done
}

serve() {
	exec 9< <(exec "$build/sandbox" "$work/sb")
	sandbox=$!
	read -r -u 9 BIGCOMMERCE_API_URL
	exec 9<&-
	export BIGCOMMERCE_API_URL BRIGHTPEARL_API_URL=$BIGCOMMERCE_API_URL
}

unserve() {
	kill "$sandbox" && wait "$sandbox"
	sandbox=
}

client() {
	"$build/pearlbridge" run "$@" --store "$work/store" >>"$work/log" 2>&1
	local code=$?
	[ "$code" = 0 ] || { echo "the run ended with $code:" && tail -n 5 "$work/log" && exit 1; }
}

orders() { # orders COUNT LINES [NAME]: JSON; of one known customer, or of as many new ones
	awk -v count="$1" -v lines="$2" -v name="${3-}" 'BEGIN {
		for (n = 1; n <= count; n++) {
			printf("%s{\"id\":%d,\"created\":\"2026-01-05T10:00:00Z\",\"status_id\":11,\"customer\":{\"id\":0," \
			       "\"email\":\"%s@shop.example\",\"first_name\":\"Kay\",\"last_name\":\"Known\"},\"billing\":" \
			       "{\"street_1\":\"1 High St\",\"city\":\"Leeds\",\"zip\":\"LS1 1AA\",\"country_iso2\":\"GB\"," \
			       "\"country\":\"United Kingdom\"},\"inclusive\":true,\"tax_rate\":\"20\",\"paid\":true,\"lines\":[",
			       n > 1 ? "," : "[", 1000 + n, name == "" ? "kay" : name n)
			for (l = 1; l <= lines; l++)
				printf("%s{\"sku\":\"MUG\",\"quantity\":%d,\"price\":\"10.00\"}", l > 1 ? "," : "", l)
			printf "]}"
		}
		print "]"
	}' >"$work/orders.json"
}

cat >"$work/shop.sql" <<'END'
INSERT INTO bc_product (id, sku, name, price) VALUES (1, 'MUG', 'Mug', 100000);
INSERT INTO bp_product (id, sku, name) VALUES (1007, 'MUG', 'Mug');
INSERT INTO bp_address (id, contact_id, line1, country_id) VALUES (501, 501, '1 Known Rd', 222);
INSERT INTO bp_contact (id, first_name, last_name, email, def_address_id, bil_address_id, del_address_id)
	VALUES (501, 'Kay', 'Known', 'kay@shop.example', 501, 501, 501);
END

# --- use of the quotas ----------------------------------------------------------------------------------

# The API's quota and latency from here on, and a clock for both sides.
enforce() { # enforce API QUOTA SHARE SPEED
	ask "UPDATE switch SET value = 200 WHERE name = 'latency_ms';
		UPDATE switch SET value = $2 WHERE name = '$([ "$1" = bigcommerce ] && echo bc || echo bp)_quota';
		DELETE FROM request"
	set_to "api.$1_share" "$3"
	export PEARLBRIDGE_CLOCK_SPEED=${BENCH_SPEED:-$4} PEARLBRIDGE_CLOCK_ANCHOR=$((${EPOCHREALTIME/./} / 1000))
}

# Every window in which such requests waited all the time: not the first and the last.
report() { # report API QUOTA SHARE SECONDS PATH TEXT
	local allowed=$(($2 * $3 / 100))
	ask "CREATE TEMP TABLE w AS SELECT at_ms / ($4 * 1000) AS window, count(*) AS used,
			sum(status IN (429, 503)) AS throttled FROM request WHERE api = '$1' GROUP BY 1;
		SELECT printf('%-12s %3d per %2d s  share %3d  %-28s used %s of $allowed, %.1f %%; %d throttle answers',
				'$1', $2, $4, $3, '$6', group_concat(used, ' '), sum(used) * 100.0 / count(*) / $allowed,
				(SELECT sum(throttled) FROM w))
		  FROM w, (SELECT min(at_ms) / ($4 * 1000) AS first, max(at_ms) / ($4 * 1000) AS last
		             FROM request WHERE api = '$1' AND path GLOB '$5')
		 WHERE window > first AND window < last"
	throttled=$((throttled + $(ask "SELECT count(*) FROM request WHERE api = '$1' AND status IN (429, 503)")))
	unset PEARLBRIDGE_CLOCK_SPEED PEARLBRIDGE_CLOCK_ANCHOR
}

# 1,300 orders by single calls: multi-message carries ten times as many in a request.
brightpearl_quota() { # brightpearl_quota SHARE
	orders 1300 1
	begin --sql "$work/shop.sql" --order "$work/orders.json"
	serve
	client orders.transform
	own "INSERT INTO cursor(feed, done_until) VALUES('multi_message_down', 4000000000)"
	enforce brightpearl 200 "$1" 10
	unserve && serve
	client
	unserve
	report brightpearl 200 "$1" 60 '/order-service/sales-order*' "single orders"
}

# Orders of 51 lines: each needs a request of its own for the lines that the list cuts.
bigcommerce_quota() { # bigcommerce_quota QUOTA SHARE
	orders $(($1 * $2 / 100 * 9 / 2)) 51
	begin --sql "$work/shop.sql" --order "$work/orders.json"
	serve
	client reference
	enforce bigcommerce "$1" "$2" 2
	unserve && serve
	client orders.extract
	unserve
	report bigcommerce "$1" "$2" 30 '/v2/orders/*/products' "orders of more than 50 lines"
}

# --- without quotas and latency -----------------------------------------------------------------------

# Every 20 ms, the most memory that each process of the program has had so far (KiB).
watch_memory() {
	local -A most=()
	local process line args name
	trap 'for name in "${!most[@]}"; do echo "${most[$name]} $name"; done >"$work/memory"; exit' TERM
	while :; do
		for process in /proc/[0-9]*; do
			mapfile -d '' args <"$process/cmdline" || continue
			[[ ${args[0]-} == */pearlbridge && " ${args[*]} " == *" $work/store "* ]] || continue
			name=run
			[ "${args[1]-}" != stage ] || name=${args[4]-stage}
			while read -r line; do
				[[ $line != VmHWM:* ]] || break
			done <"$process/status" || continue
			line=${line//[!0-9]/}
			[ "${line:-0}" -le "${most[$name]-0}" ] || most[$name]=$line
		done
		read -r -t 0.02 <>"$work/never" || true
	done 2>/dev/null
}

processor() { # CPU time of a process so far, in milliseconds
	local stat
	read -r -a stat <"/proc/$1/stat"
	echo $(((stat[13] + stat[14]) * 1000 / $(getconf CLK_TCK)))
}

speed() { # speed TEXT
	local begun wall ours theirs own_before own_after n
	serve
	theirs=$(processor "$sandbox")
	watch_memory &
	watcher=$!
	own_before=$(awk '{print $16 + $17}' /proc/$$/stat)
	begun=${EPOCHREALTIME/./}
	client
	wall=$(((${EPOCHREALTIME/./} - begun) / 1000))
	own_after=$(awk '{print $16 + $17}' /proc/$$/stat)
	ours=$(((own_after - own_before) * 1000 / $(getconf CLK_TCK)))
	theirs=$(($(processor "$sandbox") - theirs))
	kill "$watcher" && wait "$watcher"
	watcher=
	unserve
	n=$(own "SELECT count(*) FROM link_order")
	echo "$1: $n orders brought over, $((n * 1000 / wall)) per second"
	echo "    processor time of the program $ours ms, of the sandbox $theirs ms, wall $wall ms"
	ask "SELECT printf('    requests per 1,000 orders: %-12s %6.1f (%d)', api, count(*) * 1000.0 / $n, count(*)) FROM request
		GROUP BY api ORDER BY api"
	sort -rn "$work/memory" | awk '{printf "    peak memory %6.1f MiB  %s\n", $1 / 1024, $2}'
	rm -f "$work/memory"
}

mkfifo "$work/never"
echo "use of the quotas, window by window, while work waits (latency 200 ms):"
brightpearl_quota 80
brightpearl_quota 100
bigcommerce_quota 150 80
bigcommerce_quota 150 100
bigcommerce_quota 450 80
echo
echo "without quotas and latency:"
if [ -r "$retail" ]; then
	begin --retail "$retail"
	speed "Online Retail, $(basename "$retail")"
fi
orders 5000 2 buyer
begin --sql "$work/shop.sql" --order "$work/orders.json"
speed "5,000 small orders of as many new customers"
begin --sql "$work/shop.sql" --order "$work/orders.json"
enable payments fulfillment inventory notes.to_brightpearl notes.to_bigcommerce statuses.to_brightpearl statuses.to_bigcommerce
cp "$build/../mappings/warehouses.csv" "$work/store/mappings/"
ask "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1007, 2, 1000000)"
speed "the same with every job on, reservations too"
[ "$throttled" = 0 ] || echo "$throttled throttle answers were provoked"
[ "$throttled" = 0 ]
