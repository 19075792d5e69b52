#!/bin/bash
# sales.csv leaves out or holds a channel, a group, a marketplace that no line names (one message for all); invoices paid in a portal are no orders; lead sources and projects by name.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG && product 2 INVOICE-PAYMENT
sql_sandbox "INSERT INTO bc_channel (id, name, type, platform) VALUES (7, 'Amazon UK', 'marketplace', 'amazon'), (8, 'Till', 'pos', 'square'), (9, 'Outlet', 'storefront', 'bigcommerce');
	INSERT OR IGNORE INTO bc_customer_group (id, name) VALUES (3, 'Trade'), (4, 'Staff club')"
mug=$(line MUG 1 10.00)
paid() { printf '{"sku":"INVOICE-PAYMENT","name":"Invoice %s","product_id":2,"type":"digital","quantity":1,"price":"1250.00"}' "$1"; }
account() { printf '"customer":{"id":%d,"email":"%s@x.example","first_name":"T","last_name":"R","customer_group_id":%d}' "$1" "$2" "$3"; }
put_order "[$(order 1 a@x.example "$mug" '"channel_id":7,"order_source":"amazon"'), $(order 2 b@x.example "$mug" '"channel_id":7'), $(order 3 c@x.example "$mug"),
	$(order 4 d@x.example "$(paid 77)" '"status_id":10,"raw":{"order_is_digital":true}'), $(order 5 e@x.example "$mug" '"channel_id":8'),
	$(order 6 f@x.example "$(paid 78),$mug"), $(order 7 t@x.example "$mug" "$(account 8 t 3)"), $(order 8 s@x.example "$mug" "$(account 9 s 4)"),
	$(order 9 g@x.example "$mug" '"channel_id":9')]"
run_store 0
there=$(orders_there)
expect_eq "the shipped files: a marketplace is held, a till and other storefronts are not, an invoice is none" "$there" "BC-3 BC-5 BC-6 BC-7 BC-8 BC-9"
expect_eq "one message for all" "$(grep -c 'is a marketplace' <<<"$told")" 1
expect_has "how many, and what to write" "$told" '2 orders held: channel "Amazon UK" is a marketplace'
expect_has "what to write" "$told" 'id:7,*,*,*,CHANNEL'
expect_eq "each is told apart" "$(sql_store "SELECT key FROM skip WHERE job = 'orders' ORDER BY key" | xargs)" "order:1 order:2 order:4"
expect_eq "no contact is made for them" "$(sql_sandbox "SELECT count(*) FROM bp_contact WHERE email IN ('a@x.example', 'b@x.example', 'd@x.example')")" 0
run_store 0 explain order 1
expect_has "explain" "$said" "is a marketplace without a line of its own"
say "told in every run"
run_store 0
expect_has "the next run" "$told" '2 orders held'
say "the line that the message offers brings them over"
mapping sales.csv 'id:7,*,*,*,Retail store,,,,,,,'
run_store 0
expect_eq "orders of the marketplace" "$(of_order 1 channel_id) $(of_order 2 channel_id)" "3 3"
run_store 0 reconcile
expect_eq "reconcile knows what is left out" "$(sql_store "SELECT count(*) FROM reconcile_difference WHERE state NOT IN ('expected', 'known')" 2>/dev/null || echo 0)" 0

say "no, hold, and a group; a column sync in the middle, in capitals"
make_store second
sql_sandbox "DELETE FROM bp_order; DELETE FROM bp_order_row; DELETE FROM bc_order; DELETE FROM bc_order_product"
cat >"$store/mappings/sales.csv" <<-END
	channel,customer_group,currency,country,Sync,order_channel,price_list,warehouse,lead_source,project,team,staff_owner,note
	*,*,*,*,,Online shop,,,Telephone,web relaunch,,,
	Amazon*,*,*,*,No,,,,,,,,Brightpearl reads it itself
	Till,*,*,*,hold,Online shop,,,,,,,
	Sandbox Shop,Trade,*,*,FALSE,,,,,,,,
	Sandbox Shop,Staff*,*,*,yes,Wholesale,,,id:3,1,,,
	Outlet,*,*,*,,,,,,,,,not decided
END
put_order "[$(order 21 a@x.example "$mug" '"channel_id":7'), $(order 22 a@x.example "$mug" '"channel_id":8'), $(order 23 t@x.example "$mug" "$(account 8 t 3)"),
	$(order 24 s@x.example "$mug" "$(account 9 s 4)"), $(order 25 z@x.example "$mug"), $(order 26 z@x.example "$mug" '"channel_id":9')]"
run_store 0
expect_eq "who is brought over" "$(for i in 21 22 23 24 25 26; do of_order $i external_ref; done | xargs)" "BC-24 BC-25"
expect_eq "by name" "$(of_order 25 "lead_source_id, project_id")" "2|1"
expect_eq "a group by its beginning; by id" "$(of_order 24 "channel_id, lead_source_id, project_id")" "4|3|1"
expect_has "held" "$told" "held: line 4 of sales.csv says so"
expect_has "a line without a channel holds" "$told" "so orders of \"Outlet\" are held"
expect_eq "why" "$(sql_store "SELECT reason FROM skip WHERE job = 'orders' AND key IN ('order:21', 'order:23') ORDER BY key")" "line 3 of sales.csv leaves it out (sync no)
line 5 of sales.csv leaves it out (sync no)"
say "mended: what was left out or held comes"
sed -i 's/^Till,\*,\*,\*,hold/Till,*,*,*,yes/; s/^Sandbox Shop,Trade,\*,\*,FALSE,,/Sandbox Shop,Trade,*,*,,Online shop,/; s/^Amazon.*/Amazon*,*,*,*,yes,Online shop,,,,,,,/; s/^Outlet,\*,\*,\*,,,/Outlet,*,*,*,,Online shop,/' "$store/mappings/sales.csv"
run_store 0
expect_eq "all" "$(for i in 21 22 23 24 25 26; do of_order $i external_ref; done | xargs)" "BC-21 BC-22 BC-23 BC-24 BC-25 BC-26"

say "complaints: a sync that is none, a channel that is needed, names that are not there, a lead source that is not active"
sql_sandbox "INSERT INTO bp_lead_source VALUES (4, 'Old fair', 0)"
mapping sales.csv '*,*,USD,*,perhaps,Online shop,,,,,,,'
mapping sales.csv '*,*,EUR,*,,,,,,,,,'
mapping sales.csv '*,*,SEK,*,,Online shop,,,Telefone,Web launch,,,'
mapping sales.csv '*,*,NOK,*,,Online shop,,,Old fair,99,,,'
run_store 78
expect_has "sync" "$told" 'sync: must be yes, no (left out) or hold, not "perhaps"'
expect_has "channel" "$told" "sales.csv:9: order_channel: must not be empty"
expect_has "lead source" "$told" 'no lead source "Telefone" (did you mean "Telephone"?)'
expect_has "not active" "$told" 'lists the lead source "Old fair" but refuses it here'
expect_has "a project that is not listed may be closed: a warning" "$told" "warning: project: Brightpearl lists no project 99: it is sent as it is"
sed -i '/USD\|EUR,\|SEK\|NOK/d' "$store/mappings/sales.csv"
say "projects of other shapes, or none told: ids go all the same"
switch bp_inactive_lead_source refuse
n=30
for how in map named absent broken; do
	n=$((n + 1))
	switch bp_projects $how bp_lead_sources "$([ $how = absent ] && echo refuse || echo list)"
	case $how in
	map | named) sed -i 's/^\*,\*,\*,\*,,Online shop.*/*,*,*,*,,Online shop,,,Telephone,Web relaunch,,,/' "$store/mappings/sales.csv" ;;
	*) sed -i 's/^\*,\*,\*,\*,,Online shop.*/*,*,*,*,,Online shop,,,2,1,,,/' "$store/mappings/sales.csv" ;;
	esac
	later 1500
	put_order "$(order $n z@x.example "$mug")"
	run_store 0
	expect_eq "lead source and project, projects $how" "$(of_order $n "lead_source_id, project_id")" "2|1"
done
sed -i 's/^\*,\*,\*,\*,,Online shop.*/*,*,*,*,,Online shop,,,,Web relaunch,,,/' "$store/mappings/sales.csv"
run_store 78
expect_has "a name that cannot be looked up" "$told" 'so "Web relaunch" cannot be looked up: write its id'
