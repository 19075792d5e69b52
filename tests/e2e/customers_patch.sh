#!/bin/bash
# How changes of a contact are sent: each answer of what is unknown, refusals, and the fewest requests.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_customers.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
wanted="Ann|Archer|0123"

for takes in fitting any add replace; do
	say "a telephone takes: $takes"
	switch bp_telephone_patch $takes
	follow 1
	follow 1 phone=0199
	run_store 0
	expect_eq "unset, set" "$(person c$((n - 1)) | cut -d'|' -f1-3) $(person c$n | cut -d'|' -f1-3)" "$wanted $wanted"
	expect_eq rejects "$(rejects)" ""
done

say "a refused change is a reject and holds no order back"
switch bp_telephone_patch none
follow 1
run_store 65
expect_eq rejects "$(rejects)" "customer:c$n@x.example refused"
expect_eq "its order's contact" "$(of_order $n contact_id)" $((500 + n))
mark
run_store 0
expect_eq "not tried again by itself" "$(count_writes)" 0
switch bp_telephone_patch fitting
run_store 0 retry customer:c$n@x.example
run_store 0
expect_eq "after retry" "$(person c$n | cut -d'|' -f1-3)" "$wanted"
expect_eq rejects "$(rejects)" ""

say "addresses that cannot be read are written; a secondary contact's is not, nor that of another contact touched"
switch bp_address_get no
follow 1
run_store 0
expect_eq "the address" "$(person c$n)" "$wanted|$n High St|LS1"
switch bp_address_get yes
follow 1 is_primary=0
run_store 0
expect_eq "secondary" "$(person c$n)" "$wanted|1 Known Rd|"
expect_eq "addresses made" "$(requests "method = 'POST' AND path LIKE '/contact-service/postal%'")" 0

say "30 contacts: a PATCH each, addresses changed in place ten to a request, contacts and addresses read in one"
follow 30
made=$(sql_sandbox "SELECT count(*) FROM bp_address WHERE id NOT BETWEEN 501 AND 500 + $n")
run_store 0
expect_eq "as wanted" "$(sql_sandbox "SELECT count(*) FROM bp_contact c JOIN bp_address a ON a.id = bil_address_id AND a.contact_id = c.id
	WHERE first_name || last_name || phone = 'AnnArcher0123' AND c.id > 500 + $n - 30 AND line1 = (c.id - 500) || ' High St'")" 30
expect_eq "PATCH, packs, reads" "$(requests "method = 'PATCH'") $(requests "body LIKE '%-service/contact/%' OR body LIKE '%-service/postal%'") $(requests "path GLOB '/contact-service/[cp]*/[0-9]*' AND method = 'GET'")" "30 3 2"
expect_eq "addresses made" "$(sql_sandbox "SELECT count(*) FROM bp_address WHERE id NOT BETWEEN 501 AND 500 + $n")" "$made"

say "one that may not be changed, or is another contact's, gives way to a new one, in all three places"
follow 1
fault api=brightpearl method=PUT path="/contact-service/postal-address/$((500 + n))" kind=status_before arg=400 times=-1
run_store 0
expect_eq "the address" "$(person c$n)" "$wanted|$n High St|LS1"
expect_eq "linked" "$(sql_sandbox "SELECT def_address_id = bil_address_id AND del_address_id = bil_address_id AND bil_address_id <> id FROM bp_contact WHERE id = 500 + $n")" 1
sql_sandbox "DELETE FROM fault"
other=$((500 + n))
follow 1
sql_sandbox "UPDATE bp_contact SET def_address_id = $other, bil_address_id = $other, del_address_id = $other WHERE id = 500 + $n"
run_store 0
expect_eq "the address" "$(person c$n)" "$wanted|$n High St|LS1"
expect_eq "the other's" "$(sql_sandbox "SELECT line1 FROM bp_address WHERE id = $other")" "1 Known Rd"
