#!/bin/bash
# An edit of pennies is an edit: what Brightpearl has is told by which of both it is nearer to, never by a penny of tolerance.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
setting orders.edits update
product 1 MUG && product 2 TEA
priced() { order "$1" a@x.example "$(line MUG 1 "$2" '"id":'$1'1'), $(line TEA 1 "$3" '"id":'$1'2')"; }
put_order "[$(priced 1 10.00 4.50), $(priced 2 10.00 4.50)]"
run_store 0
say "a penny from one line to the other, the total as it was"
put_order "$(priced 1 10.01 4.49)"
mark
run_store 0
expect_eq "what was written" "$(writes)" sales-order/ID
expect_eq "rows" "$(bound_rows 1 | cut -d '|' -f 3-)" "1001|1|10.01
1002|1|4.49"
say "a penny more"
put_order "$(priced 2 10.01 4.50)"
mark
run_store 0
expect_eq "what was written" "$(writes)" sales-order/ID
expect_eq "total" "$(of_order 2 total)" 145100
expect_eq rejects "$(rejects)" ""
