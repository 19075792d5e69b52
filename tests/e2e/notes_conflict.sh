#!/bin/bash
# A note changed on both sides: notes.conflict decides; texts that are appended do not grow from run to run.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
notes_on
product 1 MUG
mug=$(line MUG 1 10.00)
list=''
for n in 1 2 3 4 5; do list+=",$(order $n "u$n@x.example" "$mug" '"staff_notes":"old"')"; done
put_order "[${list:1}]"
run_store 0
both() { # ORDER BIGCOMMERCE'S BRIGHTPEARL'S
	bc_note "$1" staff_notes "$2"
	field_set "$1" PCF_STAFFNOTE "$3"
}
pair() { echo "$(bc_of "$1" staff_notes)|$(field_of "$1" PCF_STAFFNOTE)"; }

say "brightpearl wins, bigcommerce wins"
both 1 shop pearl
both 2 same same
mark
run_store 0
expect_eq "brightpearl" "$(pair 1)" "pearl|pearl"
expect_eq "the same change on both sides needs no write" "$(count_writes)" 1
setting notes.conflict bigcommerce
both 1 shop2 pearl2
run_store 0
expect_eq "bigcommerce" "$(pair 1)" "shop2|shop2"

say "append: both texts, once; one that holds the other is both"
setting notes.conflict append
both 1 shop3 pearl3
both 2 'call, then ring' ring
both 3 ring 'call, then ring'
both 4 '' kept
both 5 shop5 pearl5
fault api=bigcommerce method=PUT 'path=/v2/orders/5' kind=status_before arg=400
run_store 65
expect_eq "refused: Brightpearl has both already" "$(pair 5)|$(rejects)" $'shop5|shop5\npearl5|note:5:staff refused'
run_store 0 retry note:5:staff
run_store 0
for n in 1 5; do expect_eq "order $n" "$(pair $n)" "shop$([ $n = 1 ] && echo 3 || echo 5)
pearl$([ $n = 1 ] && echo 3 || echo 5)|shop$([ $n = 1 ] && echo 3 || echo 5)
pearl$([ $n = 1 ] && echo 3 || echo 5)"; done
expect_eq "one holds the other" "$(pair 2)|$(pair 3)|$(pair 4)" "call, then ring|call, then ring|call, then ring|call, then ring|kept|kept"
for n in 1 2 3; do quiet_run "run $n after it"; done
