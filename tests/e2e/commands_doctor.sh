#!/bin/bash
# doctor: each permission that a job needs is tried by reading alone; what is missing is named with the job.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
run_store 0 doctor
expect_has "a store without orders" "$said" "unknown  BigCommerce  Order transactions: read-only (payments): the store has no order"
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
run_store 0 doctor
expect_no "what is said" "$said" REFUSED
expect_eq "what is fine" "$(grep -c '^ok ' <<<"$said")" 16
expect_eq writes "$(count_writes)" 0
switch bc_denied_scopes transactions,inventory
setting payments.enabled plan inventory.enabled no
run_store 77 doctor
expect_has "a job that is on" "$said" "REFUSED  BigCommerce  Order transactions: read-only (payments)"
expect_has "a job that is off" "$said" "refused  BigCommerce  Store inventory (inventory)"
setting payments.enabled no
run_store 0 --json doctor
expect_eq "lines that are not JSON" "$(sqlite3 :memory: "SELECT count(*) FROM json_each('[' || replace(rtrim(readfile('$work/said'), char(10)), char(10), ',') || ']') WHERE json_type(value) <> 'object'")" 0
switch bc_denied_scopes ''
fault api=brightpearl path=/warehouse-service/warehouse kind=status_before arg=503 times=-1
run_store 75 doctor
expect_has "a service that is down" "$said" "warehouses"
sql_sandbox "DELETE FROM fault"
env_line BIGCOMMERCE_ACCESS_TOKEN wrong
run_store 77 doctor
expect_has "a wrong token" "$told" BigCommerce
run_store 64 doctor me
