#!/bin/bash
# Order notes, here of further addresses: written once each, in packs and alone, through lost answers, a lost database, a refusal.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_edits.sh"
start_sandbox
make_store
product 1 MUG
two='"shipping":[{"street_1":"1 A St","city":"Leeds","zip":"LS1","country":"United Kingdom","country_iso2":"GB"},{"street_1":"2 B St","city":"York","zip":"YO1","country":"United Kingdom","country_iso2":"GB"}]'
several() { order "$1" a@x.example "$(line MUG 1 10.00 '"address":0'), $(line MUG 2 10.00 '"address":1')" "$two"; }
told() { sql_sandbox "SELECT o.external_ref || ' ' || count(*) FROM bp_order_note n JOIN bp_order o ON o.id = n.order_id WHERE n.text LIKE '[Pearlbridge ' || o.external_ref || ' addresses]%' GROUP BY o.external_ref ORDER BY 1" | xargs; }
say "four orders, four notes, one request; nothing for an order with one address"
put_order "[$(for i in 1 2 3 4; do several $i; echo ,; done)$(order 5 a@x.example "$(line MUG 1 10.00)")]"
run_store 0
expect_eq "notes" "$(told)" "BC-1 1 BC-2 1 BC-3 1 BC-4 1"
expect_eq "requests for notes" "$(requests "method = 'POST' AND (path LIKE '%/note' OR path LIKE '%multi-message' AND body LIKE '%/note%')")" 1
expect_has "note" "$(notes 1)" "2 B St"
expect_eq "it is not public" "$(sql_sandbox "SELECT sum(is_public) FROM bp_order_note")" 0
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
say "on plan it is shown; the answer to a pack is lost: found by their markers"
setting orders.enabled plan
put_order "[$(for i in 11 12 13 14; do several $i; [ $i = 14 ] || echo ,; done)]"
run_store 0 plan orders
expect_has "plan" "$said" "would create order_note:11:addresses, after order:11"
setting orders.enabled yes
fault method=POST path=/multi-message nth=2 kind=drop_after times=1
run_store 75
later 1
run_store 0
expect_eq "notes" "$(told)" "BC-1 1 BC-11 1 BC-12 1 BC-13 1 BC-14 1 BC-2 1 BC-3 1 BC-4 1"
say "a lost database: orders and notes are found, and not written again"
mkdir "$work/lost" && mv "$store"/data/pearlbridge.db* "$work/lost/"
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0
expect_eq "notes" "$(sql_store "SELECT group_concat(DISTINCT state), count(*), sum(remote_id > 0) FROM out_order_note")" "done|8|8"
say "an edit changes a further address: another note follows"
put_order "$(several 1 | sed 's/2 B St/7 C St/')"
run_store 0
expect_has "notes of 1" "$(notes 1)" "[Pearlbridge BC-1 addresses 2]"
expect_has "notes of 1" "$(notes 1)" "7 C St"
expect_eq rejects "$(rejects)" ""
say "a note that Brightpearl refuses is a reject of its own"
fault method=POST "path=*/note" kind=error_envelope "arg={\"errors\":[{\"code\":\"ORDC-026\",\"message\":\"no notes today\"}]}" times=1
put_order "$(several 2 | sed 's/2 B St/8 D St/')"
run_store 65
expect_eq rejects "$(rejects)" "order_note:2:addresses:2 refused"
run_store 0 retry order_note:2:addresses:2
run_store 0
expect_eq rejects "$(rejects)" ""
expect_has "notes of 2" "$(notes 2)" "8 D St"
