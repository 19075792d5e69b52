#!/bin/bash
# Made-up orders with prices, rates, discounts, coupons, credit, fees, wrapping and addresses of all kinds, told
# in every way that BigCommerce leaves open: each one equal to the penny, rows and totals.  SEED=n: others.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting orders.gift_certificate_nominal 4060
mapping taxes.csv 'GB,*,*,*,*,0,T0,zero rate'
setting limits.orders 50000
for i in 1 2 3 4 5 6; do product $i SKU-$i; done
each=${ORDERS:-60} first=1001
sql_sandbox "CREATE TABLE told(first INTEGER PRIMARY KEY, after_credit INTEGER)"
while read -r fees credit shared tax rounding; do
	switch bc_fees_in_total $fees bc_total_after_credit $credit bc_discount_on_lines $shared bc_line_tax $tax bc_tax_rounding $rounding
	put_order "$(awk -v seed="${SEED:-4711}$first" -v first=$first -v count="$each" -f "$home/tests/e2e/money_many.awk")"
	sql_sandbox "INSERT INTO told VALUES($first, '$credit' = 'yes')"
	first=$((first + each))
done <<-END
	no no yes after as_told
	yes no yes after as_told
	no yes yes before as_told
	yes yes no after as_told
	no no no before as_told
	no no yes after line
	no no yes after unit
	no no yes after order
	yes no no after order
END
run_store 0
expect_eq "rejects" "$(sql_store "SELECT key, reason, message FROM reject WHERE closed_at IS NULL LIMIT 9")" ""
expect_eq "sent" "$(sql_sandbox "SELECT count(*), count(DISTINCT external_ref) FROM bp_order")" "$((first - 1001))|$((first - 1001))"
# store credit and certificates are payments: an order's worth is its total before they were used
sql_sandbox "CREATE VIEW worth AS SELECT 'BC-' || id AS ref, CAST(round(10000 * (body ->> 'total_tax')) AS INTEGER) AS tax,
	total_inc_tax + (SELECT after_credit FROM told WHERE first <= id ORDER BY first DESC LIMIT 1)
	* CAST(round(10000 * (body ->> 'store_credit_amount') + 10000 * (body ->> 'gift_certificate_amount')) AS INTEGER) AS total FROM bc_order"
expect_eq "orders that differ in total or tax" "$(sql_sandbox "SELECT w.ref, o.total, w.total, o.total_tax, w.tax FROM bp_order o
	JOIN worth w ON w.ref = o.external_ref WHERE o.total <> w.total OR abs(o.total_tax - w.tax) >= 100 LIMIT 9")" ""
expect_eq "rows add up to the order" "$(sql_sandbox "SELECT count(*) FROM bp_order o WHERE total <> (SELECT sum(net + tax) FROM bp_order_row r WHERE r.order_id = o.id)")" 0
expect_eq "rows of rounding above a penny or two" "$(sql_sandbox "SELECT o.external_ref, r.net FROM bp_order_row r JOIN bp_order o ON o.id = r.order_id WHERE r.name = 'Rounding' AND abs(r.net + r.tax) > 300 LIMIT 9")" ""
expect_eq "orders to several addresses have a note" "$(sql_store "SELECT count(*) > 0, sum(note IS NULL) FROM out_order x
	WHERE (SELECT count(*) FROM stg_bc_order_address a WHERE a.order_id = x.order_id) > 1")" "1|0"
mark
run_store 0
expect_eq "writes of a second run" "$(count_writes)" 0
