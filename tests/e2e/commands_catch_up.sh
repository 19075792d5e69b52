#!/bin/bash
# catch-up: what going live left is shown with how many shoppers may be mailed, and sent once that number is typed; 50 a run, brakes hold, old and finished orders stay.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 2 10.00)
days() { date -u -d "@$(($(now) - $1 * 86400))" +%FT%TZ; } # AGO
since=$(days 20)
since=${since%T*}
setting orders.start_date 2026-01-01T00:00:00Z
list=''
for n in $(seq 70); do list+=",$(order $n "u$((n % 60))@x.example" "$mug" "\"created\":\"$(days 3)\"")"; done
list+=",$(order 80 old@x.example "$mug" "\"created\":\"$(days 16)\""),$(order 81 done@x.example "$mug" "\"created\":\"$(days 3)\""),$(order 82 off@x.example "$mug" "\"created\":\"$(days 3)\"")"
list+=",$(order 83 before@x.example "$mug" "\"created\":\"$(days 30)\"")"
put_order "[${list:1}]"
run_store 0
merchant sql "UPDATE bp_order SET status_id = 19, updated_on = server_time() / 1000"
bc_status 81 2
bc_status 82 5
mails="method <> 'GET' AND (path LIKE '%/shipments' OR path GLOB '/v2/orders/*')"
lines=('BigCommerce,*,yes,,(leave),' 'Brightpearl,Ready to ship,yes,,Awaiting Shipment,' 'Brightpearl,*,yes,,(leave),')

say "usage"
for misuse in catch-up "catch-up statuses" "catch-up orders --from 2026-01-01" "catch-up statuses --from soon"; do
	# shellcheck disable=SC2086
	run_store 64 $misuse
	expect_has "what '$misuse' is told" "$told" "usage: $run catch-up"
done
run_store 78 catch-up statuses --from "$since"
expect_has "a job that is off" "$told" "statuses.to_bigcommerce.enabled is not on yes"

say "statuses go live: nobody is mailed; catch-up shows, and sends nothing by itself"
statuses_on "${lines[@]}"
quiet_run "going live" 65 # order 82 is told: cancelled in the shop, live in Brightpearl
expect_has "the summary names it" "$said" "74 statuses are from before that was on: $run catch-up statuses --from DATE"
mark
run_store 0 catch-up statuses --from "$since" </dev/null
expect_eq "requests" "$(requests)" 0
expect_has "all" "$said" "73 statuses since $since were left as they are"
expect_has "old" "$said" "1 stay so: older than 14 days"
expect_has "finished" "$said" "1 stay so: already Shipped or Completed in BigCommerce"
expect_has "called off" "$said" "1 stay so: refunded, cancelled or declined in BigCommerce"
expect_has "each" "$said" "status:1 of order 1: Awaiting Fulfillment in BigCommerce, Ready to ship in Brightpearl"
expect_has "at most 50" "$said" "20 more may go by later runs: at most 50 at a time (60 shoppers in all)"
expect_has "shoppers" "$said" "50 statuses may go now; 50 shoppers may be mailed"
expect_has "how" "$said" "$run catch-up statuses --from $since --confirm 50"

say "a wrong number sends nothing"
for number in 7 x ''; do run_store 64 catch-up statuses --from "$since" --confirm "$number"; done
run_store 64 catch-up statuses --from "$since" <<<7
quiet_run "not confirmed"
say "nor does who asks for the end while the number is waited for"
mkfifo "$work/typed"
exec {typed}<>"$work/typed"
printf 5 >&"$typed" # and no more
"$build/pearlbridge" --store "$store" catch-up statuses --from "$since" <"$work/typed" >"$work/said" 2>"$work/told" &
running=$!
sleep 4 # it is read to a file, which is written at the end
kill -TERM $running
code=0
wait $running || code=$?
exec {typed}>&-
expect_eq "code" $code 75
expect_has "what it is told" "$(<"$work/told")" "nothing was sent: it got SIGTERM"
quiet_run "ended while it waited"

say "a brake holds it as ever"
setting limits.statuses 10
mark
run_store 65 catch-up statuses --from "$since" --confirm 50
expect_eq "sent" "$(requests "$mails")" 0
setting limits.statuses 5000
run_store 0
expect_eq "the next run sends what was asked for" "$(requests "$mails")|$(sql_sandbox "SELECT count(*) FROM bc_order WHERE status_id = 9")" "50|50"

say "the rest, and no more"
mark
run_store 0 catch-up statuses --from "$since" --confirm 20
expect_eq "sent" "$(requests "$mails")" 20
expect_eq "left" "$(sql_sandbox "SELECT group_concat(id || ' ' || status_id) FROM bc_order WHERE status_id <> 9")" "80 11,81 2,82 5,83 11"
run_store 0 catch-up statuses --from "$since" --confirm 1
expect_has "nothing" "$said" "0 statuses may go now"
quiet_run "a run later"

say "shipments: what was shipped before fulfillment was on"
ship_note 1 MUG=1 ONE1 && ship_note 2 "" TWO2
ship_note 3 "" OLD4 1 "shipped_on=$(($(now) - 15 * 86400))"
later 30
setting fulfillment.enabled yes
quiet_run "going live"
run_store 0 explain order 1
expect_has "its story" "$said" "$run catch-up shipments --from"
ship_note 1 MUG=1 REST3 # the other piece, after it went live
run_store 0
expect_eq "shipments" "$(shipments)" "1|MUG=1|REST3|Standard"
mark
run_store 0 catch-up shipments --from "$(days 20)"
expect_eq "writes" "$(count_writes)" 0
expect_has "shoppers" "$said" "2 shipped notes may go now; 2 shoppers may be mailed"
run_store 0 catch-up shipments --from "$(days 20)" <<<2 # typed
expect_eq "shipments" "$(shipments)" "1|MUG=1|ONE1|Standard
1|MUG=1|REST3|Standard
2|MUG=2|TWO2|Standard"
quiet_run "a run later"
run_store 0 catch-up shipments --from "$(days 20)" --confirm 0
expect_has "nothing twice" "$said" "0 shipped notes may go now"

say "notes of another connector's order: both ways, nobody is mailed"
placed="\"created\":\"$(days 2)\",\"modified\":\"$(days 0)\""
put_order "[$(order 90 a@x.example "$mug" "$placed,\"staff_notes\":\"vip\""), $(order 91 b@x.example "$mug" "$placed")]"
run_store 0
sql_store "UPDATE link_order SET how = 'linked' WHERE order_id IN (90, 91)"
field_set 91 PCF_STAFFNOTE theirs
setting notes.to_brightpearl.enabled yes notes.to_bigcommerce.enabled yes notes.staff_field PCF_STAFFNOTE
quiet_run "going live"
run_store 0 catch-up notes --from "$(days 5)"
expect_has "what it says" "$said" "2 notes may go now; 0 shoppers may be mailed"
run_store 0 catch-up notes --from "$(days 5)" --confirm 2
expect_eq "carried" "$(field_of 90 PCF_STAFFNOTE)|$(bc_of 91 staff_notes)" "vip|theirs"
quiet_run "at the end"
