#!/bin/bash
# The cut-over from another connector: its orders are adopted, the first run makes not one order twice.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
contact 501 ann@x.example
contact 502 bob@x.example
mug=$(line MUG 1 10.00)
theirs() { # ID REF TOTAL CONTACT [E-MAIL ON THE ORDER] [TYPE]: made by the other connector
	sql_sandbox "INSERT INTO bp_order (id, order_type, ref, contact_id, channel_id, total, total_net, created_on, placed_on, customer_address)
		VALUES ($1, '${6:-SO}', '$2', $4, 2, $3, $3, 1770112900, 1770112800, json_object('addressFullName', 'x', 'email', '${5-}'))"
}
list=''
for i in $(seq 1041 1052); do list+=",$(order "$i" "$([ $((i % 2)) = 0 ] && echo ann || echo bob)@x.example" "$mug")"; done
put_order "[${list:1}]"
theirs 9042 1042 100000 501 Ann@X.example
theirs 9043 '#1043' 100000 502
theirs 9044 BC1044 100000 501 ann@x.example
theirs 9045 'bc-1045' 110000 502 bob@x.example    # another total
theirs 9046 1046 100000 502 bob@x.example         # another e-mail
theirs 9047 '#1047' 100000 502 '' SC              # a sales credit
theirs 9048 'PO 1048' 100000 501 ann@x.example    # another reference
theirs 9149 1049 100000 502 bob@x.example         # twice
theirs 9249 '#1049' 100000 502 bob@x.example
setting orders.start_date 2026-02-04T00:00:00Z    # they are all older than that

say "usage"
for misuse in "adopt" "adopt --from soon" "adopt --from 2026-02-01 --pattern x" "adopt 1042 --from 2026-02-01"; do
	# shellcheck disable=SC2086
	run_store 64 $misuse
	expect_has "what '$misuse' is told" "$told" "usage: $run adopt"
done

say "adopt: what agrees is linked, what differs is told, and nothing is written"
mark
run_store 65 adopt --from 2026-02-01
expect_eq "links" "$(sql_store "SELECT order_id, sales_order_id, how FROM link_order ORDER BY 1; SELECT email, contact_id, how FROM link_customer ORDER BY 1")" \
	"1042|9042|adopted
1043|9043|adopted
1044|9044|adopted
ann@x.example|501|adopted
bob@x.example|502|adopted"
expect_has "the table" "$said" "1045       bc-1045        9045         differs: its total is 11.00 instead of 10.00"
expect_has "the table" "$said" "differs: its e-mail is bob@x.example instead of ann@x.example"
expect_has "the table" "$said" "differs: 2 sales orders agree with it"
expect_has "the table" "$said" "1048       -              -            no partner; left out: before orders.start_date"
expect_eq "writes to either system" "$(count_writes)" 0
expect_eq "requests" "$(requests)" 6 # two pages of orders, a search, the candidates, a contact whose order tells no e-mail, its address
run_store 65 adopt --from 2026-02-01T00:00:00Z --json
expect_eq "links found by a second time" "$(sql_store "SELECT count(*) FROM link_order")" 3

say "the first run: what was adopted or differs is not sent again, the others once"
setting orders.start_date 2026-02-01T00:00:00Z
setting orders.enabled plan customers.enabled plan
run_store 65 plan
expect_no "the plan" "$said" "create order:1042"
expect_has "the plan" "$said" "create order:1048"
setting orders.enabled yes customers.enabled yes
run_store 0
expect_eq rejects "$(rejects)" "order:1045 looks_adopted
order:1046 looks_adopted
order:1049 looks_adopted"
expect_eq "orders of ours" "$(orders_there)" "BC-1041 BC-1047 BC-1048 BC-1050 BC-1051 BC-1052"
expect_eq "contacts with the two e-mails" "$(sql_sandbox "SELECT count(*) FROM bp_contact WHERE email IN ('ann@x.example', 'bob@x.example')")" 2
mark
run_store 0
expect_eq "writes of the second run" "$(count_writes)" 0

say "a person says who is who: the same after all, or not"
run_store 0 link order 1045 9045 --force
run_store 0 retry order:1046
run_store 0 link order 1049 9149
run_store 0
expect_eq rejects "$(rejects)" ""
expect_eq "orders of ours" "$(orders_there)" "BC-1041 BC-1046 BC-1047 BC-1048 BC-1050 BC-1051 BC-1052"
expect_eq "every order of the shop has one sales order" "$(sql_store "SELECT count(*), count(DISTINCT sales_order_id) FROM link_order")" "12|12"
mark
run_store 0
expect_eq "writes of a run without news" "$(count_writes)" 0

say "a pattern of one's own; a service that is down links nothing"
put_order "$(order 1060 ann@x.example "$mug")"
theirs 9060 'WEB/1060' 100000 501
sql_sandbox "UPDATE bp_order SET created_on = (SELECT max(created_on) FROM bp_order) WHERE id = 9060"
fault api=brightpearl path=/order-service/order-search* kind=status_before arg=503 times=-1
run_store 75 adopt --from 2026-02-01 --pattern 'WEB/{id}'
sql_sandbox "DELETE FROM fault"
expect_eq "links" "$(sql_store "SELECT count(*) FROM link_order")" 12
run_store 0 adopt --from 2026-02-01 --pattern 'WEB/{id}'
expect_eq "the link" "$(sql_store "SELECT sales_order_id FROM link_order WHERE order_id = 1060")" 9060
run_store 0
expect_eq "it was not sent" "$(sql_sandbox "SELECT count(*) FROM bp_order WHERE external_ref = 'BC-1060'")" 0

say "of an order that staff made anew the living one is meant; a cancelled one alone is told"
make_store anew
for i in 1061 1062; do put_order "$(order $i ann@x.example "$mug")"; done
theirs 9061 '#1061' 100000 501 ann@x.example
theirs 9161 '#1061' 100000 501 ann@x.example
theirs 9062 '#1062' 100000 501 ann@x.example
sql_sandbox "UPDATE bp_order SET status_id = 5 WHERE id IN (9061, 9062)"
run_store 65 adopt --from 2026-02-01
expect_eq "link" "$(sql_store "SELECT sales_order_id FROM link_order WHERE order_id = 1061")" 9161
expect_has "the table" "$said" "9062         differs: it is cancelled"
