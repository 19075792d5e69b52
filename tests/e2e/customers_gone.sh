#!/bin/bash
# A contact deleted in Brightpearl: its e-mail goes to another contact that has it, or waits; none is made again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_customers.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
delete() { sql_sandbox "DELETE FROM bp_contact WHERE id IN ($1); DELETE FROM bp_address WHERE contact_id IN ($1)"; }
for absent in skip refuse; do
	say "known by reading it, an unknown id among others: $absent"
	switch bp_contact_absent $absent
	base=$([ $absent = skip ] && echo 0 || echo 50)
	for i in 1 2 3 4; do new_contact $((500 + base + i)) $absent$i@x.example; done
	list=''
	for i in 1 2 3 4; do list+=",$(buyer $((base + i)) $absent$i@x.example $((base + i)) Ann A$i 0123)"; done
	put_order "[${list:1}]"
	run_store 0
	delete $((501 + base)),$((503 + base))
	new_contact $((590 + base)) $absent''3@x.example
	list=''
	for i in 1 2 3 4; do list+=",$(buyer $((base + 10 + i)) $absent$i@x.example $((base + i)) Ann B$i 0123 '"created":"2026-02-05T10:00:00Z"')"; done
	put_order "[${list:1}]"
	mark
	run_store 65
	expect_eq rejects "$(rejects)" "customer:${absent}1@x.example contact_gone
order:$((base + 11)) customer_rejected"
	expect_has message "$(sql_store "SELECT message FROM reject WHERE reason = 'contact_gone' AND closed_at IS NULL")" "contact $((501 + base)) is no longer"
	expect_eq "the other contact with that e-mail" "$(of_order $((base + 13)) contact_id) $(person ${absent}3)" "$((590 + base)) Ann|B3|0123|$((base + 13)) High St|LS1"
	expect_eq "those that are there" "$(person ${absent}2) $(person ${absent}4)" "Ann|B2|0123|$((base + 12)) High St|LS1 Ann|B4|0123|$((base + 14)) High St|LS1"
	expect_eq "contacts made" "$(requests "method = 'POST' AND path LIKE '/contact-service/contact%'")" 0
	mark
	run_store 0
	expect_eq "a second run writes" "$(count_writes)" 0
	new_contact $((595 + base)) $absent''1@x.example
	run_store 0
	expect_eq "made by hand: the order goes there" "$(of_order $((base + 11)) contact_id)" $((595 + base))
	expect_eq rejects "$(rejects)" ""
done

say "known by asking for those that an order names, where contacts are not followed"
setting customers.update no
new_contact 701 lone@x.example
new_contact 702 pair@x.example
new_contact 703 pair@x.example
put_order "[$(buyer 201 lone@x.example 0 L One 1), $(buyer 202 pair@x.example 0 P Air 1)]"
run_store 0
delete 701,702
mark
put_order "[$(buyer 211 lone@x.example 0 L One 1), $(buyer 212 pair@x.example 0 P Air 1)]"
run_store 65
expect_eq "orders refused" "$(requests "method = 'POST' AND path LIKE '/order-service/%' AND status >= 400")" 0
expect_eq "the twin's" "$(of_order 212 contact_id)" 703
expect_eq rejects "$(rejects | grep -v refused)" "customer:lone@x.example contact_gone
order:211 customer_rejected"
mark
run_store 0
expect_eq "reads of contacts by id" "$(requests "path GLOB '/contact-service/contact/[0-9]*'")" 0

say "gone between reading and writing"
setting customers.update registered
new_contact 711 race@x.example
put_order "$(buyer 221 race@x.example 3 Ray Ace 1)"
fault api=brightpearl method=PATCH path=/contact-service/contact/711 kind=status_before arg=503 times=-1
run_store 75
sql_sandbox "DELETE FROM fault"
delete 711
run_store 65 customers.load
expect_has rejects "$(rejects)" "customer:race@x.example contact_gone"
contact 712 other@x.example
run_store 0 link customer race@x.example 712
put_order "$(buyer 231 race@x.example 3 Ray Ace 1)"
run_store 0
expect_eq "linked by hand" "$(of_order 231 contact_id)" 712
expect_no rejects "$(rejects)" race@
