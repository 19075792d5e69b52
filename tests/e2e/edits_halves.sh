#!/bin/bash
# As shipped: an edited address goes to the sales order until a goods-out note has it, then it is urgent; edited lines
# are told.  An edit of both goes both ways, and nothing of it is forgotten.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
product 1 MUG && product 2 TEA
mug=$(line MUG 1 10.00) more=$(line MUG 2 10.00)
to() { printf '"billing":{"street_1":"%s","city":"Leeds","state":"Yorkshire","zip":"LS1 1AA","country":"United Kingdom","country_iso2":"GB","phone":"0123"}' "$1"; }
street() { of_order "$1" "delivery_address ->> 'addressLine1'"; }
message() { sql_store "SELECT message FROM reject WHERE key = 'order:$1' AND closed_at IS NULL"; }
list=''
for i in 1 2 3 4 5 6 7; do list+=",$(order "$i" a@x.example "$mug")"; done
put_order "[${list:1}]"
run_store 0
say "1: address; 2: lines; 3: both; 4: address, with a note that is only printed; 5: billing alone, with a note; 6: both, with a note"
merchant sql "INSERT INTO bp_goods_out (order_id, printed_on) SELECT id, 1 FROM bp_order WHERE external_ref IN ('BC-4', 'BC-5', 'BC-6')"
put_order "[$(order 1 a@x.example "$mug" "$(to '9 New Rd')"), $(order 2 a@x.example "$more"), $(order 3 a@x.example "$more" "$(to '9 New Rd')"),
	$(order 4 a@x.example "$mug" "$(to '9 New Rd')"), $(order 6 a@x.example "$more" "$(to '9 New Rd')"),
	$(order 5 a@x.example "$mug" "$(to '9 Bill Rd'),\"shipping\":{\"street_1\":\"5 High St\",\"city\":\"Leeds\",\"state\":\"Yorkshire\",\"zip\":\"LS1 1AA\",\"country\":\"United Kingdom\",\"country_iso2\":\"GB\",\"phone\":\"0123\"}")]"
mark
run_store 65
expect_eq "what was written" "$(writes | sort | uniq -c | xargs)" "1 /multi-message 2 sales-order/ID"
expect_eq "1 and 3 go to the new address" "$(street 1) $(street 3) $(of_order 3 total)" "9 New Rd 9 New Rd 100000"
expect_eq "the others as they were" "$(street 2) $(street 4) $(street 6)" "2 High St 4 High St 6 High St"
expect_eq "rejects" "$(rejects | cut -d ' ' -f 1 | sort | xargs)" "order:2 order:3 order:4 order:5 order:6"
expect_has "2" "$(message 2)" "MUG, quantity 1 -> 2"
expect_has "3 tells its lines" "$(message 3)" "MUG, quantity 1 -> 2"
expect_no "3 tells its address" "$(message 3)" "New Rd"
expect_has "4" "$(message 4)" "this is urgent: it has a goods-out note, made out to the old address: delivery address: Ann Buyer, 4 High St"
expect_has "5" "$(message 5)" "and it has a goods-out note: billing address"
expect_has "6 tells both" "$(message 6)" "this is urgent"
expect_has "6 tells both" "$(message 6)" "MUG, quantity 1 -> 2"
expect_has "note of 3" "$(notes 3)" "what follows was not changed here:
MUG, quantity 1 -> 2, 10.00 -> 20.00"
expect_has "note of 4" "$(notes 4)" "this is urgent"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
expect_eq "rejects" "$(rejects | cut -d ' ' -f 1 | sort | xargs)" "order:2 order:3 order:4 order:5 order:6"

say "the note of 4 is deleted: its address goes; 3 is edited back whole: its address too; 2's lines are made by hand"
merchant sql "DELETE FROM bp_goods_out WHERE order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-4');
	UPDATE bp_order_row SET quantity = 20000, net = 166700, tax = 33300 WHERE product_id = 1001 AND order_id = (SELECT id FROM bp_order WHERE external_ref = 'BC-2');
	UPDATE bp_order SET total = 200000, total_net = 166700, total_tax = 33300, version = version + 1 WHERE external_ref = 'BC-2'"
put_order "$(order 3 a@x.example "$mug" "$(to '3 High St')")"
run_store 0
expect_eq "addresses" "$(street 3) / $(street 4)" "3 High St / 9 New Rd"
expect_eq "rejects" "$(rejects | cut -d ' ' -f 1 | sort | xargs)" "order:5 order:6"
expect_eq "state" "$(edit_state 2) $(edit_state 3) $(edit_state 4)" "done|1|1|1 done|1|1|1 done|1|1|1"
run_store 0
expect_has "3's note is taken back" "$(notes 3)" "taken back"

say "orders.edits, where it is set, says both; an order that is a plan only changes nothing"
setting orders.edits note
put_order "$(order 7 a@x.example "$mug" "$(to '7 New Rd')")"
run_store 65
expect_eq "address of 7" "$(street 7)" "7 High St"
setting orders.edits '' orders.enabled plan
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
setting orders.enabled yes
run_store 0
expect_eq "address of 7" "$(street 7)" "7 New Rd"
expect_eq "rejects" "$(rejects | cut -d ' ' -f 1 | sort | xargs)" "order:5 order:6"
mark
run_store 0
expect_eq "writes of a last run" "$(count_writes)" 0
