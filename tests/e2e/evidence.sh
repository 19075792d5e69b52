#!/bin/bash
# What is kept of a record is what was received, and its SHA-256 stands beside it: a byte that changed is found.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)" '"customer_message":"caf\u00e9 \"quoted\" 10.10"')"
make_store
setting payments.enabled yes fulfillment.enabled yes
run_store 0
# every payload that is not what its sum says, as TABLE
audit() {
	local table name
	for table in $(sql_store "SELECT m.name FROM sqlite_schema m WHERE m.type = 'table' AND m.name GLOB 'stg_*'
		AND 2 = (SELECT count(*) FROM pragma_table_info(m.name) WHERE name IN ('payload', 'sha256')) ORDER BY 1"); do
		rm -rf "$work/payloads" && mkdir "$work/payloads"
		sql_store "SELECT writefile('$work/payloads/' || sha256, payload) FROM $table WHERE payload IS NOT NULL AND sha256 <> ''" >/dev/null
		for name in "$work"/payloads/*; do
			[ -e "$name" ] || continue
			audited=$((audited + 1))
			[ "$(sha256sum <"$name" | cut -d ' ' -f 1)" = "${name##*/}" ] || wrong_sums+="$table "
		done
	done
}
audited=0 wrong_sums=''
audit
expect_eq "payloads that are not what was received" "$wrong_sums" ""
[ "$audited" -ge 5 ] || bad "only $audited payloads were there to look at" 0
sql_store "UPDATE stg_bc_order SET payload = replace(payload, '10.10', '10.11')"
audit
expect_eq "payloads that are not what was received, after one byte changed" "$wrong_sums" "stg_bc_order "
