-- What is in the account's warehouse in the morning: plenty of everything but teapots, which are short.
INSERT INTO bp_stock (product_id, warehouse_id, in_stock)
SELECT id, 2, iif(sku = 'POT-STEEL', 6, 400) FROM bp_product;
