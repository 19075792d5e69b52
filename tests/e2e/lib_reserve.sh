# Shared by the scenarios of reservations; source lib.sh first.

make_reserving_store() {
	make_store
	sed -i 's/^Main Warehouse,no,/Main Warehouse,1,/' "$store/mappings/warehouses.csv"
}
stock() { # PRODUCT IN_STOCK [WAREHOUSE]; PRODUCT as in product(): its id in BigCommerce
	sql_sandbox "INSERT INTO bp_stock (product_id, warehouse_id, in_stock) VALUES (1000 + $1, ${3:-2}, $2)
		ON CONFLICT DO UPDATE SET in_stock = $2"
}
# Of an order: warehouse and product=pieces of each row as Brightpearl has them reserved.
reserved() {
	sql_sandbox "SELECT v.warehouse_id || ':' || coalesce((SELECT group_concat(' ' || product_id || '=' || quantity, '')
		FROM (SELECT * FROM bp_reservation_row WHERE order_id = v.order_id ORDER BY product_id, row_id)), '')
		FROM bp_reservation v JOIN bp_order o ON o.id = v.order_id WHERE o.external_ref = 'BC-$1'"
}
short() { sql_store "SELECT key || ' ' || pieces FROM order_short ORDER BY order_id"; }
reservations() { requests "path LIKE '%/reservation%' AND ($1)"; } # [CONDITION] single ones
