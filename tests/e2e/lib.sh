# Shared by the scenarios: a sandbox, a store and what one asks of them.  A scenario is one file, called
# as `bash FILE BUILD-FOLDER`; it sources this, says what it does and ends 1 if anything it expected is
# not so.  KEEP=1 leaves its folder.  PEARLBRIDGE_CLOCK_SPEED, if set before: how fast time goes.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "$1" && pwd)
memory=$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")
work=$(mktemp -d -p "$memory" "$(basename "$0" .sh).XXXXXX")
patience=${PEARLBRIDGE_TEST_PATIENCE:-600} # seconds that a run may take: no test is one of speed
wrong=0 sandbox='' mark=0
trap 'leave' EXIT
trap 'exit 1' INT TERM
for name in $(compgen -e); do
	case $name in
	BIGCOMMERCE_* | BRIGHTPEARL_* | PEARLBRIDGE_STORE | PEARLBRIDGE_JSON | PEARLBRIDGE_QUIET | CREDENTIALS_DIRECTORY | *_proxy | *_PROXY | SSLKEYLOGFILE) unset "$name" ;;
	esac
done
unset MAKEFLAGS MFLAGS MAKELEVEL
export PEARLBRIDGE_CLOCK_SPEED=${PEARLBRIDGE_CLOCK_SPEED:-20} PEARLBRIDGE_CLOCK_ANCHOR=$((${EPOCHREALTIME/[.,]/} / 1000))

leave() {
	local code=$?
	[ -z "$sandbox" ] || { kill "$sandbox" && wait "$sandbox"; } 2>/dev/null
	[ -n "${KEEP-}" ] && echo "kept: $work" || rm -rf "$work"
	[ "$wrong" = 0 ] || { echo "$wrong expectations not met" && code=1; }
	exit "$code"
}

say() { echo "- $*"; }
bad() { wrong=$((wrong + 1)) && printf 'NOT SO (line %s): %s\n' "${BASH_LINENO[${2:-1}]}" "$1"; }
expect_eq() { # WHAT GOT WANTED
	[ "$2" = "$3" ] || bad "$1
    is     $(sed '2,$s/^/           /' <<<"$2")
    wanted $(sed '2,$s/^/           /' <<<"$3")"
}
expect_has() { # WHAT TEXT PART
	[[ "$2" == *"$3"* ]] || bad "$1 has no \"$3\":
$(head -c 3000 <<<"$2" | sed 's/^/    /')"
}
expect_no() { # WHAT TEXT PART
	[[ "$2" != *"$3"* ]] || bad "$1 has \"$3\""
}

# --- the sandbox ------------------------------------------------------------------------------------

start_sandbox() { # [sandbox arguments]; its state in $work/sandbox is kept from start to start
	mkdir -p "$work/sandbox" && rm -f "$work/sandbox/url"
	"$build/sandbox" "$work/sandbox" "$@" >>"$work/sandbox.log" 2>&1 &
	sandbox=$!
	while [ ! -s "$work/sandbox/url" ]; do
		kill -0 "$sandbox" 2>/dev/null || { cat "$work/sandbox.log" && exit 1; }
		sleep 0.02
	done
	URL=$(<"$work/sandbox/url")
	switch bp_quota 100000 bc_quota 100000
}
stop_sandbox() { { kill "$sandbox" && wait "$sandbox"; } 2>/dev/null; sandbox=''; }
sql_sandbox() { sqlite3 -bail -cmd '.timeout 8000' "$work/sandbox/sandbox.db" "$@"; }
switch() { # NAME VALUE ...
	while [ $# -gt 0 ]; do
		sql_sandbox "UPDATE switch SET value = '$2' WHERE name = '$1'; SELECT iif(changes(), '', 'no switch $1')"
		shift 2 || exit 1
	done | grep . && exit 1 || true
}
fault() { # COLUMN=VALUE ... of table fault
	local names='' values=''
	for pair; do names+=",${pair%%=*}" values+=",'${pair#*=}'"; done
	sql_sandbox "INSERT INTO fault (${names:1}) VALUES (${values:1})"
}
fired() { sql_sandbox "SELECT coalesce(sum(fired), 0) FROM fault"; } # how often faults struck
# Send something to the sandbox as the merchant; $1 = orders or sql.
merchant() {
	local status LC_ALL=C
	exec 5<>"/dev/tcp/127.0.0.1/${URL##*:}"
	printf 'POST /sandbox/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
		"$1" "${#2}" "$2" >&5
	read -r _ status _ <&5
	[ "$status" = 204 ] || { echo "the sandbox refused it: $status $(cat <&5)" && exit 1; }
	exec 5>&-
}
put_order() { merchant orders "$1"; }
# Goods leave: a note of that order is made and shipped now; its id is then in $note.  ORDER is BigCommerce's
# number, or # and Brightpearl's; no SKUs = all that is left.  A supplier sends it with kind=drop_ship before.
ship_note() { # ORDER "SKU=PIECES ..." [TRACKING] [METHOD ID] [COLUMN=VALUE ...]
	local table=bp_${kind:-goods_out} order="external_ref = 'BC-$1'" list='' more='' pair
	local take='g.goods AND g.wanted > g.noted' by=g.row_id
	[ "${1#\#}" = "$1" ] || order="id = ${1#\#}"
	for pair in $2; do list+=",('${pair%%=*}',${pair#*=})"; done
	[ -z "$list" ] || take='g.wanted - g.noted >= w.column2' by=p.sku
	[ "$table" = bp_drop_ship ] || more=", printed_on = server_time() / 1000, picked_on = server_time() / 1000,
		packed_on = server_time() / 1000, version = version + 1, visible_at_ms = server_time() + (SELECT value FROM switch WHERE name = 'bp_search_lag_ms')"
	for pair in "${@:5}"; do more+=", ${pair%%=*} = '${pair#*=}'"; done
	list="${list:-,('',0)}"
	merchant sql "INSERT INTO $table (order_id, reference, shipping_method_id, created_on)
		SELECT id, '${3-}', ${4:-1}, server_time() / 1000 FROM bp_order WHERE $order;
		INSERT INTO ${table}_row (note_id, row_id, product_id, quantity)
		SELECT n.id, min(g.row_id), g.product_id, coalesce(w.column2, g.wanted - g.noted)
		FROM (SELECT id, order_id FROM $table ORDER BY id DESC LIMIT 1) n JOIN bp_row_goods g ON g.order_id = n.order_id
		JOIN bp_product p ON p.id = g.product_id LEFT JOIN (VALUES ${list:1}) w ON w.column1 = p.sku
		WHERE $take GROUP BY $by;
		UPDATE $table SET shipped_on = server_time() / 1000$more WHERE id = (SELECT max(id) FROM $table)"
	note=$(sql_sandbox "SELECT max(id) FROM $table")
}
# A product that both systems have; its id in Brightpearl is 1000 + that in BigCommerce.
product() { # ID SKU [NAME]
	sql_sandbox "INSERT INTO bc_product (id, sku, name, price) VALUES ($1, '$2', '${3:-$2}', 100000);
		INSERT INTO bp_product (id, sku, name) VALUES (1000 + $1, '$2', '${3:-$2}')"
}
contact() { # ID EMAIL [COLUMN=VALUE ...]
	sql_sandbox "INSERT INTO bp_address (id, contact_id, line1, country_id) VALUES ($1, $1, '1 Known Rd', 222);
		INSERT INTO bp_contact (id, first_name, last_name, email, def_address_id, bil_address_id, del_address_id)
		VALUES ($1, 'Kay', 'Known', '$2', $1, $1, $1)"
	for pair in "${@:3}"; do sql_sandbox "UPDATE bp_contact SET ${pair%%=*} = '${pair#*=}' WHERE id = $1"; done
}
# A compact order: of the fields told twice the first holds, so MORE may replace any.
order() { # ID EMAIL LINES [MORE FIELDS, as JSON]
	printf '{"id":%d,%s"created":"2026-02-03T10:00:00Z","status_id":11,"customer":{"email":"%s","first_name":"Ann",
	"last_name":"Buyer"},"billing":{"street_1":"%d High St","city":"Leeds","state":"Yorkshire","zip":"LS1 1AA",
	"country":"United Kingdom","country_iso2":"GB","phone":"0123"},"lines":[%s],"inclusive":true,"tax_rate":"20",
	"paid":true}' "$1" "${4:+$4,}" "$2" "$1" "$3"
}
line() { # SKU QUANTITY PRICE [MORE]
	printf '{"sku":"%s","quantity":%s,"price":"%s"%s}' "$1" "$2" "$3" "${4:+,$4}"
}
mark() { mark=$(sql_sandbox "SELECT coalesce(max(id), 0) FROM request"); } # requests are counted from here
requests() { sql_sandbox "SELECT count(*) FROM request WHERE id > $mark AND (${1:-1})"; } # [CONDITION]
count_writes() { requests "method <> 'GET'"; }

# --- the store --------------------------------------------------------------------------------------

make_store() { # [NAME]; the shipped mappings, customers and orders on yes, the other jobs on no, the sandbox's credentials
	store=$work/${1:-store} run="$build/pearlbridge --store $work/${1:-store}" # as messages print it
	mkdir -p "$store/mappings"
	cp "$home"/mappings/*.csv "$store/mappings/"
	# no stock, no reservations, but where a scenario is about them (lib_reserve.sh)
	sed -i 's/^Main Warehouse,1,/Main Warehouse,no,/' "$store/mappings/warehouses.csv"
	(umask 077 && printf '%s\n' "BIGCOMMERCE_API_URL=$URL" BIGCOMMERCE_STORE_HASH=abc123 \
		BIGCOMMERCE_ACCESS_TOKEN=bc-test-token "BRIGHTPEARL_API_URL=$URL" BRIGHTPEARL_ACCOUNT=pearltest \
		BRIGHTPEARL_APP_REF=pearltest_bridge BRIGHTPEARL_STAFF_TOKEN=bp-test-token >"$store/.env")
	sed -i 's/^\([a-z_.]*\.enabled\),plan/\1,no/' "$store/mappings/settings.csv"
	setting customers.enabled yes orders.enabled yes orders.start_date 2026-01-01T00:00:00Z reconcile.every_hours 0
	setting run.max_minutes 10080 # on a fast clock and a busy machine
}
setting() { # NAME VALUE ... in settings.csv
	while [ $# -gt 0 ]; do
		awk -v name="$1" -v value="$2" 'index($0, name ",") != 1 { print } END { print name "," value "," }' \
			"$store/mappings/settings.csv" >"$work/settings" && cp "$work/settings" "$store/mappings/settings.csv"
		shift 2 || exit 1
	done
}
mapping() { # FILE LINE: added at its end
	printf '%s\n' "$2" >>"$store/mappings/$1"
}
env_line() { # NAME VALUE in .env; no value: the line is taken out
	sed -i "/^$1=/d" "$store/.env"
	[ $# -lt 2 ] || echo "$1=$2" >>"$store/.env"
}
sql_store() { sqlite3 -bail -cmd '.timeout 8000' "$store/data/pearlbridge.db" "$@"; }
run_store() { # [EXPECTED EXIT CODE] [arguments]; what it said is then in $said (stdout) and $told (stderr)
	local code=0 wanted=${1:-0}
	[ $# = 0 ] || shift
	timeout -k 1 "$patience" "$build/pearlbridge" --store "$store" "$@" >"$work/said" 2>"$work/told" || code=$?
	said=$(<"$work/said") told=$(<"$work/told")
	[ "$code" = "$wanted" ] || bad "exit code of '$*' is $code, not $wanted:
$(tail -n 25 "$work/told" "$work/said" | cut -c 1-300 | sed 's/^/    /')"
}
open_run() { sql_store "SELECT max(id) FROM run WHERE state = 'open'"; } # for PEARLBRIDGE_RUN of a stage by hand
later() { # MINUTES pass on both sides
	PEARLBRIDGE_CLOCK_OFFSET=$((${PEARLBRIDGE_CLOCK_OFFSET:-0} + $1 * 60))
	export PEARLBRIDGE_CLOCK_OFFSET
	switch clock_offset_s "$PEARLBRIDGE_CLOCK_OFFSET"
}
rejects() { sql_store "SELECT key || ' ' || reason FROM reject WHERE closed_at IS NULL ORDER BY id"; }
# The order's rows in Brightpearl as product|quantity|net|tax|code, in units.
rows() { sql_sandbox "SELECT r.product_id, r.quantity / 10000, printf('%.4f', r.net / 1e4), printf('%.2f', r.tax / 1e4),
	r.tax_code FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-$1' ORDER BY r.sequence, r.id"; }
# The order's payments in Brightpearl as reference|type|method|amount, in the order of their references.
payments() { sql_sandbox "SELECT p.transaction_ref, p.type, p.method, printf('%.2f', (p.amount_paid + p.amount_authorized) / 1e4)
	FROM bp_payment p JOIN bp_order o ON o.id = p.order_id WHERE o.external_ref = 'BC-$1' ORDER BY 1"; }
of_order() { sql_sandbox "SELECT $2 FROM bp_order o WHERE o.external_ref = 'BC-$1'"; } # ID COLUMNS
orders_there() { sql_sandbox "SELECT group_concat(external_ref, ' ') FROM (SELECT external_ref FROM bp_order ORDER BY 1)"; }
# Every order of ours is there once and its total and tax are BigCommerce's.
expect_exact() {
	expect_eq "orders that differ in total, or are there twice" "$(sql_sandbox "
		SELECT o.external_ref, o.total, b.total_inc_tax, count(*) FROM bp_order o JOIN bc_order b ON o.external_ref = 'BC-' || b.id
		 GROUP BY o.external_ref HAVING count(*) > 1 OR max(o.total) <> b.total_inc_tax
		 OR max(abs(o.total_tax - CAST(round(10000 * (b.body ->> 'total_tax')) AS INTEGER))) >= 100")" ""
}
