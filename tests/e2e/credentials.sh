#!/bin/bash
# Credentials: missing, readable by others, refused by either side, without a scope, over plain http; secrets
# appear nowhere.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"

for name in BIGCOMMERCE_STORE_HASH BIGCOMMERCE_ACCESS_TOKEN BRIGHTPEARL_ACCOUNT BRIGHTPEARL_APP_REF BRIGHTPEARL_STAFF_TOKEN; do
	cp -p "$store/.env" "$work/env"
	env_line $name
	run_store 78
	expect_has "what is told of $name" "$told" $name
	cp -p "$work/env" "$store/.env"
done
expect_eq "requests without credentials" "$(requests)" 0

say ".env that others can read"
chmod 644 "$store/.env"
run_store 78
expect_has message "$told" ".env"
expect_has message "$told" "600"
chmod 640 "$store/.env"
run_store 78
chmod 600 "$store/.env"
say "plain http to a host that is not this one; not even tried"
for url in http://api.example.com http://127.0.0.1.example.com http://localhost.example.com ftp://127.0.0.1 http://169.254.169.254 "http://127.0.0.1@example.com"; do
	env_line BRIGHTPEARL_API_URL "$url"
	run_store 78
	expect_has "message about $url" "$told" BRIGHTPEARL_API_URL
done
env_line BRIGHTPEARL_API_URL "$URL"
expect_eq "requests until now" "$(requests)" 0

say "the environment goes before .env"
BIGCOMMERCE_ACCESS_TOKEN=wrong-bc-canary run_store 77
expect_has "who refused" "$told$said" BigCommerce
expect_has "what to check" "$told$said" BIGCOMMERCE_ACCESS_TOKEN
expect_no "what is told" "$told$said" wrong-bc-canary
BRIGHTPEARL_STAFF_TOKEN=wrong-bp-canary run_store 77
expect_has "who refused" "$told$said" Brightpearl
expect_has "what to check" "$told$said" BRIGHTPEARL_STAFF_TOKEN
expect_no "what is told" "$told$said" wrong-bp-canary
expect_eq "orders" "$(orders_there)" ""

say "from files of systemd"
cp -p "$store/.env" "$work/env" && rm "$store/.env"
mkdir "$work/credentials"
while IFS='=' read -r name value; do echo "$value" >"$work/credentials/$name"; done <"$work/env"
CREDENTIALS_DIRECTORY=$work/credentials run_store 0
expect_eq "orders" "$(orders_there)" BC-1
cp -p "$work/env" "$store/.env"

say "a refused write, a fault and verbose logs: no secret is in any of them"
put_order "$(order 2 b@x.example "$(line MUG 1 10.00)")"
fault api=brightpearl method=POST kind=status_before arg=400
PEARLBRIDGE_VERBOSE=1 run_store 65 --verbose
run_store 0 status
run_store 0 rejects
run_store 64 --json retry order:99
for secret in bc-test-token bp-test-token wrong-bc-canary wrong-bp-canary; do
	expect_eq "files with $secret" "$(grep -rl "$secret" "$store/data" "$work/said" "$work/told")" ""
done
expect_eq "files that others can read" "$(find "$store/data" -perm /077)" ""
