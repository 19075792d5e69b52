-- The demo's catalogue: products in the shop (BigCommerce) and in the account (Brightpearl), and one
-- customer that the account knows already.  Prices are ten-thousandths.
INSERT INTO bc_product (id, sku, name, price) VALUES
(1, 'TEA-EARL', 'Earl Grey, 100 g', 65000),
(2, 'TEA-ASSAM', 'Assam, 250 g', 89500),
(3, 'TEA-MINT', 'Peppermint, 50 g', 42500),
(4, 'MUG-BLUE', 'Mug, blue', 120000),
(5, 'MUG-GREEN', 'Mug, green', 120000),
(6, 'POT-STEEL', 'Teapot, steel', 349900),
(7, 'TIN-SMALL', 'Storage tin, small', 75000);

-- Samples for tea rooms: SAMPLE-01 to SAMPLE-55.
INSERT INTO bc_product (id, sku, name, price)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 55)
SELECT 100 + i, printf('SAMPLE-%02d', i), printf('Tea sample no. %d', i), 10000 + 100 * i FROM n;

-- The account has all of them, but the green mug stands there under another SKU.
INSERT INTO bp_product (id, sku, name)
SELECT 20000 + id, iif(sku = 'MUG-GREEN', 'MUG-GRN', sku), name FROM bc_product;

INSERT INTO bp_address (id, contact_id, line1, line3, postal_code, country_id)
VALUES (501, 501, '7 Castle Street', 'Edinburgh', 'EH1 2DP', 222);
INSERT INTO bp_contact (id, first_name, last_name, email, def_address_id, bil_address_id, del_address_id)
VALUES (501, 'Carol', 'MacDonald', 'carol@example.com', 501, 501, 501);
