# Shared by scenarios of edited orders; after lib.sh.
writes() { # since mark: the paths written to, numbers as ID
	sql_sandbox "SELECT path FROM request WHERE id > $mark AND method <> 'GET' ORDER BY id" | sed 's|.*-service/||; s|/[0-9][0-9]*|/ID|g; s|/$||'
}
notes() { sql_sandbox "SELECT n.text FROM bp_order_note n JOIN bp_order o ON o.id = n.order_id WHERE o.external_ref = 'BC-$1' ORDER BY n.id"; } # ORDER
edit_mark() { sql_store "SELECT substr(lines_sha256, 1, 8) FROM stg_bc_order WHERE id = $1"; } # ORDER: of the edit at hand
edit_state() { sql_store "SELECT state, sent = body, sent_sha256 = source_sha256, agreed IS NULL FROM out_order WHERE order_id = $1"; } # ORDER
# The order's rows in Brightpearl with what ties them: id|reference|product|quantity|gross
bound_rows() { sql_sandbox "SELECT r.id, coalesce(r.external_ref, '-'), r.product_id, r.quantity / 10000, printf('%.2f', (r.net + r.tax) / 1e4)
	FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE o.external_ref = 'BC-$1' ORDER BY r.id"; }
