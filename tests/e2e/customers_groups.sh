#!/bin/bash
# Contacts of customer groups with a line of their own in sales.csv: only what is empty is written, unless contact_update says otherwise.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_customers.sh"
start_sandbox
product 1 MUG
mug=$(line MUG 1 10.00)
n=500
trade() { # EMAIL GROUP [FIELDS]: a shopper of that group whose contact has a name but no telephone
	n=$((n + 1))
	new_contact $n "$1@x.example"
	put_order "$(order $n "$1@x.example" "$mug" "\"customer\":{\"id\":$n,\"email\":\"$1@x.example\",\"first_name\":\"Ann\",\"last_name\":\"Archer\",\"customer_group_id\":$2},
		\"billing\":{\"first_name\":\"Ann\",\"last_name\":\"Archer\",\"phone\":\"0123\",\"street_1\":\"9 High St\",\"city\":\"Leeds\",\"zip\":\"LS1\",\"country\":\"United Kingdom\",\"country_iso2\":\"GB\"}")"
}
for update in all registered no; do
	say "customers.update $update"
	make_store $update
	setting customers.update $update
	mapping sales.csv '*,Wholesale,*,*,Wholesale,Wholesale,,,,,,,'
	trade trade$update 2
	trade retail$update 1
	run_store 0
	expect_eq "of the group" "$(person trade$update)" "$([ $update = no ] && echo 'Kay|Known||1 Known Rd|' || echo 'Kay|Known|0123|1 Known Rd|')"
	expect_eq "of another" "$(person retail$update)" "$([ $update = no ] && echo 'Kay|Known||1 Known Rd|' || echo 'Ann|Archer|0123|9 High St|LS1')"
done

say "contact_update: what it says; a file without the column is as good"
make_store says
mapping sales.csv '*,Wholesale,*,*,Wholesale,Wholesale,,,,,,,,all'
mapping sales.csv '*,Retail,*,*,Online shop,,,,,,,,,no'
trade tradesays 2
trade retailsays 1
run_store 0
expect_eq "all" "$(person tradesays)" "Ann|Archer|0123|9 High St|LS1"
expect_eq "no" "$(person retailsays)" "Kay|Known||1 Known Rd|"
make_store short
printf '%s\n' 'channel,customer_group,currency,country,order_channel,price_list,warehouse,lead_source,project,team,staff_owner,note' \
	'*,*,*,*,Online shop,,,,,,,' '*,Wholesale,*,*,Wholesale,,,,,,,' >"$store/mappings/sales.csv"
trade tradeshort 2
run_store 0
expect_eq "fill_empty" "$(person tradeshort)" "Kay|Known|0123|1 Known Rd|"
sed -i '2s/$/,x/; 1s/$/,contact_update/' "$store/mappings/sales.csv"
run_store 78
expect_has "a wrong word" "$told" "must be registered, all, fill_empty or no"
