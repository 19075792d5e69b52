#!/bin/bash
# Whose contact it is: roles that are not told, letter case in either kind of search, guests and accounts sharing an e-mail, short pages of groups.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_customers.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
who() { of_order "$1" contact_id; }

say "roles that are not told count as no"
contact 501 a@x.example is_staff=1
sql_sandbox "UPDATE bp_contact SET is_customer = NULL, is_supplier = NULL WHERE id = 501"
contact 502 a@x.example
sql_sandbox "UPDATE bp_contact SET is_customer = NULL, is_supplier = NULL, is_staff = NULL WHERE id = 502"
contact 503 a@x.example
put_order "$(buyer 1 a@x.example 0 Ann Archer 1)"
run_store 0
expect_eq "not the staff member, the lowest of the others" "$(who 1)" 502

for case in ignore exact; do
	say "a contact in doubt whose e-mail has upper case; the search minds case: $case"
	switch bp_contains_case $case bp_search_lag_ms 60000
	n=$([ $case = ignore ] && echo 10 || echo 20)
	put_order "[$(buyer $n Written.$case@X.Example 0 W Ritten 1), $(buyer $((n + 1)) Lower.$case@X.Example 0 L Ower 1)]"
	fault api=brightpearl path=/contact-service/contact/ kind=drop_after times=2
	run_store 75
	sql_sandbox "UPDATE bp_contact SET email = lower(email) WHERE email LIKE 'lower.$case%'"
	switch bp_search_lag_ms 0
	later 1
	run_store 0
	expect_eq "each once" "$(sql_sandbox "SELECT count(*), count(DISTINCT lower(email)) FROM bp_contact WHERE email LIKE '%.$case@%'")" "2|2"
	expect_eq "their orders" "$(who $n) $(who $((n + 1)))" "$(sql_sandbox "SELECT group_concat(id, ' ') FROM (SELECT id FROM bp_contact WHERE email LIKE '%.$case@%' ORDER BY email LIKE 'lower%')")"
done

say "guests who share an e-mail share a contact, the newest order names it; a later guest changes nothing"
put_order "[$(buyer 30 shop@x.example 0 Old Guest 1), $(buyer 31 shop@x.example 0 New Guest 2 '"created":"2026-02-04T10:00:00Z"')]"
run_store 0
put_order "$(buyer 32 shop@x.example 0 Third Guest 3 '"created":"2026-02-05T10:00:00Z"')"
run_store 0
expect_eq "one contact" "$(who 30) $(who 31)" "$(who 32) $(who 32)"
expect_eq "its name" "$(person shop)" "New|Guest|2|31 High St|LS1"

say "a guest with an account's e-mail: the account's contact, unchanged; its holder changes it again"
put_order "$(buyer 33 acc@x.example 5 Al Count 1)"
run_store 0
put_order "$(buyer 34 acc@x.example 0 No Body 2 '"created":"2026-02-04T10:00:00Z"')"
run_store 0
expect_eq "the contact" "$(who 34) $(person acc)" "$(who 33) Al|Count|1|33 High St|LS1"
put_order "$(buyer 35 acc@x.example 5 Al Counter 1 '"created":"2026-02-05T10:00:00Z"')"
run_store 0
expect_eq "the contact" "$(who 35) $(person acc)" "$(who 33) Al|Counter|1|35 High St|LS1"

say "groups of customers: a page that holds fewer than were asked for loses none"
mapping sales.csv '*,id:2,*,*,Wholesale,,,,,,,'
put_order "[$(buyer 40 g40@x.example 40 G Forty 1), $(buyer 41 g41@x.example 41 G One 1)]"
sql_sandbox "UPDATE bc_customer SET customer_group_id = 2 WHERE id IN (40, 41)"
fault api=bigcommerce path='/v3/customers' kind=answer_json arg="{\"data\":[{\"id\":40,\"customer_group_id\":2}],\"meta\":{}}"
run_store 0
expect_eq "channels" "$(of_order 40 channel_id) $(of_order 41 channel_id)" "4 4"
expect_eq "it fired" "$(fired)" 5
