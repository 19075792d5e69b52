#!/bin/bash
# Orders that an older Pearlbridge made have no pair of their creation: going live only records and lists them, catch-up carries them; orders made since lose nothing.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
some() { # FIRST LAST
	local list='' n
	for n in $(seq "$1" "$2"); do list+=",$(order "$n" "u$n@x.example" "$mug" "\"staff_notes\":\"vip $n\",\"created\":\"$(date -u -d "@$(($(now) - 86400))" +%FT%TZ)\"")"; done
	put_order "[${list:1}]"
	run_store 0
}
some 1 4
say "as the older version left it: no pairs, or one from when a direction was on plan"
sql_store "DELETE FROM agreed WHERE order_id < 4; DROP TABLE catch_up; ALTER TABLE agreed DROP COLUMN created; ALTER TABLE agreed DROP COLUMN made; PRAGMA application_id = 7"
some 5 5
for n in 1 4 5; do bc_status $n 2; done
bp_status 2 21
notes_on
statuses_on 'BigCommerce,Shipped,yes,,Shipped,' 'BigCommerce,*,yes,,(leave),' 'Brightpearl,Shipped,yes,,Shipped,' 'Brightpearl,*,yes,,(leave),'
mark
run_store 0
expect_eq "only the order made since is written to" "$(sql_sandbox "SELECT count(*), sum(path LIKE '%/$(bp_id 5)/%') FROM request WHERE id > $mark AND method <> 'GET'")" "2|2"
expect_eq "its note and status" "$(field_of 5 PCF_STAFFNOTE)|$(of_order 5 status_id)" "vip 5|21"
expect_eq "listed" "$(sql_store "SELECT group_concat(key, ' ') FROM (SELECT key FROM skip WHERE job IN ('notes', 'statuses') AND reason LIKE 'differed%' ORDER BY 1)")" \
	"note:1:staff note:2:staff note:3:staff note:4:staff status:1 status:2 status:4"
quiet_run "a run later"
run_store 0 catch-up notes --from 2026-01-01 --confirm 2
expect_eq "their notes, but of what is shipped already" "$(for n in 1 2 3 4; do field_of $n PCF_STAFFNOTE; done | xargs)" "vip 2 vip 3"
quiet_run "at the end"
