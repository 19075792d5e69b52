# Shared by crash_sweep.sh, sweep.sh and break_it.sh.  One trial: a fresh copy of a prepared store and
# of the sandbox's state, a run that is hurt, plain reruns, and a comparison with the run that was not.
# A sweep raises n until the n-th point or request is no longer met: it ends itself.
#
#   sweep_begin BUILD
#   prepare FLAVOUR FROM SHOP [SWITCH=VALUE]...   FROM: start, or load (staged and ready to be sent)
#   sweep FLAVOUR FLOOR HURT [ARG]                HURT: crash, fault, reused ... below; FLOOR: points to be met
#   sweep_end
#
# One trial by hand, its files kept: TRIAL=flavour:hurt:arg:n bash tests/e2e/crash_sweep.sh build

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
workers=${SWEEP_WORKERS:-3}
pace=20   # minutes between a run and its rerun; the patience with what is in doubt is 15
reruns=2  # that many must be enough
accepted=" 0 65 75 " # how a hurt run may end

sweep_begin() {
	build=$(cd "$1" && pwd)
	# in memory: thousands of commits are waited for
	work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" sweep.XXXXXX)
	trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT
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
	sandbox=$!
	read -r -u 9 BIGCOMMERCE_API_URL && exec 9<&-
	export BIGCOMMERCE_API_URL BRIGHTPEARL_API_URL=$BIGCOMMERCE_API_URL
}

# Its state is safe in the database at any moment.
unserve() {
	kill -KILL "$sandbox" && wait "$sandbox"
} 2>/dev/null

state() { # state STORE SANDBOX
	sqlite3 "$1/data/pearlbridge.db" "ATTACH '$2/sandbox.db' AS remote" ".read $here/state.sql"
}

client() { # client STORE [VARIABLE=VALUE]...
	local store=$1
	shift
	env "$@" timeout -k 1 120 "$build/pearlbridge" run --store "$store" >>"$store/log" 2>&1
}

# Moves the clocks of both sides on.
later() { # later SANDBOX MINUTES
	sqlite3 "$1/sandbox.db" "UPDATE switch SET value = $(($2 * 60)) WHERE name = 'clock_offset_s'"
	export PEARLBRIDGE_CLOCK_OFFSET=$(($2 * 60))
}

# --- what can be done to a run: prints SQL for the sandbox or a variable for the program ------------

hurt_nothing() { :; }
hurt_crash() { echo "PEARLBRIDGE_CRASH_AT=$2"; }
hurt_fault() { # hurt_fault KIND N
	echo "UPDATE switch SET value = CASE name WHEN 'fault_at' THEN $2 WHEN 'fault_kind' THEN '$1' ELSE 0 END
		WHERE name IN ('fault_at', 'fault_kind', 'fault_seen')"
}
hurt_reused() { # only from the second request of a connection on
	echo "INSERT INTO fault (nth, min_on_connection, kind) VALUES ($2, 2, '$1')"
}
hurt_outage() { # from the n-th request on, until the rerun
	echo "INSERT INTO fault (nth, kind, times) VALUES ($2, '$1', -1)"
}

met() { # met COPY: did what was to happen happen?
	grep -qs '^crash injected' "$1/store/log" ||
		[ "$(sqlite3 "$1/sb/sandbox.db" "SELECT count(*) FROM request WHERE fault IS NOT NULL")" != 0 ]
}

# --- one trial --------------------------------------------------------------------------------------

begin_copy() { # begin_copy FLAVOUR COPY HURT ARG N; sets $hurting, the variable that hurts the program
	local how
	rm -rf "$2"
	cp -a "$work/$1" "$2"
	hurting=HURT=$3
	how=$("hurt_$3" "$4" "$5")
	case $how in
	'') ;;
	PEARLBRIDGE_*) hurting=$how ;;
	*) sqlite3 "$2/sb/sandbox.db" "$how" ;;
	esac
	unset PEARLBRIDGE_CLOCK_OFFSET
	# retries of the client wait for seconds: let them pass quickly; both sides have the same clock
	export PEARLBRIDGE_CLOCK_SPEED=40 PEARLBRIDGE_CLOCK_ANCHOR=$((${EPOCHREALTIME/./} / 1000))
	serve "$2/sb"
}

# Prints what is wrong; nothing when all is well.
run_trial() { # run_trial FLAVOUR COPY
	local code rerun
	client "$2/store" "$hurting" PEARLBRIDGE_STEP_FILE="$2/steps"
	code=$?
	echo "$code" >"$2/codes"
	[[ "$accepted 100 " == *" $code "* ]] || { echo "the hurt run ended with $code"; return; }
	met "$2" && touch "$2/met"
	for ((rerun = 1; code != 0 && code != 65; rerun++)); do
		[ "$rerun" -le "$reruns" ] || { echo "not done after $reruns reruns (ends: $(xargs <"$2/codes"))"; return; }
		sqlite3 "$2/sb/sandbox.db" "UPDATE switch SET value = 0 WHERE name = 'fault_at'; DELETE FROM fault"
		later "$2/sb" $((pace * rerun))
		client "$2/store"
		code=$?
		echo "$code" >>"$2/codes"
		[[ "$accepted" == *" $code "* ]] || { echo "rerun $rerun ended with $code"; return; }
	done
	state "$2/store" "$2/sb" | diff "$work/$1.golden" -
}

trial() { # trial FLAVOUR COPY HURT ARG N
	local wrong
	begin_copy "$1" "$2" "$3" "$4" "$5"
	wrong=$(run_trial "$1" "$2" 2>&1)
	unserve
	[ -z "$wrong" ] && return
	echo "--- $1:$3:$4:$5: $(grep -s '^crash injected' "$2/store/log" || :)"
	cut -c 1-400 <<<"$wrong" | head -n "${SWEEP_LINES:-12}"
	tail -n 4 "$2/store/log" | cut -c 1-300 | sed 's/^/  log: /'
	return 1
}

# --- sweeps -----------------------------------------------------------------------------------------

# A worker takes every n-th point until one is not met; sums go to a file.
worker() { # worker FLAVOUR FIRST HURT ARG
	local n met=0 wrong=0 copy=$work/copy.$2
	trap 'unserve; exit 1' TERM
	for ((n = $2; n <= ${SWEEP_LAST:-9999}; n += workers)); do
		trial "$1" "$copy" "$3" "$4" "$n" || wrong=$((wrong + 1))
		[ -e "$copy/met" ] || break
		met=$((met + 1))
	done
	echo "$met $wrong" >"$work/sum.$2"
}

sweep() { # sweep FLAVOUR FLOOR HURT [ARG]
	local w met=0 wrong=0 m f began=$EPOCHSECONDS pids=()
	rm -f "$work"/sum.*
	for ((w = 1; w <= workers; w++)); do
		worker "$1" "$w" "$3" "${4-}" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for ((w = 1; w <= workers; w++)); do
		read -r m f <"$work/sum.$w" || f=1
		met=$((met + m)) wrong=$((wrong + f))
	done
	printf '%-22s %-7s %-13s %4d points met, %d wrong, %d s\n' "$1" "$3" "${4-}" "$met" "$wrong" \
		$((EPOCHSECONDS - began))
	total=$((total + met)) bad=$((bad + wrong))
	[ "$met" -ge "$2" ] || { bad=$((bad + 1)) && echo "--- only $met points were met, at least $2 must be"; }
}

sweep_end() {
	echo "$total points in all, $bad wrong"
	[ "$bad" = 0 ]
}

# --- the shops --------------------------------------------------------------------------------------

shop_sql="INSERT INTO bc_product (id, sku, name, price) VALUES (1, 'MUG', 'Mug', 100000), (2, 'TEA', 'Tea', 45000);
INSERT INTO bp_product (id, sku, name) VALUES (1007, 'MUG', 'Mug'), (1008, 'TEA', 'Tea');
INSERT INTO bp_address (id, contact_id, line1, country_id) VALUES (501, 501, '1 Known Rd', 222);
INSERT INTO bp_contact (id, first_name, last_name, email, def_address_id, bil_address_id, del_address_id)
	VALUES (501, 'Kay', 'Known', 'kay@known.example', 501, 501, 501);"

order() { # order ID CUSTOMER-ID NAME SKU... [, more fields]
	printf '{"id":%d,"created":"2026-01-0%dT10:00:00Z","status_id":%d,"customer":{"id":%d,"email":"%s@shop.example",
	"first_name":"%s","last_name":"Buyer"},"billing":{"street_1":"%d High St","city":"Leeds","zip":"LS1 1AA",
	"country":"United Kingdom","country_iso2":"GB"},"inclusive":true,"tax_rate":"20","shipping_cost":"3.95",
	"paid":true,"lines":[%s]}' "$1" $(($1 % 9 + 1)) "${5:-11}" "$2" "$3" "$3" "$1" "$4"
}

mug='{"sku":"MUG","quantity":2,"price":"10.00"}'
tea='{"sku":"TEA","quantity":1,"price":"4.50"}'
many_lines() {
	local i
	echo -n "$mug"
	for ((i = 1; i <= 54; i++)); do
		echo -n ",{\"sku\":\"TEA\",\"quantity\":$i,\"price\":\"4.5$((i % 10))\"}"
	done
}

# Two orders of one account, two guests, one whose contact is there already: three of a kind wait.
shop_few() {
	echo "[$(order 1001 5 ann "$mug,$tea"),$(order 1002 0 gus "$tea"),$(order 1003 0 kay "$mug")]" |
		sed s/kay@shop/kay@known/
}

# Enough for multi-messages, of contacts and of orders; one of 55 lines, one with a SKU that
# Brightpearl does not have, one that is not wanted, two of one account.
shop_many() {
	echo "[$(order 1001 5 ann "$mug,$tea"),$(order 1002 5 ann "$tea"),$(order 1003 0 gus "$tea"),
	$(order 1004 0 kay "$mug"),$(order 1005 6 bob "$(many_lines)"),$(order 1006 0 gil "$mug"),
	$(order 1007 0 zoe '{"sku":"ODD","name":"Odd","quantity":1,"price":"1.00","product_id":77}'),
	$(order 1008 0 may "$mug"),$(order 1009 0 pat "$mug" 1)]" | sed s/kay@shop/kay@known/
}

# --- preparing --------------------------------------------------------------------------------------

# The store and the sandbox as every trial of the flavour finds them, and how they end unhurt.
prepare() { # prepare FLAVOUR FROM SHOP [SWITCH=VALUE]...
	local flavour=$1 from=$2 shop=$3 copy=$work/copy.0 at switch
	shift 3
	mkdir -p "$work/$flavour/sb"
	echo "$shop_sql" >"$work/shop.sql"
	"shop_$shop" >"$work/orders.json"
	for switch in bp_quota=0 bc_quota=0 "$@"; do
		echo "UPDATE switch SET value = '${switch#*=}' WHERE name = '${switch%%=*}';"
	done >>"$work/shop.sql"
	"$build/sandbox" "$work/$flavour/sb" --init-only --sql "$work/shop.sql" --order "$work/orders.json" || exit 1
	"$build/pearlbridge" init --store "$work/$flavour/store" >/dev/null
	rm "$work/$flavour/store/.env"
	sed -i -e 's/^\(customers\|orders\).enabled,plan/\1.enabled,yes/' -e "${settings-}" \
		"$work/$flavour/store/mappings/settings.csv"
	if [ "$from" = load ]; then
		at=$(golden "$flavour" "$copy" PEARLBRIDGE_STEP_TRACE="$work/trace" >/dev/null
			grep -n -m 1 '^before POST' "$work/trace")
		rm -f "$work/trace"
		begin_copy "$flavour" "$copy" nothing '' 0
		client "$copy/store" PEARLBRIDGE_CRASH_AT=$((${at%%:*} - 2)) PEARLBRIDGE_STEP_FILE="$copy/steps"
		unserve
		rm -rf "${work:?}/$flavour" && cp -a "$copy" "$work/$flavour"
		: >"$work/$flavour/store/log"
		rm -f "$work/$flavour/steps"
		sqlite3 "$work/$flavour/sb/sandbox.db" "DELETE FROM request"
	fi
	golden "$flavour" "$copy" >"$work/$flavour.golden"
	again "$flavour" "$copy"
}

golden() { # golden FLAVOUR COPY [VARIABLE=VALUE]
	begin_copy "$1" "$2" nothing '' 0
	client "$2/store" "${@:3}"
	[[ " 0 65 " == *" $? "* ]] || echo "--- the golden run failed: $(tail -n 3 "$2/store/log")" >&2
	unserve
	state "$2/store" "$2/sb"
}

# A second run after the golden one writes nothing, and nothing differs.
again() { # again FLAVOUR COPY
	local before=$work/writes.before after
	sqlite3 "$2/sb/sandbox.db" "SELECT count(*) FROM request WHERE method <> 'GET'" >"$before"
	serve "$2/sb"
	client "$2/store"
	unserve
	after=$(sqlite3 "$2/sb/sandbox.db" "SELECT count(*) FROM request WHERE method <> 'GET'")
	if [ "$after" != "$(<"$before")" ] || ! state "$2/store" "$2/sb" | diff "$work/$1.golden" - >&2; then
		echo "--- $1: a second run after the golden one is not without effect" && bad=$((bad + 1))
	fi
	[ "$(<"$before")" -gt 0 ] || { echo "--- $1: the golden run wrote nothing" && bad=$((bad + 1)); }
}
