-- What the orders of cases.json need beside account.sql, which is read before.  Prices are ten-thousandths.
INSERT INTO bc_product (id, sku, name, price) VALUES
(21, 'BOOK-TEA', 'The book of tea', 149900),
(22, 'EBOOK-TEA', 'The book of tea, e-book', 79900),
(23, 'HAMPER', 'Hamper: tea for two', 450000),
(24, 'TWIN-CUP', 'Cup with saucer', 95000),
(25, 'SAMPLE-FREE', 'Free sample', 0),
(26, 'FILTER', 'Paper filters, 100', 13370),
(27, 'APRON', 'Apron', 240000);

-- The apron comes in two sizes: the variant's SKU is the one that counts.
UPDATE bc_product SET has_options = 1 WHERE id = 27;
DELETE FROM bc_variant WHERE product_id = 27;
INSERT INTO bc_variant (id, product_id, sku, price) VALUES (527001, 27, 'APRON-S', 240000), (527002, 27, 'APRON-L', 260000);

-- A tasting box: CASE-001 to CASE-120.
INSERT INTO bc_product (id, sku, name, price)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
SELECT 300 + i, printf('CASE-%03d', i), printf('Tasting no. %d', i), 9000 + 50 * i FROM n;

-- The account has them all, but the cup twice.
INSERT INTO bp_product (id, sku, name)
SELECT 20000 + id, sku, name FROM bc_product WHERE id BETWEEN 21 AND 26 OR id > 300;
INSERT INTO bp_product (id, sku, name) VALUES
(20901, 'APRON-S', 'Apron, small'), (20902, 'APRON-L', 'Apron, large'), (20903, 'TWIN-CUP', 'Cup with saucer (old)');

-- Books are zero-rated: the shop's tax class says so.
UPDATE bc_product SET tax_class_id = 1 WHERE sku = 'BOOK-TEA';
