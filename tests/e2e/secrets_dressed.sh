#!/bin/bash
# A token that an answer repeats, in whatever dress, is in no file and no output: plain, JSON escapes,
# percent and HTML encoding, base64; of 2xx answers too.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
bc='bC3/x+Yz=90_-.kLmNop/Q7' bp='Bp4+/uV=wX/12_-.rStUv/w9'
env_line BIGCOMMERCE_ACCESS_TOKEN "$bc"
env_line BRIGHTPEARL_STAFF_TOKEN "$bp"
switch bc_token "$bc" bp_token "$bp"
product 1 MUG

each() { # TOKEN PREFIX: it with PREFIX and the letter's number for each sign
	local i c
	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		case $c in [A-Za-z0-9]) printf %s "$c" ;; *) printf "$2" "'$c" ;; esac
	done
}
dresses() { # TOKEN: one a line
	local user named=$1
	echo "$1"
	echo "${1//\//\\/}"
	each "$1" '\\u%04x' && echo
	each "$1" '\\u%04X' && echo
	each "$1" '%%%02x' && echo
	each "$1" '%%%02X' && echo
	echo "${1/\//%2f}"
	each "$1" '&#%d;' && echo
	each "$1" '&#x%x;' && echo
	named=${named//\//'&sol;'} named=${named//+/'&plus;'}
	echo "${named//=/'&equals;'}"
	for user in '' u: us: use:; do
		printf %s "$user$1" | base64 -w0
		echo
		printf %s "$user$1" | base64 -w0 | tr +/ -_
		echo
	done
}
# The middles of all dresses: none may be anywhere.
all=$(dresses "$bc" && dresses "$bp")
while read -r dress; do
	middle=${dress:${#dress}/3:14}
	middles+="$middle"$'\n'
done <<<"$all"
json=$(tr '\n' ' ' <<<"$all")
nowhere() { # WHERE
	local found
	found=$(grep -rlFa -f <(printf %s "$middles") "$store/data" "$work/said" "$work/told" | sed "s|$work/||")
	expect_eq "files with a token after $1" "$found" ""
}
expect_eq "dresses" "$(wc -l <<<"$all")" 36
expect_has "the test itself: the dresses are found where they are" "$(grep -cFa -f <(printf %s "$middles") <<<"$all")" 36

say "in an order that is read"
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)" "\"customer_message\":\"token\",\"raw\":{\"staff_notes\":\"it says $json\"}")"
PEARLBRIDGE_VERBOSE=1 run_store 0 --verbose
nowhere "a read"
expect_has "the order's notes" "$(sql_store "SELECT payload ->> 'staff_notes' FROM stg_bc_order")" "it says ****"
expect_eq "the order" "$(orders_there)" BC-1

say "in the refusal of a write, and in what is shown of it"
put_order "$(order 2 b@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl method=POST 'path=/order-service/*' kind=answer_as "arg=400 {\"errors\":[{\"code\":\"ORDC-009\",\"message\":\"wrong: $json\"}]}"
run_store 65 --verbose
nowhere "a refusal"
expect_has "the reject" "$(sql_store "SELECT message FROM reject")" "wrong: ****"
for command in rejects status "explain order 2" "--json rejects" plan; do
	run_store 0 $command
	nowhere "$command"
done

say "in the answer to a write that was done"
put_order "$(order 3 c@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl method=POST 'path=/order-service/*' kind=answer_as "arg=200 {\"response\":770001,\"note\":\"$json\"}"
code=0
timeout "$patience" "$build/pearlbridge" --store "$store" --verbose >"$work/said" 2>"$work/told" || code=$?
expect_has "the answer that is kept" "$(sql_store "SELECT group_concat(answer) FROM request")" '"note":"****'
nowhere "a write"

say "in the refusal of the credentials, as text and as HTML"
for api in bigcommerce brightpearl; do
	fault api=$api kind=answer_as "arg=401 {\"response\":\"Invalid token: $json\"}"
	run_store 77 --json doctor
	nowhere "a 401 of $api"
done
fault api=brightpearl kind=answer_as "arg=500 <html><body>$json</body></html>"
run_store 0 --verbose || true
nowhere "a broken answer"
