# Sourced by answers.sh and long/answers.sh after lib_sweep.sh and day.sh: odd answers, one at a time.
#
#   prepare_answers FLAVOUR [SWITCH=VALUE]...   a day of all jobs, a day after the first run: every list is read
#                                               $work/FLAVOUR.pairs has each mutation that changes an answer, as
#                                               NTH|METHOD|PATH|NUMBER|NAME: the n-th request of that path
#   answers FLAVOUR <LINES OF THAT              one trial each; prints what is wrong, and the sums
#
# A trial: a run in which one answer is a mutation of the true one; then the truth, a new order, and at most
# two more runs.  It must end as the golden one: equal, or with a reject that names each record that differs; a list
# that is read once a day, and of which nothing was made yet, may differ until then.
# What may never be: a record twice, one missing without a word, a run that hangs, dies or calls it a bug (70).
#
# One trial alone, its files kept: TRIAL="1 GET /v2/orders 33" bash tests/e2e/long/answers.sh build

answers_codes=" 0 65 75 76 77 78 " # how the run with the odd answer may end
reruns="20 70"                     # minutes after it
next_day=1600                      # minutes after it: lists are read once a day

prepare_answers() { # FLAVOUR [SWITCH=VALUE]...
	ago=90000 prepare_day "$1" "20 40 60" "${@:2}"
	base=$EPOCHSECONDS
	order 2013 0 late "$tea" 11 | sed "s/\"created\":/\"modified\":$((base + 600)),\"created\":\"$(date -u -d "@$((base + 600))" +%FT%TZ)\",&/" >"$work/late.json"
	copy_of "$1" "$work/copy.0"
	ask "$work/copy.0" "UPDATE switch SET value = 'yes' WHERE name = 'list_mutations'"
	day_of "$work/copy.0"
	codes=$?
	# several are in flight at a time, so a request is known by its path, and as the how manieth of it
	ask "$work/copy.0" "SELECT (SELECT count(*) FROM request o WHERE o.id <= r.id AND o.method = r.method AND o.path = r.path) AS nth,
		r.method, r.path, m.number, m.name FROM mutation m JOIN request r ON r.id = m.request ORDER BY 3, 2, 1, 4" >"$work/$1.pairs"
	ask "$work/copy.0" "UPDATE switch SET value = 'no' WHERE name = 'list_mutations'"
	for minute in $reruns $next_day; do
		rerun_after "$work/copy.0" "$minute"
		codes+=" $?"
		[ -e "$work/$1.golden.2" ] || state "$work/copy.0" >"$work/$1.golden.2"
		state "$work/copy.0" | diff "$work/$1.golden.2" - || codes+=" (differs)"
	done
	unserve
	mv "$work/$1.golden.2" "$work/$1.golden"
	[[ "$codes" =~ ^(0|65)( (0|65))*$ ]] || { echo "--- $1: the golden day does not end well ($codes)" && bad=$((bad + 1)); }
}

# Both clocks begin where the day began, and go twenty times as fast: what waits does not wait long.
day_of() { # COPY: the first run of a trial; its sandbox goes on
	export PEARLBRIDGE_CLOCK_SPEED=20 PEARLBRIDGE_CLOCK_ANCHOR=$((${EPOCHREALTIME/./} / 1000))
	export PEARLBRIDGE_CLOCK_OFFSET=$((base - EPOCHSECONDS))
	zero=$PEARLBRIDGE_CLOCK_OFFSET
	serve "$1/sb"
	client "$1"
}
rerun_after() { # COPY MINUTES
	ask "$1" "UPDATE switch SET value = $(($2 * 60)) WHERE name = 'clock_offset_s'"
	[ "$2" != "${reruns%% *}" ] || place_late
	PEARLBRIDGE_CLOCK_OFFSET=$((zero + $2 * 60)) client "$1"
}
place_late() {
	local answer
	exec 5<>"/dev/tcp/127.0.0.1/${BIGCOMMERCE_API_URL##*:}"
	printf 'POST /sandbox/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' \
		"$(stat -c %s "$work/late.json")" >&5
	cat "$work/late.json" >&5
	read -r answer <&5
	exec 5>&-
	[[ $answer == *" 204 "* ]] || echo "--- the late order was refused: $answer"
}

# What differs, judged: prints equal, told, doubled: ..., or differs: ...; "equal in both systems" where only what we
# remember of a customer, an order or a reservation is in other words.
judge() { # GOLDEN STATE
	diff "$1" "$2" | awk -F '|' '
		function record(kind) { return kind ~ /^(bp (order|contact|payment|note|reservation|row)|bc shipment)$/ }
		{ side = substr($0, 1, 1); line = substr($0, 3); kind = substr($1, 3) }
		side != "<" && side != ">" { next }
		kind == "reject" || line ~ /^bp note.*\[Pearlbridge / { if (side == ">") told = told " " line; next }
		{
			n++
			if (first == "") first = substr($0, 1, 200)
			if (kind ~ /^b[pc] / || kind !~ /^(customer|order|reservation)$/) elsewhere = 1
			if (kind != "customer") rows[kind "|" $2] += side == ">" ? 1 : -1
			key = kind "|" (kind ~ /payment|contact|shipment/ ? $2 : $2 "|" $3)
			if (record(kind)) balance[key] += side == ">" ? 1 : -1
			while (match(line, /(BC-|order:|^[a-z ]*\|)?20[01][0-9]|GON[0-9]+|[a-z0-9]+@shop.example|(MUG|TEA)/)) {
				name = substr(line, RSTART, RLENGTH); sub(/^.*[^0-9a-zA-Z@.]/, "", name); names[name] = 1
				line = substr(line, RSTART + RLENGTH)
			}
		}
		END {
			for (key in balance) if (balance[key] > 0 && key !~ /reservation|row|note/) doubled = doubled " " key
			for (name in names) if (index(told, name)) heard = 1
			for (key in rows) if (rows[key]) elsewhere = 1
			if (n && !elsewhere && told == "") print "equal in both systems"
			else if (!n) print told == "" ? "equal" : "equal but told"
			else if (doubled != "") print "doubled:" doubled
			else if (heard) print "told"
			else print "differs: " n " lines, " first
		}'
}

# Prints the outcome in one line.
try_answer() { # COPY NTH METHOD PATH NUMBER
	local code codes minute outcome='not done'
	ask "$1" "INSERT INTO fault (nth, method, path, kind, arg) VALUES ($2, '$3', '$4', 'mutate', '$5')"
	day_of "$1"
	code=$? codes=$?
	[ "$code" = 0 ] || tail -n 1 "$1/store/log" >"$1/said"
	codes=$code
	if [[ "$answers_codes" != *" $code "* ]]; then
		unserve
		case $code in
		124 | 137) echo "hang: $code" ;;
		70) echo "called a bug: $code, $(grep -m 1 -iE 'bug|failed|error' "$1/store/log" | cut -c 1-200)" ;;
		*) echo "crash: $code, $(tail -n 1 "$1/store/log" | cut -c 1-200)" ;;
		esac
		return
	fi
	[ "$(ask "$1" "SELECT sum(fired) FROM fault")" = 1 ] || codes+=" (it was not met)"
	ask "$1" "DELETE FROM fault"
	for minute in $reruns; do
		rerun_after "$1" "$minute"
		code=$?
		codes+=" $code"
		[[ $code = 0 || $code = 65 ]] || { outcome="not done ($codes): $(tail -n 1 "$1/store/log" | cut -c 1-200)" && continue; }
		state "$1" >"$1/state"
		outcome=$(judge "$work/${1##*/}.golden" "$1/state")
		[ "$outcome" != equal ] || break
	done
	if [[ $outcome == differs* ]] && only_lists "$work/${1##*/}.golden" "$1/state"; then
		rerun_after "$1" "$next_day"
		state "$1" >"$1/state"
		[ "$(judge "$work/${1##*/}.golden" "$1/state")" != equal ] || outcome="equal with the next lists"
	fi
	unserve
	echo "$outcome"
}
only_lists() { # GOLDEN STATE
	! diff "$1" "$2" | grep '^[<>]' | grep -qvE '^. (list|lists read|product|complaint)\|'
}

# Lies that are believed, since nothing could tell them from the truth: what the answer says is well-formed,
# complete and possible.  A pattern of "METHOD PATH: MUTATION"; the reason is the comment before it.
believed=(
	# a text that is no UTF-8 becomes U+FFFD and is told: texts_read.sh
	"*: bytes that are no UTF-8"
	# no reservation is told by 404 or 204; one that is found later is then taken for somebody else's, and never changed
	"GET /warehouse-service/order/*/reservation: status 204*"
	"GET /warehouse-service/order/*/reservation: status 404*"
	# a list of records that is shorter, without a count beside it
	"GET /v2/orders: the * record gone"
)

is_believed() { # "METHOD PATH: MUTATION"
	local pattern
	for pattern in "${believed[@]}"; do
		# shellcheck disable=SC2053
		[[ $1 != $pattern ]] || return 0
	done
	return 1
}

answers_worker() { # FLAVOUR WORKER: takes its share of $work/list
	local n=0 nth method path number name copy=$work/answers.$2 outcome
	trap 'exit 1' TERM
	while IFS='|' read -r nth method path number name; do
		((n++ % workers + 1 == $2)) || continue
		copy_of "$1" "$copy"
		cp "$work/$1.golden" "$work/answers.$2.golden"
		outcome=$(try_answer "$copy" "$nth" "$method" "$path" "$number" 2>&1 | tail -n 1)
		[[ $outcome != *": "* || ! -e $copy/state ]] || {
			echo "--- $nth $method $path $number: $name"
			diff "$work/$1.golden" "$copy/state" | grep '^[<>]' | cut -c 1-400 | head -n 16
		} >>"$work/diffs"
		[[ $outcome != differs* ]] || ! is_believed "$method $path: $name" || outcome="believed, as nothing could tell"
		echo "$nth $method $path $number|$name|$outcome"
	done <"$work/list"
}

chosen() { # FLAVOUR <"NTH METHOD PATH NUMBER" ...: those lines of its pairs
	local nth method path number
	while read -r nth method path number _; do
		grep -F "$nth|$method|$path|$number|" "$work/$1.pairs"
	done
}

answers() { # FLAVOUR <LINES OF ITS PAIRS
	local w
	cat >"$work/list"
	for ((w = 1; w <= workers; w++)); do
		answers_worker "$1" "$w" >"$work/outcomes.$w" &
	done
	wait $(jobs -p)
	cat "$work"/outcomes.* | sort -k 3 >"$work/outcomes"
	answers_sums "$1"
}

fine='equal|equal in both systems|equal with the next lists|equal but told|told|believed, as nothing could tell'
answers_sums() { # FLAVOUR
	local wrong
	grep -vE "\\|($fine)\$" "$work/outcomes" | sed "s/^/--- TRIAL='/; s/|/'  /; s/|/: /"
	wrong=$(grep -cvE "\\|($fine)\$" "$work/outcomes")
	echo "$(cut -d ' ' -f 1-3 "$work/outcomes" | sort -u | wc -l) requests, $(cut -d '|' -f 2 "$work/outcomes" | sort -u | wc -l) mutations, $(wc -l <"$work/outcomes") odd answers of $(wc -l <"$work/$1.pairs"):" \
		"$(cut -d '|' -f 3 "$work/outcomes" | sed 's/[:(].*//' | sort | uniq -c | sort -rn | awk '{ n = $1; $1 = ""; printf "%s%s%s", s, n, $0; s = ", " }')"
	total=$((total + $(wc -l <"$work/outcomes"))) bad=$((bad + wrong))
	[ "$(wc -l <"$work/outcomes")" = "$(wc -l <"$work/list")" ] || { bad=$((bad + 1)) && echo "--- not every trial was made"; }
}
