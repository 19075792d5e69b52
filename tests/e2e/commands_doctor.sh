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
expect_eq "the verdict" "$(tail -n 1 <<<"$said")" "1 of them REFUSED: give the credentials that permission; 1 refused would be needed only by jobs that are off"
setting payments.enabled no
run_store 0 --json doctor
expect_eq "lines that are not JSON" "$(sqlite3 :memory: "SELECT count(*) FROM json_each('[' || replace(rtrim(readfile('$work/said'), char(10)), char(10), ',') || ']') WHERE json_type(value) <> 'object'")" 0
switch bc_denied_scopes ''
fault api=brightpearl path=/warehouse-service/warehouse kind=status_before arg=503 times=-1
run_store 75 doctor
expect_has "a service that is down" "$said" "warehouses"
expect_has "the verdict" "$(tail -n 1 <<<"$said")" "could not be told, as there was no answer to believe: try again later"
sql_sandbox "DELETE FROM fault"
fault api=brightpearl path=/warehouse-service/warehouse kind=answer_json 'arg={"errors":[{"code":"CMNC-1","message":"no"}]}' times=-1
fault api=bigcommerce path=/v3/channels kind=answer_json 'arg={"status":500}' times=-1
run_store 75 doctor
expect_has "an odd answer" "$said" "odd      Brightpearl  warehouses"
expect_has "an odd answer" "$said" "odd      BigCommerce  Channel listings"
expect_has "the verdict" "$(tail -n 1 <<<"$said")" "2 could not be told"
sql_sandbox "DELETE FROM fault"
run_store 0 doctor
expect_eq "the verdict" "$(tail -n 1 <<<"$said")" "all that the jobs which are on read may be read; what they may write, the first three orders show"
env_line BIGCOMMERCE_ACCESS_TOKEN wrong
run_store 77 doctor
expect_has "a wrong token" "$told" BigCommerce
run_store 64 doctor me
