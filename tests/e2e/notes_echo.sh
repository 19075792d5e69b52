#!/bin/bash
# What we wrote is no news when it is read back, however the other side dresses, breaks or trims it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
notes_on
product 1 MUG
mug=$(line MUG 1 10.00)
bare() { tr -d '\r' | sed 's/&amp;/\&/g; s/&lt;/</g; s/&gt;/>/g; s/^ *//; s/ *$//'; }
n=1
put_order "$(order 1 a@x.example "$mug")"
run_store 0
for how in 'entities no refuse' 'crlf yes overwrite' 'entities,crlf,trimmed no refuse'; do
	read -r dress touches add <<<"$how"
	say "$dress; a custom field's change touches the order: $touches; add on one that is set: $add"
	switch bc_notes_text "$dress" bp_field_text "$dress" bp_field_touches "$touches" bp_field_add "$add"
	n=$((n + 1))
	put_order "$(order $n a@x.example "$mug" '"customer_message":"  5 < 6 & x\n\nsecond \n"')"
	field_set 1 PCF_STAFFNOTE $'a & b &lt;\n'"$n"$'<i>\n\n'
	run_store 0
	expect_eq "customer message" "$(field_of $n PCF_CUSTNOTE | bare)" $'5 < 6 & x\n\nsecond'
	expect_eq "staff note" "$(bc_of 1 staff_notes | bare)" $'a & b <\n'"$n<i>"
	quiet_run "$dress: an echo"
done
