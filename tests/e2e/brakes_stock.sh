#!/bin/bash
# Stock: falls that orders explain go, a stocktake goes; many falls to zero or great rises are held alone, read again, then sent or not.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
setting inventory.enabled yes reconcile.every_hours 1
sql_sandbox "INSERT INTO bc_product (id, sku, name) SELECT value, 'S' || value, 't' FROM generate_series(101, 200);
	INSERT INTO bp_product (id, sku, name) SELECT 1000 + value, 'S' || value, 't' FROM generate_series(101, 200);
	INSERT INTO bp_stock (product_id, warehouse_id, in_stock) SELECT id, 2, 20 FROM bp_product WHERE id > 1000"
shows() { sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand = $1"; }
unequal() { sql_sandbox "SELECT count(*) FROM bp_stock t LEFT JOIN bc_stock s ON s.variant_id = 499000 + t.product_id WHERE s.onhand IS NOT t.in_stock - t.allocated"; }
run_store 0
expect_eq "the first push" "$(shows 20)" 100

say "a stocktake: every quantity changes a little, five fall to zero, one rises greatly"
sql_sandbox "UPDATE bp_stock SET in_stock = 15 + product_id % 9; UPDATE bp_stock SET in_stock = 0 WHERE product_id <= 1105; UPDATE bp_stock SET in_stock = 900 WHERE product_id = 1200"
run_store 0
expect_eq "SKUs that differ" "$(unequal)" 0

say "sold out by orders of any channel: goods that are allocated, and orders that Brightpearl does not have yet"
sql_sandbox "UPDATE bp_stock SET allocated = in_stock WHERE product_id BETWEEN 1111 AND 1130"
list=''
for n in $(seq 131 150); do list+=",$(line S"$n" 30 1.00)"; done
switch bc_stock_taken never
put_order "$(order 1 a@x.example "${list:1}" '"status_id":12')"
run_store 0
expect_eq "SKUs at zero" "$(sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand = 0 AND variant_id BETWEEN 500111 AND 500150")" 40

say "twelve of a hundred fall to zero without orders: held, they alone; a second reading sends them"
sql_sandbox "UPDATE bp_stock SET in_stock = 0 WHERE product_id BETWEEN 1151 AND 1162; UPDATE bp_stock SET in_stock = 33 WHERE product_id = 1170"
run_store 65
expect_eq "the others went" "$(shows 33)" 1
expect_eq "held" "$(sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand > 0 AND variant_id BETWEEN 500151 AND 500162")" 12
for part in "12 of 100 quantities are held, the others go" "12 would fall to 0 without orders that explain it" "UTC that reads the same sends them" "--allow-large inventory"; do
	expect_has "what is said" "$told$said" "$part"
done
run_store 65
expect_eq "too soon: held" "$(sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand > 0 AND variant_id BETWEEN 500151 AND 500162")" 12
later 12
run_store 0
expect_eq "sent" "$(sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand = 0 AND variant_id BETWEEN 500151 AND 500162")" 12

say "a fall that was put right and comes again is a new one: it is read twice anew"
sql_sandbox "CREATE TABLE before AS SELECT * FROM bp_stock; UPDATE bp_stock SET in_stock = allocated WHERE product_id BETWEEN 1171 AND 1180"
run_store 65
sql_sandbox "UPDATE bp_stock SET in_stock = (SELECT in_stock FROM before b WHERE b.product_id = bp_stock.product_id)"
later 12
run_store 0
sql_sandbox "UPDATE bp_stock SET in_stock = allocated WHERE product_id BETWEEN 1171 AND 1180"
later 12
run_store 65
expect_eq "held" "$(sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand > 0 AND variant_id BETWEEN 500171 AND 500180")" 10
sql_sandbox "UPDATE bp_stock SET in_stock = (SELECT in_stock FROM before b WHERE b.product_id = bp_stock.product_id); DROP TABLE before"
run_store 0

say "a mass fall is held until a person says so; one line tells of it, and in the comparison too"
sql_sandbox "CREATE TABLE kept AS SELECT * FROM bp_stock; UPDATE bp_stock SET in_stock = allocated WHERE product_id BETWEEN 1163 AND 1200"
run_store 65
later 61
run_store 65
expect_eq "held" "$(sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand > 0 AND variant_id BETWEEN 500163 AND 500200")" 38
expect_has "why" "$told$said" "they are 20 % of all or more"
expect_eq "lines of the comparison" "$(sql_store "SELECT class, key, message FROM reconcile_difference WHERE kind = 'stock' AND reconcile_id = (SELECT max(id) FROM reconcile_run)")" \
	"waiting|stock:held|38 quantities are held by the brake of stock"
mark
run_store 0 plan inventory
expect_has "plan" "$said" "a brake would hold: 38 quantities"
say "it was a mistake there, put right: nothing happened"
sql_sandbox "UPDATE bp_stock SET in_stock = (SELECT in_stock FROM kept k WHERE k.product_id = bp_stock.product_id)"
mark
run_store 0
expect_eq "pushes" "$(pushes)" 0

say "it was meant: --allow-large inventory"
sql_sandbox "UPDATE bp_stock SET in_stock = allocated WHERE product_id BETWEEN 1163 AND 1200"
run_store 65
run_store 0 --allow-large inventory
expect_eq "at zero" "$(sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand = 0 AND variant_id BETWEEN 500163 AND 500200")" 38

say "a warehouse published by mistake: great rises are held, the mapping is named"
sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) SELECT id, 3, 5000 FROM bp_product WHERE id BETWEEN 1111 AND 1160"
sed -i 's/^Overflow Warehouse,no,no,0/Overflow Warehouse,no,yes,0/' "$store/mappings/warehouses.csv"
run_store 65
expect_eq "risen" "$(sql_sandbox "SELECT count(*) FROM bc_stock WHERE onhand > 3000")" 0
expect_has "what is said" "$told$said" "50 would rise to more than 5 times what they were"
expect_has "what is said" "$told$said" "since stock was last set, mappings/warehouses.csv changed"
