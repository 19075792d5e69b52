#!/bin/bash
# Whose order has our reference: its own billing party and the second it was placed tell, not today's contact.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
product 1 MUG
contact 501 ann@x.example
contact 502 merged@x.example
second=1770112800 # 2026-02-03T10:00:00Z, as order() places them
mine='"addressFullName":"Ann Buyer","postalCode":"LS1 1AA","email":"ann@x.example"'
there() { # ID PLACED TOTAL CONTACT BILLING [COLUMN=VALUE ...]
	local id pair
	id=$(sql_sandbox "INSERT INTO bp_order (external_ref, ref, contact_id, channel_id, total, total_net, placed_on, created_on, billing_address, visible_at_ms)
		VALUES ('BC-$1', 'BC-$1', $4, 2, $3, $3, $2, $(now), '{$5}', ${hidden:-0}) RETURNING id")
	for pair in "${@:6}"; do sql_sandbox "UPDATE bp_order SET ${pair%%=*} = '${pair#*=}' WHERE id = $id"; done
}
how() { sql_store "SELECT order_id, how FROM link_order ORDER BY 1"; }
orders() { # IDS [MORE]
	local list='' i
	for i in $1; do list+=",$(order "$i" ann@x.example "$(line MUG 1 10.00)" "${2-}")"; done
	put_order "[${list:1}]"
}

say "of the same second: ours, whatever became of its total, its contact or the person"
there 1 $second 100000 501 "$mine"
there 2 $second 770000 501 "$mine"
there 3 $second 100000 502 "$mine"
there 4 $second 100000 501 '"addressFullName":"FORGOTTEN CONTACT 20260301-101112","email":"PRI-0af3@forgotten-email.com"'
there 5 $second 100000 502 ''
there 6 $second 100000 501 '"addressFullName":"  ANN   buyer","postalCode":"ls11aa","email":"Ann@X.example"'
orders "1 2 3 4 5 6"
run_store 0
expect_eq "links" "$(how)" "$(printf '%d|found\n' 1 2 3 4 5 6)"

say "of another second: only if total, buyer and day agree"
there 11 $((second + 86400)) 100000 502 "$mine"
there 12 $((second + 86401)) 100000 501 "$mine"
there 13 $((second - 3600)) 100100 501 "$mine"
there 14 $((second - 3600)) 100000 501 ''
there 15 $((second - 3600)) 100000 502 ''
orders "11 12 13 14 15"
run_store 65
expect_eq "links" "$(how | tail -n +7)" "11|found
14|found"
expect_eq "rejects, one of them of the total that differs" "$(rejects)" "order:2 edited_after_import
order:12 already_there
order:13 already_there
order:15 already_there"
message=$(sql_store "SELECT message FROM reject WHERE key = 'order:12'")
expect_has "the reject names both" "$message" "Brightpearl order $(of_order 12 id) has the reference BC-12, but is not order 12"
expect_has "the reject says how they differ" "$message" "placed on 2026-02-04 10:00:01 UTC instead of 2026-02-03 10:00:00"
expect_has "what to do" "$(sql_store "SELECT hint FROM reject WHERE key = 'order:12'")" "./run.sh link order 12 $(of_order 12 id) --force"

say "a billing party that contradicts is somebody else, even in the same second"
there 21 $second 100000 501 '"addressFullName":"Zoe Other","postalCode":"LS1 1AA","email":"ann@x.example"'
there 22 $second 100000 501 '"addressFullName":"Ann Buyer","postalCode":"YO1 7HH","email":"ann@x.example"'
there 23 $second 100000 501 '"addressFullName":"Ann Buyer","postalCode":"LS1 1AA","email":"zoe@y.example"'
there 24 $second 100000 501 "$mine" channel_id=3
there 25 $second 100000 501 "$mine" order_type=SC
there 26 $second 100000 501 '"addressFullName":"Zoe Other"'
there 26 $second 100000 501 "$mine"
there 27 $second 100000 501 "$mine" status_id=5
there 27 $((second + 60)) 100000 501 "$mine"
orders "21 22 23 24 25 26 27"
run_store 65
expect_eq "links" "$(how | tail -n +9)" "26|found
27|found"
expect_eq "of two the one that is ours" "$(sql_store "SELECT sales_order_id FROM link_order WHERE order_id = 26")" "$(sql_sandbox "SELECT max(id) FROM bp_order WHERE external_ref = 'BC-26'")"
expect_eq "of two that are ours the living one" "$(sql_store "SELECT sales_order_id FROM link_order WHERE order_id = 27")" "$(sql_sandbox "SELECT max(id) FROM bp_order WHERE external_ref = 'BC-27'")"
expect_eq "rejects" "$(rejects | tail -n +5)" "order:21 already_there
order:22 already_there
order:23 already_there
order:24 already_there
order:25 already_there"
mark
run_store 0
expect_eq "writes" "$(count_writes)" 0

say "strangers share the contact of customers.if_absent: name and postcode tell"
setting customers.if_absent 501 customers.create no
there 31 $((second + 60)) 100000 501 '"addressFullName":"Ann Buyer","postalCode":"LS1 1AA"'
there 32 $((second + 60)) 100000 501 ''
there 33 $((second + 60)) 100000 501 '"addressFullName":"Ann Buyer"'
there 34 $second 100000 501 ''
list=''
for i in 31 32 33 34; do list+=",$(order $i '' "$(line MUG 1 10.00)")"; done
put_order "[${list:1}]"
run_store 65
expect_eq "links" "$(how | tail -n +11)" "31|found
34|found"
expect_eq "orders of that contact sent" "$(requests "method = 'POST' AND path LIKE '/order-service/sales-order%'")" 0

say "a repeat that is answered with the id of a stranger is not believed"
hidden=99999999999999
switch bp_search_lag_ms 1
there 41 $((second - 99999)) 100000 502 '"addressFullName":"Zoe Other"' instance_id=11
there 42 $second 100000 502 "$mine" instance_id=11
hidden=0
there 99 $second 100000 502 '' external_ref=X
orders "41 42 43"
run_store 65
expect_eq "links" "$(how | tail -n +13)" "42|found
43|created"
expect_has "rejects" "$(rejects)" "order:41 already_there"
