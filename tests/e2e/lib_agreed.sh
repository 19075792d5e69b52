# Sourced after lib.sh by scenarios about notes and statuses.

notes_on() { setting notes.to_brightpearl.enabled yes notes.to_bigcommerce.enabled yes notes.customer_field PCF_CUSTNOTE notes.staff_field PCF_STAFFNOTE; }
statuses_on() { # the shipped statuses.csv, but for what these lines say
	setting statuses.to_brightpearl.enabled yes statuses.to_bigcommerce.enabled yes
	printf '%s\n' "from,status,sync,owes_goods,becomes,note" "$@" >"$store/mappings/statuses.csv"
}
bp_id() { of_order "$1" id; } # ORDER
# The custom field as Brightpearl stores it, and as somebody there changes it ('' clears it).
field_of() { sql_sandbox "SELECT value ->> '\$' FROM bp_order_field WHERE order_id = $(bp_id "$1") AND code = '$2'"; } # ORDER CODE
field_set() { # ORDER CODE TEXT
	local id
	id=$(bp_id "$1")
	if [ -z "$3" ]; then sql_sandbox "DELETE FROM bp_order_field WHERE order_id = $id AND code = '$2'"
	else sql_sandbox "REPLACE INTO bp_order_field VALUES ($id, '$2', json_quote('${3//\'/\'\'}'))"; fi
	bp_touch "$1"
}
bp_touch() { sql_sandbox "UPDATE bp_order SET updated_on = (SELECT max(coalesce(updated_on, 0), $(now)) FROM bp_order WHERE id = $(bp_id "$1")) WHERE id = $(bp_id "$1")"; }
bp_status() { sql_sandbox "UPDATE bp_order SET status_id = $2 WHERE id = $(bp_id "$1")" && bp_touch "$1"; } # ORDER STATUS
bc_of() { sql_sandbox "SELECT $2 FROM bc_order WHERE id = $1"; } # ORDER COLUMN
bc_note() { sql_sandbox "UPDATE bc_order SET $2 = '${3//\'/\'\'}', body = json_remove(body, '\$.$2'), date_modified = $(now) WHERE id = $1"; } # ORDER COLUMN TEXT
bc_status() { sql_sandbox "UPDATE bc_order SET status_id = $2, body = json_remove(body, '\$.status', '\$.custom_status'), date_modified = $(now) WHERE id = $1"; }
# Seconds on the clock that both sides share.
now() { echo $(((PEARLBRIDGE_CLOCK_ANCHOR + (${EPOCHREALTIME/[.,]/} / 1000 - PEARLBRIDGE_CLOCK_ANCHOR) * PEARLBRIDGE_CLOCK_SPEED) / 1000 + ${PEARLBRIDGE_CLOCK_OFFSET:-0})); }
quiet_run() { # WHAT: a run that writes nothing
	mark
	run_store "${2:-0}"
	expect_eq "$1: writes" "$(sql_sandbox "SELECT group_concat(method || ' ' || path || ' ' || coalesce(substr(body, 1, 80), ''), char(10)) FROM request WHERE id > $mark AND method <> 'GET'")" ""
}
