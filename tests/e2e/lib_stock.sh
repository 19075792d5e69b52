# Shared by the inventory scenarios, after lib.sh.
put_stock() { # PRODUCT WAREHOUSE IN_STOCK [ALLOCATED], in Brightpearl
	sql_sandbox "INSERT OR REPLACE INTO bp_stock (product_id, warehouse_id, in_stock, allocated) VALUES ($1, $2, $3, ${4:-0})"
}
# What the shop shows at a location: SKU=on hand of each product without options.
shop() { # [LOCATION]
	sql_sandbox "SELECT group_concat(p.sku || '=' || coalesce(s.onhand, '-'), ' ') FROM (SELECT * FROM bc_product WHERE NOT has_options ORDER BY sku) p
		LEFT JOIN bc_stock s ON s.variant_id = 500000 + p.id AND s.location_id = ${1:-1}"
}
pushes() { requests "path LIKE '/v3/inventory/adjustments/%'"; }
