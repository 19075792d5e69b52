#!/bin/bash
# Custom fields: changes that leave the order's updatedOn alone, fields of one line, other fields, too long a text.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
start_sandbox
make_store
notes_on
product 1 MUG
mug=$(line MUG 1 10.00)
sql_sandbox "INSERT INTO bp_custom_field (id, code, name, type) VALUES (140, 'PCF_LINE', 'One line', 'TEXT')"
put_order "[$(order 1 a@x.example "$mug" '"staff_notes":"first"'), $(order 2 a@x.example "$mug" '"staff_notes":"first"'), $(order 3 a@x.example "$mug"), $(order 4 a@x.example "$mug")]"
run_store 0

say "a change that leaves updatedOn alone is found when open orders are read again"
sql_sandbox "UPDATE bp_order_field SET value = '\"quiet\"' WHERE order_id = $(bp_id 1)"
later $((25 * 60))
run_store 0
expect_eq "staff note" "$(bc_of 1 staff_notes)" quiet

say "too long for BigCommerce: told, not cut"
field_set 4 PCF_CUSTNOTE "$(printf 'x%.0s' {1..65536})"
run_store 65
expect_eq rejects "$(rejects)" "note:4:customer too_long"
field_set 4 PCF_CUSTNOTE "short"
run_store 0
expect_eq "shortened" "$(bc_of 4 customer_message)|$(rejects)" "short|"

say "another custom field begins anew: what differs is left, what changes is carried"
switch bp_field_lines one
setting notes.staff_field PCF_LINE
mark
run_store 0
expect_eq writes "$(count_writes)" 0
expect_eq "listed" "$(sql_store "SELECT key FROM skip WHERE job = 'notes' AND reason LIKE 'differed%' ORDER BY 1")" "note:1:staff
note:2:staff"
bc_note 2 staff_notes $'two\nlines'
bc_note 3 staff_notes 'one line'
run_store 65
expect_eq "a field of one line refuses two" "$(rejects)" "note:2:staff refused"
expect_eq "one line" "$(field_of 3 PCF_LINE)" "one line"
quiet_run "refused"
bc_note 2 staff_notes 'mended'
run_store 0
expect_eq "mended" "$(field_of 2 PCF_LINE)|$(rejects)" "mended|"
setting notes.staff_field PCF_GIFT
run_store 78
expect_has "a field that is no text" "$told" "of another kind"
setting notes.staff_field PCF_CUSTNOTE
run_store 78
expect_has "one field for both" "$told" "each note needs one of its own"
