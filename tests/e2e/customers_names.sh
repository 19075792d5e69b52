#!/bin/bash
# What a contact is called and where it lives: cut names, writing from right to left, one name, companies, no address.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_customers.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
of() { sql_sandbox "SELECT first_name, last_name, company FROM bp_contact WHERE email = '$1@x.example'"; }
name31=Abcdefghijklmnopqrstuvwxyzabcde
put_order "[$(buyer 1 cut@x.example 1 "${name31}é🎁x" "$name31 Zeta" 1), $(buyer 2 emoji@x.example 2 "$name31🎁" "${name31:0:30}🎁" 1),
	$(buyer 3 rtl@x.example 3 'محمد' 'בן־דוד' 1), $(buyer 4 one@x.example 4 Pelé '' 1), $(buyer 5 last@x.example 5 '' Madonna 1),
	$(buyer 6 firm@x.example 6 '' '' 1 '"billing":{"company":"Hart & Söhne Tea Rooms of the North Ltd","street_1":"1 Rd","country":"Germany","country_iso2":"DE"},"tax_rate":"0"'),
	$(buyer 7 none@x.example 7 '' '' '' '"billing":{"country":"United Kingdom","country_iso2":"GB"},"lines":[{"sku":"MUG","quantity":1,"price":"10.00","type":"digital"}],"shipping":false'),
	$(buyer 8 lines@x.example 8 'Ann\nMarie' ' Bee ' 1)]"
run_store 0
expect_eq "cut at 32 characters" "$(of cut)" "${name31}é|$name31|"
expect_eq "a character of two UTF-16 units is not halved" "$(of emoji)" "$name31|${name31:0:30}🎁|"
expect_eq "from right to left" "$(of rtl)" "محمد|בן־דוד|"
expect_eq "no last name, no first name" "$(of one) $(of last)" "Pelé|-| last|Madonna|"
expect_eq "a company without a person" "$(of firm)" "Hart & Söhne Tea Rooms of the No|-|Hart & Söhne Tea Rooms of the North Ltd"
expect_eq "nothing at all" "$(of none)" "none|-|"
expect_eq "no address: a dash" "$(person none)" "none|-||-|"
expect_eq "a line break" "$(of lines)" "Ann Marie|Bee|"

say "the same orders' data again are no change; a name where there was none is"
put_order "[$(buyer 11 cut@x.example 1 "${name31}é🎁x" "$name31 Zeta" 1), $(buyer 12 one@x.example 4 Pelé '' 1 '"created":"2026-02-04T10:00:00Z"'),
	$(buyer 17 none@x.example 7 Noah Now '' '"created":"2026-02-04T10:00:00Z","billing":{"first_name":"Noah","last_name":"Now","country":"United Kingdom","country_iso2":"GB"}')]"
mark
run_store 0
expect_eq "only the missing name goes by PATCH" "$(patches)" '[{"op":"replace","path":"/firstName","value":"Noah"},{"op":"replace","path":"/lastName","value":"Now"}]'
expect_eq "an address that says nothing overwrites nothing" "$(person none)" "Noah|Now||-|"
say "a company cannot be changed in Brightpearl and is not tried"
put_order "$(buyer 21 firm@x.example 6 '' '' 1 '"created":"2026-02-05T10:00:00Z","billing":{"company":"New Name Ltd","street_1":"1 Rd","country":"Germany","country_iso2":"DE"},"tax_rate":"0"')"
mark
run_store 0
expect_eq "writes to contacts" "$(requests "method <> 'GET' AND path LIKE '/contact-service/%'")" 0
