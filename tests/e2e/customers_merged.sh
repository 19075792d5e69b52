#!/bin/bash
# A contact merged into another by staff: its e-mail follows to where its orders are now, or to the one contact that has it as a spare; told once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_customers.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
merge() { # FROM INTO [KEEP THE E-MAIL AS: email2, email3; '' = not]
	sql_sandbox "UPDATE bp_order SET contact_id = $2, billing_contact_id = $2 WHERE contact_id = $1;
		${3:+UPDATE bp_contact SET $3 = (SELECT email FROM bp_contact WHERE id = $1) WHERE id = $2;}
		DELETE FROM bp_contact WHERE id = $1; DELETE FROM bp_address WHERE contact_id = $1"
}
who() { sql_store "SELECT contact_id, how FROM link_customer WHERE email = '$1@x.example'"; }
for update in all no; do
	base=$([ $update = all ] && echo 0 || echo 100)
	say "customers.update $update: by the order, the second and the third e-mail"
	setting customers.update $update
	for i in 1 2 3 4 5 6 7; do new_contact $((500 + base + i)) $update$i@x.example; done
	new_contact $((580 + base)) "other$base@x.example"
	new_contact $((581 + base)) "else$base@x.example"
	list=''
	for i in 1 2 3 4 5 6 7; do list+=",$(buyer $((base + i)) $update$i@x.example 0 Ann A$i 0123)"; done
	put_order "[${list:1}]"
	run_store 0
	merge $((501 + base)) $((580 + base)) email2
	sql_sandbox "UPDATE bp_contact SET email2 = 'xx$update''2@x.example' WHERE id = $((581 + base))"
	merge $((502 + base)) $((581 + base))
	# its orders are gone, the e-mail is left
	merge $((503 + base)) $((581 + base)) email3
	sql_sandbox "DELETE FROM bp_order WHERE external_ref = 'BC-$((base + 3))'"
	# of two contacts none is taken
	merge $((504 + base)) $((580 + base)) email2
	sql_sandbox "DELETE FROM bp_order WHERE external_ref = 'BC-$((base + 4))'; UPDATE bp_contact SET email2 = '$update''4@x.example' WHERE id IN ($((580 + base)), $((581 + base)))"
	# into staff, and into one that is gone as well
	new_contact $((582 + base)) "staff$base@x.example" is_staff=1 is_customer=0
	merge $((505 + base)) $((582 + base)) email2
	merge $((506 + base)) $((599 + base))
	list=''
	for i in 1 2 3 4 5 6 7; do list+=",$(buyer $((base + 10 + i)) $update$i@x.example 0 Ann A$i 0123 '"created":"2026-02-05T10:00:00Z"')"; done
	put_order "[${list:1}]"
	mark
	run_store 65
	expect_eq "by its orders" "$(of_order $((base + 11)) contact_id) $(who ${update}1)" "$((580 + base)) $((580 + base))|followed"
	expect_eq "by its orders alone" "$(of_order $((base + 12)) contact_id)" $((581 + base))
	expect_eq "by its spare e-mail" "$(of_order $((base + 13)) contact_id) $(who ${update}3)" "$((581 + base)) $((581 + base))|followed"
	expect_eq "those of nobody" "$(of_order $((base + 14)) 1)$(of_order $((base + 15)) 1)$(of_order $((base + 16)) 1)" ""
	expect_eq "one that stands" "$(of_order $((base + 17)) contact_id)" $((507 + base))
	expect_eq rejects "$(rejects | grep contact_gone)" "$(for i in 4 5 6; do echo "customer:$update$i@x.example contact_gone"; done)"
	expect_has "told" "$told" "customer:${update}1@x.example its contact $((501 + base)) is no longer in Brightpearl; its sales orders are now of contact $((580 + base))"
	expect_eq "contacts made" "$(requests "method = 'POST' AND path LIKE '/contact-service/contact%'")" 0
	put_order "$(buyer $((base + 21)) ${update}1@x.example 0 Ann A1 0123 '"created":"2026-02-06T10:00:00Z"')"
	mark
	run_store 0
	expect_no "told once" "$told" "no longer in Brightpearl; its"
	expect_eq "the next order" "$(of_order $((base + 21)) contact_id)" $((580 + base))
	expect_eq "searches for spare e-mails" "$(requests "path LIKE '%ondaryEmail=%' AND path NOT LIKE '%columns=%primaryEmail,isS%'")" 0
	run_store 0 link "customer:${update}4@x.example" $((580 + base))
	run_store 0 link "customer:${update}5@x.example" $((580 + base))
	run_store 0 link "customer:${update}6@x.example" $((580 + base))
	run_store 0
	expect_eq rejects "$(rejects | grep -v gone_from)" ""
	mark
	run_store 0
	expect_eq "a quiet run reads no contact" "$(requests "path LIKE '/contact-service/%'")" 0
done
