#!/bin/bash
# Brightpearl's refresh tokens work once: neither a crash nor a full disk loses the next one; tokens stand in
# their file alone; an echoed one is redacted.
if [ -z "${OWN_MOUNTS-}" ] && unshare -rm true 2>/dev/null; then
	exec unshare -rm env OWN_MOUNTS=1 bash "$0" "$@" # what is mounted here is gone with us
fi
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
secret='bp-test-secret/x+y' first=bp-test-refresh-0
switch bp_client_secret "$secret"
make_oauth_store() { # [NAME]
	make_store "$@"
	env_line BRIGHTPEARL_STAFF_TOKEN
	env_line BRIGHTPEARL_DEV_REF pearltest
	env_line BRIGHTPEARL_CLIENT_ID bp-test-client
	env_line BRIGHTPEARL_CLIENT_SECRET "$secret"
	env_line BRIGHTPEARL_REFRESH_TOKEN "$first"
	env_line BRIGHTPEARL_OAUTH_URL "$URL/token/pearltest"
}
expire() { later $((8 * 1440)); }
refreshes() { requests "path = '/token'"; }
in_files() { # TEXT: where in data/ it stands
	local json=${1//\//\\/}
	grep -rlFa -e "$1" -e "$json" "$store/data" "$work/said" "$work/told" | sed "s|.*/||"
}

say "the first token, and the next after a week"
make_oauth_store
run_store 0
expect_eq "orders" "$(orders_there)" BC-1
expire
run_store 0 --verbose
expect_eq "refreshes" "$(refreshes)" 2
for token in bp_bearer bp_refresh_token; do
	expect_eq "files with $token" "$(in_files "$(sql_sandbox "SELECT value FROM switch WHERE name = '$token'")")" oauth.json
done
expect_eq "files with the secret" "$(in_files "$secret")$(in_files "${secret//\//%2F}")" ""
expect_eq "files" "$(cd "$store/data" && stat -c '%n %a' oauth.json*)" "oauth.json 600"

say "killed wherever that may be, one run later all is well"
for moment in "before POST OAuth token" "after POST OAuth token" "OAuth token kept"; do
	expire
	rm -f "$work/trace"
	PEARLBRIDGE_STEP_TRACE=$work/trace run_store 0 doctor
	expect_has "steps" "$(<"$work/trace")" "$moment"
	at=$(grep -n -m 1 -x "$moment" "$work/trace" | cut -d : -f 1)
	expire
	PEARLBRIDGE_CRASH_AT=$at run_store 100 doctor
	expect_has "where" "$told" "$moment"
	run_store 0 doctor
	run_store 0
done

say "refused, with an echo: 77, and the echo is covered"
expire
fault path=/token kind=answer_as "arg=400 {\"error\":\"invalid_grant\",\"error_description\":\"no: ${secret//\//\\/} $(printf %s "bp-test-client:$secret" | base64 -w0)\"}"
run_store 77 doctor
expect_has "what is told" "$told" "invalid_grant"
expect_has "what is told" "$told" "no: ****"
expect_eq "files with the secret" "$(in_files "$secret")$(in_files "$(printf %s "bp-test-client:$secret" | base64 -w0)")" ""
run_store 0 doctor

say "a full disk"
mkdir "$work/small"
if [ -z "${OWN_MOUNTS-}" ] || ! mount -t tmpfs -o size=12m small "$work/small"; then
	say "skipped: nothing may be mounted here"
	exit
fi
trap 'umount "$work/small"; leave' EXIT
switch bp_refresh_token $first
make_oauth_store small
run_store 0 doctor
codes=''
full_disk() { # KILOBYTES left
	local free code=0
	expire
	free=$(df -k --output=avail "$store" | tail -n 1)
	fallocate -l $(((free - $1) * 1024)) "$store/ballast"
	timeout "$patience" "$build/pearlbridge" --store "$store" doctor >"$work/said" 2>"$work/told" || code=$?
	[[ " 0 73 74 " == *" $code "* ]] || bad "code with $1 KB left: $code, $(tail -n 3 "$work/told")"
	grep -q "no room to keep it in" "$work/told" && code=unasked
	codes+=" $1:$code" last=$code
	rm "$store/ballast"
	run_store 0 doctor
}
edge='' # where the database still has room, and the token may not
for left in $(seq 0 20 500) 1000; do
	full_disk "$left"
	[ -n "$edge" ] || [ "$last" = 74 ] || edge=$left
done
for left in $(seq $((edge - 16)) 4 $((edge + 4))); do full_disk "$left"; done
say "codes by room:$codes"
expect_has "what happened" "$codes" unasked
expect_has "what happened with room" "$codes" 1000:0
