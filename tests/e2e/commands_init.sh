#!/bin/bash
# init on a store with credentials: the account's names go into the files that are still as shipped, and no others.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
cp "$home"/mappings/*.csv "$store/mappings/"
run_store 0 init
expect_no "what is said where the examples fit" "$said" filled
expect_eq "files that differ from the shipped" "$(for f in "$home"/mappings/*.csv; do cmp -s "$f" "$store/mappings/${f##*/}" || echo "$f"; done)" ""

say "an account that calls things differently"
sql_sandbox "UPDATE bp_channel SET name = 'Web, \"main\"' WHERE id = 2; UPDATE bp_warehouse SET name = 'Leeds' WHERE id = 2;
	UPDATE bp_warehouse SET name = 'Hull' WHERE id = 3; UPDATE bp_shipping_method SET name = 'Royal Mail 48' WHERE id = 1;
	UPDATE bp_shipping_method SET name = 'Next day by noon' WHERE id = 2; UPDATE bp_payment_method SET code = 'STRIPE', name = 'Card (Stripe)' WHERE id = 1;
	UPDATE bp_payment_method_account SET method_id = 1 WHERE method_id = 1; UPDATE bp_payment_method SET code = 'PP', name = 'PayPal Express' WHERE id = 2;
	UPDATE bp_payment_method SET code = 'BACS', name = 'BACS' WHERE id = 3; UPDATE bp_tax_code SET code = 'VAT20' WHERE code = 'T20'"
cp "$store/mappings/shipping.csv" "$work/shipping.csv"
echo 'BigCommerce,Bike,no,,,,,mine' >>"$store/mappings/shipping.csv"
run_store 0 init
expect_eq "the channel" "$(sed -n 2p "$store/mappings/sales.csv" | cut -d, -f 5-7)" '"Web, ""main""",'
expect_eq "the warehouses" "$(cut -d, -f 1,2 "$store/mappings/warehouses.csv")" "warehouse,reserve
Leeds,1
Hull,no"
expect_eq "payment methods" "$(cut -d, -f 1,6 "$store/mappings/payments.csv" | sed -n 2,5p)" "Credit Card*,STRIPE
credit_card*,STRIPE
PayPal*,PP
Bank Deposit,BANK"
expect_has "what cannot be told" "$said" "your account has no \"BANK\""
expect_eq "the tax code" "$(sed -n 2p "$store/mappings/taxes.csv" | cut -d, -f 7)" VAT20
expect_has "a file with a line of one's own" "$(cat "$store/mappings/shipping.csv")" "Express*,yes,Express"
run_store 78 mappings check
expect_has "the check" "$said" 'payments.csv:5: becomes: Brightpearl has no payment method "BANK"'
expect_has "the check" "$said" 'shipping.csv:2: warning: becomes: "Express" was renamed to "Next day by noon"'

say "mended by hand and by init, an order goes through"
cp "$work/shipping.csv" "$store/mappings/shipping.csv"
run_store 0 init
expect_eq "shipping methods" "$(cut -d, -f 4 "$store/mappings/shipping.csv" | sed -n 2,3p)" "Next day by noon
Royal Mail 48"
sed -i 's/,BANK,/,BACS,/' "$store/mappings/payments.csv"
run_store 78 mappings check
expect_has "what everybody has to fill in" "$said" "orders.start_date: say from when on orders are imported"
setting orders.start_date 2026-01-01T00:00:00Z
run_store 0 mappings check
expect_has "how far back it goes" "$said" "days ago: all orders placed since then are brought over"
setting customers.enabled yes orders.enabled yes payments.enabled no inventory.enabled no
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
run_store 0
expect_eq "orders there" "$(orders_there)" "BC-1"

say "lists that cannot be read leave everything as it is"
store=$work/other
mkdir "$store" && cp "$work/store/.env" "$store/.env"
fault api=brightpearl kind=status_before arg=503 times=-1
run_store 75 init
expect_has "what is said" "$said" "could not be read"
sql_sandbox "DELETE FROM fault"
run_store 0 init
expect_has "what is said then" "$said" "filled"
