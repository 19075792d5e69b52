# Shared by crash_sweep.sh, sweep.sh and break_it.sh.  One trial: a fresh copy of a prepared store and
# of the sandbox's state, a run that is hurt, plain reruns, and a comparison with the run that was not.
# A sweep raises n until the n-th point or request is no longer met: it ends by itself.
#
#   sweep_begin BUILD
#   prepare FLAVOUR FROM SHOP "MINUTES..." [SWITCH=VALUE]...
#                           FROM: start, or load (staged and mapped, ready to be sent)
#                           MINUTES: when the reruns come, after the hurt run; so many must be enough
#   sweep FLAVOUR FLOOR HURT [ARG]      HURT: one of hurt_* below; FLOOR: so many points must be met
#   sweep_end
#
# One trial alone, its files kept: TRIAL='packs0 crash - 57' bash tests/e2e/crash_sweep.sh build

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
workers=${SWEEP_WORKERS:-3}
accepted=" 0 65 75 " # how a hurt run may end
declare -A minutes   # of a flavour's reruns

sweep_begin() {
	build=$(cd "$1" && pwd)
	# in memory: thousands of commits are waited for
	work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" sweep.XXXXXX)
	trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null; wait; stop_all; [ -n "${TRIAL-}" ] || rm -rf "$work"' EXIT
	trap 'exit 1' INT TERM
	export PEARLBRIDGE_JOBS=1 PEARLBRIDGE_QUIET=1 BIGCOMMERCE_STORE_HASH=abc123 \
		BIGCOMMERCE_ACCESS_TOKEN=bc-test-token BRIGHTPEARL_ACCOUNT=pearltest \
		BRIGHTPEARL_APP_REF=pearltest_bridge BRIGHTPEARL_STAFF_TOKEN=bp-test-token
	unset MAKEFLAGS MFLAGS MAKELEVEL
	bad=0 total=0
}

# A sandbox on the state in a folder; sets $sandbox (its process) and the addresses.
serve() {
	exec 9< <(exec "$build/sandbox" "$1" 2>>"$1/errors")
	sandbox=$! serving=$1/process
	echo "$sandbox" >"$serving"
	read -r -u 9 BIGCOMMERCE_API_URL
	exec 9<&-
	export BIGCOMMERCE_API_URL BRIGHTPEARL_API_URL=$BIGCOMMERCE_API_URL
}

# What it answered is in its database at any moment.
unserve() {
	kill -KILL "$sandbox" && wait "$sandbox"
	: >"$serving"
} 2>/dev/null

stop_all() { # sandboxes of trials that were cut short
	cat "$work"/*/sb/process 2>/dev/null | xargs -r kill -KILL 2>/dev/null
}

ask() { # ask COPY SQL: of the sandbox's database
	sqlite3 -cmd ".timeout 20000" "$1/sb/sandbox.db" "$2"
}

# What BigCommerce had when it was last read differs by the number of runs, where we write to it.
state() { # state COPY
	sqlite3 -cmd ".timeout 20000" "$1/store/data/pearlbridge.db" "ATTACH '$1/sb/sandbox.db' AS remote" ".read $here/state.sql" |
		if [ -e "$1/volatile" ]; then grep -vE '^(staged (order|line)|earlier versions)\|'; else cat; fi
}

client() { # client COPY [VARIABLE=VALUE]...; KILL_AFTER=SECONDS is a kill -9 of all its processes
	local store=$1/store limit="-k 1 120"
	shift
	[[ ${1-} == KILL_AFTER=* ]] && limit="-s KILL ${1#*=}"
	# shellcheck disable=SC2086
	env "$@" timeout $limit "$build/pearlbridge" run --store "$store" >>"$store/log" 2>&1
}

# Moves the clocks of both sides on.
later() { # later COPY MINUTES
	ask "$1" "UPDATE switch SET value = $(($2 * 60)) WHERE name = 'clock_offset_s'"
	export PEARLBRIDGE_CLOCK_OFFSET=$(($2 * 60))
}

# --- what hurts a run: prints a variable for the program, or SQL for the sandbox ----------------------

hurt_crash() { echo "PEARLBRIDGE_CRASH_AT=$2"; }
hurt_kill() { # at any moment, not only at those that the program counts
	printf 'KILL_AFTER=0.%03d\n' $(($2 * 4))
}
hurt_fault() { # hurt_fault KIND N: the n-th request
	echo "UPDATE switch SET value = CASE name WHEN 'fault_at' THEN $2 WHEN 'fault_kind' THEN '${1%%:*}'
		WHEN 'fault_arg' THEN '$([[ $1 == *:* ]] && echo "${1#*:}")' ELSE 0 END WHERE name GLOB 'fault_*'"
}
hurt_reused() { # the n-th that is not the first of its connection: libcurl likes to repeat such
	echo "INSERT INTO fault (nth, min_on_connection, kind) VALUES ($2, 2, '$1')"
}
hurt_write() { # hurt_write KIND N: the n-th that writes
	echo "INSERT INTO fault (nth, method, kind, arg) VALUES ($2, 'P*', '${1%%:*}', '$([[ $1 == *:* ]] && echo "${1#*:}")')"
}
hurt_outage() { # from the n-th on, until the rerun
	echo "INSERT INTO fault (nth, kind, times) VALUES ($2, '$1', -1)"
}

met() { # met COPY: did what was to happen happen?
	grep -qs '^crash injected' "$1/store/log" ||
		[ "$(ask "$1" "SELECT count(*) FROM request WHERE fault IS NOT NULL")" != 0 ]
}

# --- one trial ----------------------------------------------------------------------------------------

copy_of() { # copy_of FLAVOUR COPY
	rm -rf "$2"
	cp -a "$work/$1" "$2"
	unset PEARLBRIDGE_CLOCK_OFFSET PEARLBRIDGE_CLOCK_SPEED
}

hurt_run() { # hurt_run COPY HURT ARG N; returns as the run ends
	local how
	how=$("hurt_$2" "$3" "$4")
	if [[ $how == [A-Z_]*=* && $how != *' '* ]]; then
		serve "$1/sb"
		client "$1" "$how" PEARLBRIDGE_STEP_FILE="$1/steps"
		return
	fi
	ask "$1" "$how"
	# the client waits for seconds before it tries again: let them pass quickly, on both sides
	export PEARLBRIDGE_CLOCK_SPEED=40 PEARLBRIDGE_CLOCK_ANCHOR=$((${EPOCHREALTIME/./} / 1000))
	serve "$1/sb"
	client "$1"
}

# Prints what is wrong; nothing when all is well.
rerun_and_compare() { # rerun_and_compare FLAVOUR COPY CODE [VARIABLE=VALUE]: hurts the first rerun
	local code=$3 codes=$3 minute again=${4:-}
	for minute in ${minutes[$1]}; do
		[[ $code = 0 || $code = 65 ]] && break
		ask "$2" "UPDATE switch SET value = 0 WHERE name = 'fault_at'; DELETE FROM fault"
		later "$2" "$minute"
		client "$2" ${again:+"$again" PEARLBRIDGE_STEP_FILE="$2/steps.again"}
		code=$?
		codes+=" $code"
		[[ "$accepted" == *" $code "* ]] || [[ $code = 100 && -n $again ]] || break
		again=
	done
	[[ $code = 0 || $code = 65 ]] || { echo "the last rerun is not done (ends: $codes)"; return; }
	state "$2" | diff "$work/$1.golden" -
}

run_trial() { # run_trial FLAVOUR COPY HURT ARG N [VARIABLE=VALUE]
	local code
	hurt_run "$2" "$3" "$4" "$5"
	code=$?
	[[ $3 = kill && $code = 137 ]] || met "$2" && touch "$2/met"
	# 100: the driver itself died
	if [[ "$accepted 100 " == *" $code "* || $3 = kill && $code = 137 ]]; then
		rerun_and_compare "$1" "$2" "$code" "${6-}"
	else
		echo "the hurt run ended with $code"
	fi
	unserve
}

trial() { # trial FLAVOUR COPY HURT ARG N [VARIABLE=VALUE]
	local wrong
	copy_of "$1" "$2"
	wrong=$(run_trial "$@" 2>&1)
	[ -z "$wrong" ] && return
	echo "--- TRIAL='$1 $3 ${4:--} $5'  ${6-} $(grep -s '^crash injected' "$2/store/log" | xargs)"
	cut -c 1-400 <<<"$wrong" | head -n "${SWEEP_LINES:-12}"
	tail -n 4 "$2/store/log" | cut -c 1-300 | sed 's/^/  log: /'
	return 1
}

# --- sweeps -------------------------------------------------------------------------------------------

# A worker takes every n-th point until one is not met; its sums go to a file.  Where a flavour has a list
# of points, a crash is tried at those.
worker() { # worker FLAVOUR FIRST HURT ARG
	local i n met=0 wrong=0 copy=$work/copy.$2 points=()
	trap 'exit 1' TERM
	[ "$3" = crash ] && [ -e "$work/$1.points" ] && mapfile -t points <"$work/$1.points"
	for ((i = $2; i < 10000; i += workers)); do
		n=$i
		[ ${#points[@]} = 0 ] || n=${points[i - 1]-}
		[ -n "$n" ] || break
		trial "$1" "$copy" "$3" "$4" "$n" || wrong=$((wrong + 1))
		[ -e "$copy/met" ] || break
		met=$((met + 1))
	done
	echo "$met $wrong" >"$work/sum.$2"
}

# Each worker leaves "POINTS-MET WRONG" in sum.NUMBER; one that leaves nothing is wrong.
together() { # together WORKER FLAVOUR [ARG]...: as WORKER FLAVOUR NUMBER ARG...; adds to $met and $wrong
	local w m f pids=()
	rm -f "$work"/sum.*
	for ((w = 1; w <= workers; w++)); do
		"$1" "$2" "$w" "${@:3}" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for ((w = 1; w <= workers; w++)); do
		m=0 f=1
		[ -e "$work/sum.$w" ] && read -r m f <"$work/sum.$w"
		met=$((met + m)) wrong=$((wrong + f))
	done
}

expect_met() { # expect_met FLOOR: into the total
	total=$((total + met)) bad=$((bad + wrong))
	[ "$met" -ge "$1" ] || { bad=$((bad + 1)) && echo "--- only $met points were met, at least $1 must be"; }
}

sweep() { # sweep FLAVOUR FLOOR HURT [ARG]
	local met=0 wrong=0 began=$EPOCHSECONDS
	if [ -n "${TRIAL-}" ]; then
		one_trial
		return
	fi
	together "${worker:-worker}" "$1" "$3" "${4-}"
	printf '%-9s %-6s %-20.20s %4d points met, %d wrong, %d s\n' "$1" "$3" "${4-}" "$met" "$wrong" \
		$((EPOCHSECONDS - began))
	expect_met "$2"
}

one_trial() {
	local flavour hurt arg n
	read -r flavour hurt arg n <<<"$TRIAL"
	[ -d "$work/$flavour" ] || return 0
	SWEEP_LINES=100 trial "$flavour" "$work/copy.1" "$hurt" "$arg" "$n"
	echo "kept: $work/copy.1, golden: $work/$flavour.golden"
	exit
}

sweep_end() {
	echo "$total points in all, $bad wrong"
	[ "$bad" = 0 ]
}

# --- the shops ----------------------------------------------------------------------------------------

# Whether an address that a contact has is refused to a second contact is not known: here it is not,
# so that a contact made twice shows.
shop_sql="CREATE TRIGGER free_address AFTER UPDATE OF contact_id ON bp_address WHEN NEW.contact_id > 501
	BEGIN UPDATE bp_address SET contact_id = NULL WHERE id = NEW.id; END;
INSERT INTO bc_product (id, sku, name, price) VALUES (1, 'MUG', 'Mug', 100000), (2, 'TEA', 'Tea', 45000);
INSERT INTO bp_product (id, sku, name) VALUES (1007, 'MUG', 'Mug'), (1008, 'TEA', 'Tea');
INSERT INTO bp_address (id, contact_id, line1, country_id) VALUES (501, 501, '1 Known Rd', 222);
INSERT INTO bp_contact (id, first_name, last_name, email, def_address_id, bil_address_id, del_address_id)
	VALUES (501, 'Kay', 'Known', 'kay@shop.example', 501, 501, 501);"

order() { # order ID CUSTOMER-ID NAME LINES [STATUS]
	printf '{"id":%d,"created":"2026-01-0%dT10:00:00Z","status_id":%d,"customer":{"id":%d,"email":"%s@shop.example",
	"first_name":"%s","last_name":"Buyer"},"billing":{"street_1":"%d High St","city":"Leeds","zip":"LS1 1AA",
	"country":"United Kingdom","country_iso2":"GB"},"inclusive":true,"tax_rate":"20","shipping_cost":"3.95",
	"paid":true,"lines":[%s]}' "$1" $(($1 % 9 + 1)) "${5:-11}" "$2" "$3" "$3" "$1" "$4"
}

mug='{"sku":"MUG","quantity":2,"price":"10.00"}'
tea='{"sku":"TEA","quantity":1,"price":"4.50"}'
odd='{"sku":"ODD","name":"Odd","quantity":1,"price":"1.00","product_id":77}'
many_lines() {
	local i
	echo -n "$mug"
	for ((i = 1; i <= 54; i++)); do
		echo -n ",{\"sku\":\"TEA\",\"quantity\":$i,\"price\":\"4.5$((i % 10))\"}"
	done
}

# An account, a guest, and one who is a contact already: single calls.
shop_few() {
	echo "[$(order 1001 5 ann "$mug,$tea"),$(order 1002 0 gus "$tea"),$(order 1003 0 kay "$mug")]"
}

# Enough for multi-messages of addresses, contacts and orders: two orders of one account, one of 55
# lines, one with a SKU that Brightpearl does not have, one in a status that is not wanted.
shop_many() {
	echo "[$(order 1001 5 ann "$mug,$tea"),$(order 1002 5 ann "$tea"),$(order 1003 0 gus "$tea"),
	$(order 1004 0 kay "$mug"),$(order 1005 6 bob "$(many_lines)"),$(order 1006 0 gil "$mug"),
	$(order 1007 0 zoe "$odd"),$(order 1008 0 may "$mug"),$(order 1009 0 pat "$mug" 1)]"
}

# --- preparing ----------------------------------------------------------------------------------------

init_store() { # STORE; without credentials it asks nobody for names
	env -u BIGCOMMERCE_ACCESS_TOKEN -u BRIGHTPEARL_STAFF_TOKEN "$build/pearlbridge" init --store "$1" >/dev/null
}

# The store and the sandbox as every trial of the flavour finds them, and how they end unhurt.
prepare() { # prepare FLAVOUR FROM SHOP "MINUTES..." [SWITCH=VALUE]...
	local flavour=$1 from=$2 shop=$3
	minutes[$flavour]=$4
	shift 4
	mkdir -p "$work/$flavour/sb"
	make_shop "$shop" "$@"
	"$build/sandbox" "$work/$flavour/sb" --init-only --sql "$work/shop.sql" --order "$work/orders.json" || exit 1
	init_store "$work/$flavour/store"
	rm "$work/$flavour/store/.env"
	sed -i -e 's/^\(customers\|orders\).enabled,plan/\1.enabled,yes/' -e 's/enabled,plan/enabled,no/' \
		-e 's/^orders\.start_date,,/orders.start_date,2026-01-01T00:00:00Z,/' \
		-e "${settings-}" "$work/$flavour/store/mappings/settings.csv"
	sed -i 's/^Main Warehouse,1,/Main Warehouse,no,/' "$work/$flavour/store/mappings/warehouses.csv"
	[ "$from" = load ] && run_up_to_load "$flavour" "$work/copy.0"
	golden "$flavour" "$work/copy.0" PEARLBRIDGE_STEP_TRACE="$work/$flavour.trace" >"$work/$flavour.golden"
	points_of "$work/$flavour.trace" >"$work/$flavour.points"
	again "$flavour" "$work/copy.0"
}

# Every $every-th point (1: all); of those that are alike, stages that begin and end and lists that are
# read, fewer.
points_of() { # TRACE
	awk -v every="${every:-1}" 'every == 1 || (/^(lib\/stage|jobs\/reference)/ ? ++alike % (6 * every) == 0 : ++n % every == 0) { print NR }
		END { print NR + 1 }' "$1"
}

make_shop() { # make_shop SHOP [SWITCH=VALUE]...
	local switch
	"shop_$1" >"$work/orders.json"
	echo "$shop_sql" >"$work/shop.sql"
	for switch in bp_quota=0 bc_quota=0 "${@:2}"; do
		echo "UPDATE switch SET value = '${switch#*=}' WHERE name = '${switch%%=*}';"
	done >>"$work/shop.sql"
}

golden() { # golden FLAVOUR COPY [VARIABLE=VALUE]
	copy_of "$1" "$2"
	serve "$2/sb"
	client "$2" "${@:3}"
	[[ " 0 65 " == *" $? "* ]] || echo "--- the golden run failed: $(tail -n 3 "$2/store/log")" >&2
	unserve
	state "$2"
}

# The flavour becomes what a run leaves that dies as customers.load begins.
run_up_to_load() { # run_up_to_load FLAVOUR COPY
	local first_write
	golden "$1" "$2" PEARLBRIDGE_STEP_TRACE="$work/trace" >/dev/null
	first_write=$(grep -n -m 1 '^before POST' "$work/trace" | cut -d: -f 1)
	rm -f "$work/trace"
	copy_of "$1" "$2"
	serve "$2/sb"
	client "$2" PEARLBRIDGE_CRASH_AT=$((first_write - 2)) PEARLBRIDGE_STEP_FILE="$2/steps"
	unserve
	ask "$2" "DELETE FROM request"
	[ -z "${store_sql-}" ] || sqlite3 "$2/store/data/pearlbridge.db" "$store_sql"
	rm -f "$2/steps" "$2/store/log"
	rm -rf "${work:?}/$1"
	cp -a "$2" "$work/$1"
}

# A second run after the golden one writes nothing, and nothing differs.
again() { # again FLAVOUR COPY
	local before
	before=$(ask "$2" "SELECT count(*) FROM request WHERE method <> 'GET'")
	serve "$2/sb"
	client "$2"
	unserve
	if [ "$(ask "$2" "SELECT count(*) FROM request WHERE method <> 'GET'")" != "$before" ] ||
		! state "$2" | diff "$work/$1.golden" -; then
		echo "--- $1: a second run after the golden one is not without effect"
		bad=$((bad + 1))
	fi
	[ "$before" -gt 0 ] || { echo "--- $1: the golden run wrote nothing" && bad=$((bad + 1)); }
}
