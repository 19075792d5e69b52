#!/bin/bash
# Whose contact data follow BigCommerce, and what of them: the four meanings of customers.update.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_customers.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
for i in 501 502 503 504; do contact $i c$i@x.example phone=0199; done

say "registered: shoppers with an account, found or created; never guests"
put_order "[$(buyer 1 c501@x.example 7 Ann Archer 0123), $(buyer 2 c502@x.example 0 Bob Baker 0456), $(buyer 3 new@x.example 8 Nina New 0789)]"
mark
run_store 0
expect_eq "found, with an account" "$(person c501)" "Ann|Archer|0123|1 High St|LS1"
expect_eq "found, a guest" "$(person c502)" "Kay|Known|0199|1 Known Rd|"
expect_eq "created" "$(person new)" "Nina|New|0789|3 High St|LS1"
expect_eq "one PATCH" "$(requests "method = 'PATCH'")" 1
expect_eq "one read of contacts, one of addresses" "$(requests "method = 'GET' AND path GLOB '/contact-service/[cp]*/[0-9]*'")" 2
expect_eq rejects "$(rejects)" ""
mark
run_store 0
expect_eq "a second run writes" "$(count_writes)" 0

say "a newer order changes what it says; an empty value overwrites nothing"
put_order "[$(buyer 4 new@x.example 8 Nina Newer '' '"created":"2026-02-04T10:00:00Z"')]"
mark
run_store 0
expect_eq "created, changed" "$(person new)" "Nina|Newer|0789|4 High St|LS1"
expect_eq "only what changed is sent" "$(patches)" '[{"op":"replace","path":"/lastName","value":"Newer"}]'
expect_eq "the address, linked in all three places" "$(sql_sandbox "SELECT count(*) FROM bp_contact c JOIN bp_address a ON a.contact_id = c.id
	AND a.id IN (def_address_id) AND a.id = bil_address_id AND a.id = del_address_id WHERE c.email = 'new@x.example' AND a.line1 = '4 High St'")" 1

say "an older order that comes late rolls nothing back; a change made in Brightpearl stays"
sql_sandbox "UPDATE bp_contact SET first_name = 'Janina' WHERE email = 'new@x.example'"
put_order "[$(buyer 5 new@x.example 8 Old Name 0111 '"created":"2026-02-01T10:00:00Z"'),
	$(buyer 6 new@x.example 8 Nina Newer 0789 '"created":"2026-02-05T10:00:00Z","billing":{"phone":"0789","street_1":"4 High St","city":"Leeds","zip":"LS1","country":"United Kingdom","country_iso2":"GB"}')]"
mark
run_store 0
expect_eq "the same data again" "$(person new)" "Janina|Newer|0789|4 High St|LS1"
expect_eq "writes but orders" "$(requests "method <> 'GET' AND path LIKE '/contact-service/%'")" 0
expect_eq "reads of contacts: whether it is there" "$(requests "path GLOB '/contact-service/contact/[0-9]*'")" 1
expect_eq "reads of addresses" "$(requests "path GLOB '/contact-service/postal-address/*'")" 0

say "all: guests, too"
setting customers.update all
put_order "[$(buyer 7 c502@x.example 0 Bob Baker 0456 '"created":"2026-02-06T10:00:00Z"')]"
run_store 0
expect_eq "found, a guest" "$(person c502)" "Bob|Baker|0456|7 High St|LS1"

say "fill_empty: only what is empty in Brightpearl"
setting customers.update fill_empty
sql_sandbox "UPDATE bp_contact SET phone = '', last_name = '-' WHERE id = 503"
put_order "[$(buyer 8 c503@x.example 9 Cid Cook 0333)]"
run_store 0
expect_eq "found" "$(person c503)" "Kay|Cook|0333|1 Known Rd|"

say "no: never"
setting customers.update no
put_order "[$(buyer 9 c504@x.example 9 Dee Dunn 0333)]"
mark
run_store 0
expect_eq "found" "$(person c504)" "Kay|Known|0199|1 Known Rd|"
expect_eq "writes but the order" "$(count_writes)" 1
expect_eq rejects "$(rejects)" ""

say "plan shows what would change, old -> new, and sends nothing"
setting customers.update registered
put_order "[$(buyer 10 c504@x.example 9 Dee Dunn 0333)]"
mark
run_store 0 plan customers
expect_eq writes "$(count_writes)" 0
expect_has plan "$said" "would change customer:c504@x.example"
expect_has plan "$said" '"communication.telephones.PRI": 0199 -> 0333'
expect_has plan "$said" 'addressLine1: 1 Known Rd -> 10 High St'
