#!/bin/bash
# Switched off and on again, a job that may mail shoppers begins anew: what lies between is listed for catch-up, not sent; a look by plan changes nothing.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
statuses_on 'BigCommerce,*,yes,,(leave),' 'Brightpearl,Ready to ship,yes,,Awaiting Shipment,' 'Brightpearl,*,yes,,(leave),'
setting statuses.to_brightpearl.enabled no fulfillment.enabled yes fulfillment.tracking_wait_hours 0
product 1 MUG
list=''
for n in $(seq 20); do list+=",$(order "$n" "u$n@x.example" "$(line MUG 1 1.00)" "\"created\":\"$(date -u -d "@$(($(now) - 60))" +%FT%TZ)\"")"; done
put_order "[${list:1}]"
run_store 0
switches() { setting statuses.to_bigcommerce.enabled "$1" fulfillment.enabled "$1"; }
news() { bp_status "$1" 19 && ship_note "$2" "" "NOTE$2"; } # ORDER_OF_A_STATUS ORDER_OF_A_NOTE
told_of() { echo "$(bc_of "$1" status_id) $(shipments | grep -c "^$2|")"; }
listed() { sql_store "SELECT job, count(*) FROM skip WHERE reason LIKE 'differed before%' OR reason LIKE '%when fulfillment began' OR reason LIKE '%before fulfillment began' GROUP BY 1" | xargs; }

say "on: news is sent; plan, of a store that says yes, is no pause"
news 1 11
run_store 0
news 2 12
run_store 0 plan
run_store 0
expect_eq "sent" "$(told_of 1 11);$(told_of 2 12)" "9 1;9 1"

n=2 left=0
for pause in no plan; do
	say "a pause on $pause"
	n=$((n + 1)) left=$((left + 1))
	switches $pause
	quiet_run "off"
	later 60
	news $n $((n + 10))
	quiet_run "something happens meanwhile"
	later $((60 * 24))
	switches yes
	quiet_run "on again"
	expect_eq "listed" "$(listed)" "fulfillment|$left statuses|$left"
	quiet_run "a run later"
	n=$((n + 1))
	news $n $((n + 10))
	run_store 0
	expect_eq "what happens from then on is sent" "$(told_of $n $((n + 10)))" "9 1"
done

say "a person may send it"
from=$(date -u -d "@$(($(now) - 5 * 86400))" +%F)
run_store 0 catch-up statuses --from "$from" --confirm 2
run_store 0 catch-up shipments --from "$from" --confirm 2
expect_eq "sent" "$(told_of 3 13);$(told_of 5 15)" "9 1;9 1"

say "by status: what came into it meanwhile was shipped by somebody else"
setting fulfillment.trigger order_status fulfillment.statuses Shipped
run_store 0
setting fulfillment.enabled no
run_store 0
later 60
bp_status 18 21
setting fulfillment.enabled yes
quiet_run "on again"
expect_eq "listed" "$(sql_store "SELECT reason FROM skip WHERE key = 'shipment:SO$(bp_id 18)'")" "had that status when fulfillment began"
bp_status 19 21
run_store 0
expect_eq "the one since" "$(shipments | grep -c '^18|') $(shipments | grep -c '^19|')" "0 1"
quiet_run "at the end"
