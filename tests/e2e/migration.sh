#!/bin/bash
# Databases made by older schemas are opened and brought up to date; one made by a newer is refused; a
# database belongs to its store and account.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
run_store 0
say "columns, a table and indexes that an older version did not have"
sql_store "ALTER TABLE stage DROP COLUMN ignored; ALTER TABLE out_customer DROP COLUMN look_ups; ALTER TABLE out_order DROP COLUMN look_ups;
	ALTER TABLE request DROP COLUMN answer; DROP TABLE stg_bc_order_fee; DROP TABLE stg_history; DROP INDEX stg_bc_order_email;
	DROP VIEW order_choice; CREATE VIEW order_choice AS SELECT 1 AS id; PRAGMA user_version = 0; PRAGMA application_id = 7"
put_order "$(order 2 b@x.example "$(line MUG 1 10.00)" '"fees":[{"name":"F","cost":"1.00"}]')"
run_store 0
expect_eq "orders" "$(orders_there)" "BC-1 BC-2"
expect_eq "columns" "$(sql_store "SELECT (SELECT count(*) FROM pragma_table_info('stage') WHERE name = 'ignored'), (SELECT count(*) FROM pragma_table_info('out_order') WHERE name = 'look_ups'), (SELECT count(*) FROM sqlite_schema WHERE name IN ('stg_history', 'stg_bc_order_fee', 'stg_bc_order_email'))")" "1|1|3"
expect_eq "what was there is there" "$(sql_store "SELECT count(*) FROM link_order")" 2
say "a transaction whose status was not judged when it was read"
sql_store "INSERT INTO stg_bc_transaction(id, order_id, payload, sha256, changed_run, event, method, gateway, is_test, failed)
	SELECT value, 1, json_object('id', value, 'status', iif(value = 901, 'held', 'ok')), 'x', 1, 'purchase', 'x', 'x', 0, 0 FROM json_each('[901,902]');
	PRAGMA application_id = 7"
run_store 0
expect_eq "its status" "$(sql_store "SELECT group_concat(strange_status) FROM stg_bc_transaction WHERE id IN (901, 902)")" held
say "made by a newer one: refused, untouched"
sql_store "PRAGMA user_version = 9999"
before=$(sql_store ".dump" | sha256sum)
run_store 78
expect_has "what is told" "$told" "newer"
expect_eq "the database" "$(sql_store ".dump" | sha256sum)" "$before"
version=$(sqlite3 "$work/x.db" "PRAGMA user_version") # 0
sql_store "PRAGMA user_version = $version"
run_store 0
say "bound to store and account"
switch bp_account other
sed -i 's/^BRIGHTPEARL_ACCOUNT=.*/BRIGHTPEARL_ACCOUNT=other/' "$store/.env"
mark
run_store 78
expect_has "what is told" "$told" "belongs to"
expect_has "what is told" "$told" "pearltest"
expect_eq "requests" "$(requests)" 0
sed -i 's/^BRIGHTPEARL_ACCOUNT=.*/BRIGHTPEARL_ACCOUNT=pearltest/; s/^BIGCOMMERCE_STORE_HASH=.*/BIGCOMMERCE_STORE_HASH=zzz999/' "$store/.env"
run_store 78
expect_eq "requests" "$(requests)" 0
