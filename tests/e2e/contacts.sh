#!/bin/bash
# Whose order it is: exact e-mail among those that contain it, case, staff and suppliers, twins; one contact each.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
contact 501 jimbob@x.example
contact 503 UPPER@X.Example
contact 504 staff@x.example is_staff=1 is_customer=0
contact 505 supplier@x.example is_supplier=1 is_customer=0
contact 506 both@x.example is_supplier=1 is_customer=1
contact 508 twin@x.example
contact 507 twin@x.example
contact 509 other@x.example email2=second@x.example
who() { of_order "$1" contact_id; }
put_order "[$(order 1 bob@x.example "$mug"), $(order 2 upper@x.example "$mug"), $(order 3 staff@x.example "$mug"),
	$(order 4 supplier@x.example "$mug"), $(order 5 both@x.example "$mug"), $(order 6 Twin@X.example "$mug"),
	$(order 7 second@x.example "$mug"), $(order 8 " Bob@x.example " "$mug"), $(order 9 jimbob@x.example "$mug")]"
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "upper case, customer and supplier, the lower of twins, jimbob" "$(who 2) $(who 5) $(who 6) $(who 9)" "503 506 507 501"
expect_eq "bob is not jimbob" "$(sql_sandbox "SELECT lower(email) FROM bp_contact WHERE id = $(who 1)")" bob@x.example
expect_eq "two orders of one e-mail, one contact" "$(who 8)" "$(who 1)"
expect_eq "made for bob, staff, supplier, second" "$(sql_sandbox "SELECT group_concat(lower(email)) FROM (SELECT email FROM bp_contact WHERE id > 2000 ORDER BY 1)")" "bob@x.example,second@x.example,staff@x.example,supplier@x.example"
expect_eq "how" "$(sql_store "SELECT how, count(*) FROM link_customer GROUP BY 1")" "created|4
found|4"

say "a contact made in Brightpearl meanwhile is found"
merchant sql "UPDATE bp_contact SET created_on = server_time() / 1000 WHERE id = 509"
contact 520 fresh@x.example
merchant sql "UPDATE bp_contact SET created_on = server_time() / 1000 WHERE id = 520"
contact 521 oldmail@x.example
run_store 0
merchant sql "UPDATE bp_contact SET email = 'changed@x.example', updated_on = server_time() / 1000 WHERE id = 521"
put_order "[$(order 20 fresh@x.example "$mug"), $(order 21 changed@x.example "$mug")]"
mark
run_store 0
expect_eq "found" "$(who 20) $(who 21)" "520 521"
expect_eq "contacts made" "$(requests "path LIKE '/contact-service/%' AND method = 'POST'")" 0

say "a contact in doubt is not mistaken for one whose e-mail contains his"
contact 530 jimrob@x.example
put_order "$(order 30 rob@x.example "$mug")"
fault api=brightpearl path=/contact-service/contact/ kind=drop_before
run_store 75
later 20
run_store 0
expect_eq "rob's contact" "$(sql_sandbox "SELECT email FROM bp_contact WHERE id = $(who 30)")" rob@x.example

say "with the job customers off, a reject says that it is"
setting customers.enabled no
put_order "$(order 901 nobody-yet@x.example "$(line MUG 1 1.00)")"
run_store 65
expect_eq "the reject" "$(sql_store "SELECT message || '; ' || hint FROM reject WHERE key = 'order:901' AND closed_at IS NULL")" \
	"its customer is not known: the job customers is off; set customers.enabled to yes in mappings/settings.csv, so that the contact is looked for, and made if there is none; or name a contact for such orders in customers.if_absent"
setting customers.enabled yes
run_store 0
expect_eq "it went" "$(of_order 901 1)" 1
