#!/bin/bash
# Customer messages and staff notes reach Brightpearl's custom fields and come back, only differences are sent.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
notes_on
product 1 MUG
mug=$(line MUG 1 10.00)
long=$(printf 'x%.0s' {1..65535})
put_order "[$(order 1 a@x.example "$mug" '"customer_message":"Leave it &amp; ring\r\nthe bell 🔔","staff_notes":"58&quot; wide, &amp;amp;"'),
	$(order 2 b@x.example "$mug"), $(order 3 c@x.example "$mug" "\"customer_message\":\"$long\"")]"
run_store 0
say "an order of ours starts with BigCommerce's notes, entities decoded once"
expect_eq "customer message" "$(field_of 1 PCF_CUSTNOTE)" $'Leave it & ring\nthe bell 🔔'
expect_eq "staff notes" "$(field_of 1 PCF_STAFFNOTE)" '58" wide, &amp;'
expect_eq "no note, no field" "$(field_of 2 PCF_CUSTNOTE)" ""
expect_eq "65,535 characters" "$(field_of 3 PCF_CUSTNOTE | wc -c)" 65536
expect_eq "one PATCH for each note" "$(requests "method = 'PATCH'")" 3
quiet_run "a second run"

say "changed here, changed there, cleared: carried, each as one write"
bc_note 2 staff_notes $'two\nlines'
field_set 1 PCF_STAFFNOTE $'<b>58</b> & more\r\n'
field_set 3 PCF_CUSTNOTE ''
bc_note 1 customer_message ''
mark
run_store 0
expect_eq "writes" "$(requests "method = 'PATCH'")|$(requests "method = 'PUT'")" "2|2"
expect_eq "to Brightpearl" "$(field_of 2 PCF_STAFFNOTE)" $'two\nlines'
expect_eq "cleared there" "$(field_of 1 PCF_CUSTNOTE)" ""
expect_eq "to BigCommerce" "$(bc_of 1 staff_notes)" $'<b>58</b> & more'
expect_eq "cleared here" "$(bc_of 3 customer_message)" ""
expect_eq "each PUT has one field" "$(sql_sandbox "SELECT count(*) FROM request WHERE id > $mark AND method = 'PUT'
	AND (SELECT count(*) FROM json_each(body)) = 1")" 2
quiet_run "after that"
later 30
quiet_run "later"
later 30
quiet_run "later still"
expect_eq "a run in which nothing changed" "$(sql_sandbox "SELECT path FROM request WHERE id > $mark ORDER BY path")" "/order-service/order-search
/v2/orders
/v2/orders
/v2/orders/count"
