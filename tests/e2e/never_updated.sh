#!/bin/bash
# Where no contact and no product was ever updated, the search for updated ones begins where the first reading ended: nothing is read twice; and the pages of one reading are asked for with the same bounds.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
sql_sandbox "WITH RECURSIVE i(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM i WHERE n < 700)
	INSERT INTO bp_product (id, sku, name) SELECT 1000 + n, 'P' || n, 'P' || n FROM i;
	UPDATE bp_product SET updated_on = NULL, created_on = created_on + 3600 * (id - 1000)"
contact 901 c@x.example
sql_sandbox "WITH RECURSIVE i(n) AS (SELECT 2000 UNION ALL SELECT n + 1 FROM i WHERE n < 2700)
	INSERT INTO bp_contact (id, email, def_address_id, bil_address_id, del_address_id) SELECT n, 'n' || n || '@x.example', 901, 901, 901 FROM i;
	UPDATE bp_contact SET updated_on = NULL, created_on = 1735689600 + 3600 * id"
bounds() { # SEARCH: whether each of its requests that were made since mark had a bound below, above
	sql_sandbox "SELECT group_concat((query GLOB '*On=[12]*') || (query GLOB '*On=*/[12]*'), ' ')
		FROM request WHERE id > $mark AND path LIKE '%$1'"
}
make_store
mark
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
run_store 0
expect_eq "the first reading of contacts: its pages have the same bounds, none" "$(bounds contact-search)" "00 00"
expect_eq "the same of products" "$(bounds product-search)" "00 00"

say "new ones are read alone, and what was not updated not at all"
later 30
product 2 NEW
merchant sql "UPDATE bp_product SET updated_on = NULL, created_on = server_time() / 1000 WHERE id = 1002"
put_order "$(order 2 b@x.example "$(line NEW 1 10.00)")"
mark
run_store 0
expect_eq "contacts: created and updated, from where the first reading ended" "$(bounds contact-search)" "10 10"
expect_eq "products" "$(bounds product-search)" "10 10"

say "the first update of one that is there is seen"
later 30
merchant sql "UPDATE bp_contact SET email = 'found@x.example', updated_on = server_time() / 1000 WHERE id = 2500"
put_order "$(order 3 found@x.example "$(line MUG 1 10.00)")"
run_store 0
expect_eq "the contact of order 3" "$(of_order 3 contact_id)" 2500
