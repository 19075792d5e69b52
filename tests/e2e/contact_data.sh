#!/bin/bash
# What a new contact is made of: long names, accents, entities, missing fields, no e-mail.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG 'Tea &amp; Mug'
mug=$(line MUG 1 10.00)
bill() { printf '"billing":{"first_name":"%s","last_name":"%s","company":"%s","street_1":"%s","city":"%s","zip":"%s","country":"%s","country_iso2":"%s"}' "$@"; }
long=Wolfeschlegelsteinhausenbergerdorff
put_order "[$(order 1 long@x.example "$mug" "$(bill Hubert $long '' '1 St' Bonn 5 Germany DE),\"tax_rate\":\"0\""),
	$(order 2 accent@x.example "$mug" "$(bill 'Zoë' 'Łukasiński-Ñandú' 'Crème & Söhne' 'Straße 1' 'Kraków' 30-001 Poland PL),\"tax_rate\":\"0\""),
	$(order 3 entity@x.example "$mug" "$(bill 'Tom &amp; Ann' 'O&#39;Neill' 'A &amp;amp; B' '5 &quot;The Lodge&quot;' X Y 'United Kingdom' GB)"),
	$(order 4 bare@x.example "$mug" "$(bill '' '' '' '' '' '' 'United Kingdom' GB),\"customer\":{\"email\":\"bare@x.example\",\"first_name\":\"\",\"last_name\":\"\"}"),
	$(order 5 '' "$mug"),
	$(order 6 emoji@x.example "$mug" "$(bill 'Ann 🎁' 'Ünïcødé' '' '1 Rd' L Z 'United Kingdom' GB)")]"
run_store 65
expect_eq rejects "$(rejects)" "order:5 no_email"
of() { sql_sandbox "SELECT first_name, last_name, company FROM bp_contact WHERE email = '$1@x.example'"; }
expect_eq "names are cut at 32 characters" "$(of long)" "Hubert|${long:0:32}|"
expect_eq "but not on the order" "$(of_order 1 "billing_address ->> '$.addressFullName'")" "Hubert $long"
expect_eq "accents" "$(of accent)" "Zoë|Łukasiński-Ñandú|Crème & Söhne"
expect_eq "entities are decoded once" "$(of entity)" "Tom & Ann|O'Neill|A &amp; B"
expect_eq "entities in the order's address" "$(of_order 3 "billing_address ->> '$.addressLine1'")" '5 "The Lodge"'
expect_eq "and in a row's name" "$(sql_sandbox "SELECT DISTINCT name FROM bp_order_row WHERE product_id = 1001")" "Tea & Mug"
expect_eq "a contact without a name" "$(of bare)" "bare|-|"
expect_eq "country" "$(sql_sandbox "SELECT iso3 FROM bp_contact c JOIN bp_address a ON a.id = c.def_address_id JOIN bp_country k ON k.id = a.country_id WHERE email = 'accent@x.example'")" POL
expect_eq "emoji" "$(of emoji)" "Ann 🎁|Ünïcødé|"
say "no e-mail: booked on the contact of customers.if_absent"
setting customers.if_absent 200
run_store 0
expect_eq "order 5's contact" "$(of_order 5 contact_id)" 200
expect_eq rejects "$(rejects)" ""
say "customers.create no: known ones go, others wait or are booked there"
setting customers.create no customers.if_absent hold
put_order "[$(order 7 new@x.example "$mug"), $(order 8 long@x.example "$mug")]"
mark
run_store 65
expect_eq rejects "$(rejects | sort)" "customer:new@x.example customer_absent
order:7 customer_absent"
expect_eq "order 8" "$(of_order 8 1)" 1
setting customers.if_absent 200
run_store 0
expect_eq "order 7's contact" "$(of_order 7 contact_id)" 200
expect_eq rejects "$(rejects)" ""
expect_eq "contacts made" "$(requests "path LIKE '/contact-service/%' AND method = 'POST'")" 0
say "customers.enabled no as well"
setting customers.enabled no customers.if_absent hold
put_order "$(order 9 newer@x.example "$mug")"
run_store 65
expect_has rejects "$(rejects)" "order:9 customer_absent"
