# Sourced by retail.sh: the day of retail_day.sql, and what it may cost.

chain='reference customers orders payments notes fulfillment statuses inventory' # all but the comparison

# Orders whose captured money is not what Brightpearl shows as received, refunds taken off.
unequal_payments() {
	ask "SELECT count(*) FROM bp_order o JOIN bc_order b ON o.external_ref = 'BC-' || b.id WHERE
		coalesce((SELECT sum(iif(type = 'PAYMENT', -amount_paid, amount_paid)) FROM bp_payment p WHERE p.order_id = o.id), 0)
		<> coalesce((SELECT sum(CAST(round(10000 * (body ->> 'amount')) AS INTEGER)) FROM bc_transaction t
			WHERE t.order_id = b.id AND t.body ->> 'event' IN ('purchase', 'capture')), 0)
		 - coalesce((SELECT sum(CAST(round(10000 * (body ->> 'total_amount')) AS INTEGER)) FROM bc_refund r WHERE r.order_id = b.id), 0)"
}

# Products of which the shop does not show what Brightpearl may sell.
unequal_stock() {
	ask "SELECT count(*) FROM bp_stock t JOIN bp_product p ON p.id = t.product_id JOIN bc_product b ON b.sku = p.sku
		LEFT JOIN bc_stock s ON s.variant_id = 500000 + b.id AND s.location_id = 1 WHERE s.onhand IS NOT max(0, t.in_stock - t.allocated)"
}

writes_since() { # REQUEST METHOD PATH-GLOB
	ask "SELECT count(*) FROM request WHERE id > $1 AND method = '$2' AND path GLOB '$3'"
}

day() { ask "SELECT count(*) FROM day WHERE what IN ('$1'${2:+, '$2'})"; }

# Run; sets since, the last request before it.
run_after() { # WHAT HAPPENED
	since=$(ask "SELECT max(id) FROM request")
	run_pipeline
	echo "after $1: exit code $code, $(ask "SELECT count(*) FROM request WHERE id > $since") requests, $seconds s"
	grep -v rejected "$work/summary" | show "summary:"
	show_requests "$since"
	[ "$peak" -le "$first_peak" ] || first_peak=$peak
}

quiet_after() { # WHAT
	run_after "$1, once more"
	must "writes when nothing is new" "$(ask "SELECT count(*) FROM request WHERE id > $since AND method <> 'GET'")" -eq 0
	must "exit code" "$code" -eq 0
}

after_a_day() {
	local notes statuses late skus reads
	ask "CREATE TABLE day_clock AS SELECT $(now) AS at"
	ask ".read $home/tests/retail_day.sql"
	notes=$(ask "SELECT count(*) FROM bp_goods_out")
	statuses=$(($(day 'status there') + notes))
	ask "SELECT count(*) || '  ' || what FROM day WHERE what <> '' GROUP BY what
		UNION ALL SELECT count(*) || '  captured late' FROM day_uncaptured" | show "a day:"
	run_after "a day"
	must "exit code: edits are told" "$code" -eq "$(($(day edited) ? 65 : 0))"
	must "orders that were edited, and told" "$(own "SELECT count(*) FROM reject WHERE reason = 'edited_after_import' AND closed_at IS NULL")" -eq "$(day edited)"
	must "other rejects" "$(own "SELECT count(*) FROM reject WHERE reason <> 'edited_after_import' AND closed_at IS NULL")" -eq 0
	must "shipments" "$(ask "SELECT count(*) FROM bc_shipment")" -eq "$notes"
	must "pieces that differ" "$(ask "SELECT abs(coalesce((SELECT sum(i.value ->> 'quantity') FROM bc_shipment s, json_each(s.body, '$.items') i), 0)
		- (SELECT sum(quantity) FROM bp_goods_out_row))")" -eq 0
	must "POSTs of shipments" "$(writes_since "$since" POST '/v2/orders/*/shipments')" -le $((notes * 105 / 100))
	must "PUTs of orders, $statuses statuses and $(day 'note there') notes" "$(writes_since "$since" PUT '/v2/orders/[0-9]*')" \
		-le $((statuses + $(day 'note there')))
	must "statuses that do not follow" "$(ask "SELECT count(*) FROM day d JOIN bc_order b ON b.id = d.shop JOIN bp_order o ON o.id = d.sale
		WHERE (o.status_id, b.status_id) NOT IN (VALUES (21, 2), (20, 3), (18, 12), (19, 9)) AND d.what IN ('shipped', 'part shipped', 'status there', 'status here')")" -eq 0
	must "notes that do not follow" "$(ask "SELECT count(*) FROM day d JOIN bc_order b ON b.id = d.shop
		LEFT JOIN bp_order_field f ON f.order_id = d.sale WHERE d.what LIKE 'note%'
		AND f.value ->> '$' IS NOT iif(d.what = 'note there', b.staff_notes, b.customer_message)")" -eq 0
	must "orders paid otherwise than in the shop" "$(unequal_payments)" -eq 0
	must "stock that differs" "$(unequal_stock)" -eq 0
	skus=$(own "SELECT count(*) FROM ref_bp_product")
	reads=$(ask "SELECT count(*) FROM request WHERE id > $since AND path LIKE '/warehouse-service/product-availability/%'")
	must "reads of stock, of $skus SKUs" "$reads" -le $((skus / 100 + 5))
	must "writes of stock" "$(writes_since "$since" PUT '/v3/inventory/*')" -le 2
	quiet_after "a day"

	late=$(ask "UPDATE bp_goods_out SET reference = 'LATE' || id WHERE reference = ''; SELECT changes()")
	run_after "$late tracking numbers came late"
	must "shipments without their number" "$(ask "SELECT count(*) FROM bc_shipment WHERE coalesce(body ->> 'tracking_number', '') = ''")" -eq 0
	must "PUTs of shipments" "$(writes_since "$since" PUT '/v2/orders/*/shipments/*')" -eq "$late"
	must "writes in all" "$(ask "SELECT count(*) FROM request WHERE id > $since AND method <> 'GET'")" -eq "$late"
	quiet_after "late numbers"
}

compare() {
	local first last
	first=$(ask "SELECT date(min(date_created), 'unixepoch') FROM bc_order WHERE id < 700000")
	last=$(ask "SELECT date(max(date_created), 'unixepoch') FROM bc_order WHERE id < 700000")
	code=0
	"$build/pearlbridge" --store "$store" reconcile --from "$first" --to "$last" >"$work/summary" 2>"$work/log" || code=$?
	show "reconcile --from $first --to $last:" < <(head -n 30 "$work/summary")
	must "exit code of the comparison" "$code" -eq 0
	[ "$code" = 0 ] || tail -n 5 "$work/log"
	must "differences" "$(own "SELECT count(*) FROM reconcile_difference WHERE class = 'difference' AND reconcile_id = (SELECT max(id) FROM reconcile_run)")" -eq 0
}
