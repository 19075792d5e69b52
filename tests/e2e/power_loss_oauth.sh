#!/bin/bash
# The power goes right after Brightpearl gave a new refresh token, which works once: it is on disk, and is used.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/long/lib_power.sh"
start_sandbox
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
secret=bp-test-secret
switch bp_client_secret $secret
make_store
env_line BRIGHTPEARL_STAFF_TOKEN
env_line BRIGHTPEARL_DEV_REF pearltest
env_line BRIGHTPEARL_CLIENT_ID bp-test-client
env_line BRIGHTPEARL_CLIENT_SECRET $secret
env_line BRIGHTPEARL_REFRESH_TOKEN bp-test-refresh-0
env_line BRIGHTPEARL_OAUTH_URL "$URL/token/pearltest"
run_store 0
for time in first second; do
	later $((8 * 1440)) # the access token is of the past
	rm -f "$work/trace"
	PEARLBRIDGE_STEP_TRACE=$work/trace run_store 0 doctor
	used=$(awk '/OAuth token/ { seen = 1; next } seen && /^before / { print NR; exit }' "$work/trace")
	expect_has "step at which the power goes" "$(sed -n "${used}p" "$work/trace")" "before GET"
	later $((8 * 1440))
	rm -rf "$work/disk"
	power_begin "$work"
	LD_PRELOAD=$build/shim_power.so POWER_WATCHED=$store/data POWER_DISK=$work/disk PEARLBRIDGE_CRASH_AT=$used run_store 100 doctor
	expect_eq "is the power gone?" "$(ls "$work/disk/off")" "$work/disk/off"
	power_lost "$work"
	run_store 0
done
expect_eq orders "$(orders_there)" BC-1
