#!/bin/bash
# statuses.csv: an empty "becomes" follows the line of *, (leave) does not, Incomplete never; check and run say so, init offers lines by the live list, the shipped file moves nothing.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)

say "the check says what an empty cell means; the shipped file says (leave) itself"
run_store 0
run_store 0 mappings check
expect_has "what empty means" "$said" 'statuses.csv: an empty "becomes" means: what the line of * says'
expect_eq "empty cells of the shipped file" "$(cut -d, -f 5 "$home/mappings/statuses.csv" | grep -c '^$')" 0

say "init offers lines for the account's own statuses"
sql_sandbox "UPDATE bp_order_status SET name = 'Gone, shipped' WHERE id = 21; UPDATE bp_order_status SET name = 'Void' WHERE id = 5"
cp "$store/mappings/statuses.csv" "$work/before"
run_store 0 init
expect_has shipped "$said" 'mappings/statuses.csv: instead of line 9: BigCommerce,Shipped,yes,,"Gone, shipped",'
expect_has "the account's cancelled status" "$said" 'mappings/statuses.csv: instead of line 13: BigCommerce,Cancelled,no,,Void,'
expect_has "on hold" "$said" 'mappings/statuses.csv: instead of line 15: BigCommerce,Disputed,no,,On hold,'
expect_has "the other way" "$said" 'mappings/statuses.csv: Brightpearl,"Gone, shipped",yes,,Shipped,'
expect_eq "nothing is written" "$(cmp "$work/before" "$store/mappings/statuses.csv" && echo same)" same
while read -r text; do # as it says: a line in its place, or a new one
	old=$(sed -n 's/^instead of line \([0-9]*\): .*/\1/p' <<<"$text") text=${text#instead of line *: }
	[ -z "$old" ] || sed -i "${old}s/.*/-/" "$store/mappings/statuses.csv"
	mapping statuses.csv "$text"
done < <(sed -n 's/^  offer  .*statuses.csv: //p' <<<"$said")
sed -i '/^-$/d' "$store/mappings/statuses.csv"
run_store 0 mappings check
expect_has "all of them fit" "$said" "0 complaints"
run_store 0 init
expect_no "offered once" "$said" "  offer "
sql_sandbox "UPDATE bp_order_status SET name = 'Shipped' WHERE id = 21; UPDATE bp_order_status SET name = 'Cancelled' WHERE id = 5"

say "an empty cell of a line that names a status falls to *"
statuses_on 'BigCommerce,Awaiting Fulfillment,yes,,,' 'BigCommerce,Awaiting Shipment,yes,,(leave),' 'BigCommerce,Completed,yes,,Completed,' \
	'BigCommerce,Incomplete,yes,,,' 'BigCommerce,*,no,,On hold,' 'Brightpearl,Ready to ship,yes,,,' 'Brightpearl,Part shipped,yes,,(leave),' \
	'Brightpearl,Shipped,no,,,' 'Brightpearl,*,yes,,Awaiting Pickup,'
put_order "[$(order 1 a@x.example "$mug"), $(order 2 b@x.example "$mug" '"status_id":9'), $(order 3 c@x.example "$mug"), $(order 4 d@x.example "$mug"),
	$(order 5 e@x.example "$mug"), $(order 6 f@x.example "$mug" '"status_id":0')]"
run_store 0
warned() { echo "mappings/statuses.csv:$1: warning: becomes: is empty, so it says what line $2 says (\"$3\"); write (leave) to leave the status alone"; }
expect_eq "a warning for each" "$(grep -o 'mappings/statuses.csv.*' <<<"$told")" "$(warned 2 6 'On hold')
$(warned 7 10 'Awaiting Pickup')"
expect_eq "statuses at creation" "$(for n in 1 2 6; do of_order $n status_id; done | xargs)" "18 3 3"
bp_status 3 19
bp_status 4 20
bp_status 5 21
bc_status 1 9
bc_status 2 11
run_store 0
expect_eq "to BigCommerce" "$(for n in 3 4 5; do bc_of $n status_id; done | xargs)" "8 11 11"
expect_eq "to Brightpearl" "$(of_order 1 status_id) $(of_order 2 status_id)" "18 18"
quiet_run "a second run"

say "moved in Brightpearl before its status was ever read, by whom is not known: listed, nobody is mailed"
put_order "$(order 8 h@x.example "$mug" '"status_id":9')"
fault api=brightpearl method=GET 'path=/order-service/order/*' kind=status_before 'arg=503 empty' times=-1
run_store 75
sql_sandbox "DELETE FROM fault"
bp_status 8 19
quiet_run "the next run"
expect_eq "listed" "$(sql_store "SELECT key FROM skip WHERE job = 'statuses' AND reason LIKE 'differed%'")" status:8

say "(hold) of * holds what falls to it, and the message names that line"
sed -i 's/^BigCommerce,\*,no,,On hold,/BigCommerce,*,no,,(hold),/' "$store/mappings/statuses.csv"
put_order "$(order 7 g@x.example "$mug")"
run_store 65
expect_eq rejects "$(rejects)" "order:7 held_by_mapping"
expect_has "the line" "$(sql_store "SELECT message FROM reject WHERE key = 'order:7'")" "line 6 of statuses.csv says (hold)"
