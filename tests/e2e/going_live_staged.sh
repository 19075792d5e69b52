#!/bin/bash
# Job after job, as the README says: what customers and staff wrote and moved before a job was on is carried when it is; shoppers hear nothing of the past.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
list=''
for n in $(seq 9); do list+=",$(order $n "u$n@x.example" "$mug" "\"customer_message\":\"please $n\"$([ $n -gt 3 ] || echo ',"staff_notes":"vip"')")"; done
put_order "[${list:1}]"
mails="method <> 'GET' AND (path LIKE '%/shipments' OR path GLOB '/v2/orders/*' AND body LIKE '%status_id%')"
pair() { echo "$(bc_of "$1" "$2")|$(field_of "$1" "$3")"; }

say "orders first"
run_store 0
expect_eq "orders" "$(sql_store "SELECT count(*) FROM link_order")" 9
expect_eq "the pair of their creation is kept" "$(sql_store "SELECT field, count(*), sum(created), group_concat(DISTINCT made) FROM agreed GROUP BY 1")" \
	"customer_note|9|9|
staff_note|9|9|
status|9|9|3"

say "a week in which both sides work on"
bc_note 2 staff_notes 'vip, call first'        # changed here
field_set 3 PCF_STAFFNOTE 'typed there'        # changed there, and never told of the other
field_set 4 PCF_STAFFNOTE 'only there'
bc_status 5 2                                  # moved here, untouched there
bp_status 6 21                                 # moved there
bc_status 7 2 && bp_status 7 19                # moved on both sides
later $((7 * 1440))
run_store 0

say "plan shows what notes would carry, and sends and records nothing"
setting notes.to_brightpearl.enabled plan notes.customer_field PCF_CUSTNOTE notes.staff_field PCF_STAFFNOTE
mark
run_store 0 plan notes
expect_has "the plan" "$said" "notes: would write note:1:customer"
expect_has "the plan" "$said" "would be sent: 11 notes"
expect_eq "writes" "$(count_writes)" 0
setting notes.to_brightpearl.enabled yes
run_store 0
expect_eq "messages of orders that came before notes were on" "$(for n in $(seq 9); do field_of $n PCF_CUSTNOTE; done)" "$(for n in $(seq 9); do echo "please $n"; done)"
expect_eq "staff notes" "$(pair 1 staff_notes PCF_STAFFNOTE);$(pair 2 staff_notes PCF_STAFFNOTE)" "vip|vip;vip, call first|vip, call first"
expect_eq "a note of theirs is not written over" "$(pair 3 staff_notes PCF_STAFFNOTE)" "vip|typed there"
quiet_run "notes to Brightpearl"

say "the other way later: what Brightpearl's staff wrote meanwhile"
setting notes.to_bigcommerce.enabled yes
mark
run_store 0
expect_eq "their notes" "$(pair 3 staff_notes PCF_STAFFNOTE);$(pair 4 staff_notes PCF_STAFFNOTE)" "typed there|typed there;only there|only there"
expect_eq "writes" "$(count_writes)|$(requests "$mails")" "2|0"
quiet_run "notes both ways"

say "statuses to Brightpearl: what stands there as we made it follows, what staff moved stays"
statuses_on 'BigCommerce,Awaiting Fulfillment,yes,,(leave),' 'BigCommerce,Shipped,yes,,Shipped,' 'BigCommerce,*,no,,,' \
	'Brightpearl,Shipped,yes,,Shipped,' 'Brightpearl,Ready to ship,yes,,Awaiting Shipment,' 'Brightpearl,*,yes,,,'
setting statuses.to_bigcommerce.enabled no limits.statuses 0
bc_status 8 2
run_store 65
expect_eq "limits.statuses applies" "$(of_order 5 status_id)" 3
setting limits.statuses 5000
run_store 0
expect_eq "statuses" "$(for n in $(seq 9); do of_order $n status_id; done | xargs)" "3 3 3 3 21 21 19 21 3"
quiet_run "statuses to Brightpearl"

say "statuses to BigCommerce may mail a shopper: nothing of the past is sent, it is listed"
setting statuses.to_bigcommerce.enabled yes
quiet_run "going live"
expect_eq "listed" "$(sql_store "SELECT key FROM skip WHERE job = 'statuses' AND reason LIKE 'differed%'" | sort | xargs)" "status:6 status:7"
run_store 0 explain order 6
expect_has "its story" "$said" "left"
expect_has "and what carries it" "$said" "$run catch-up statuses --from"
bp_status 9 19
mark
run_store 0
expect_eq "what moves from then on is carried" "$(bc_of 9 status_id)|$(requests "$mails")" "9|1"
quiet_run "at the end"

say "what an order began with is untold only once: an edited mapping rewrites nothing"
sed -i 's/^BigCommerce,Awaiting Fulfillment,.*/BigCommerce,Awaiting Fulfillment,yes,,New web order,/' "$store/mappings/statuses.csv"
quiet_run "an edited mapping"
