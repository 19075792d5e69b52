-- The rules of the Online Retail file, run once its rows are in the temporary table retail_row
-- (n, invoice, sku, description, quantity, at, price, customer, country).

CREATE INDEX retail_invoice ON retail_row (invoice, n);
CREATE INDEX retail_code ON retail_row (sku, n);

-- A C... invoice is a cancelled order.  Elsewhere rows without quantity or with a negative price
-- are stock corrections and bad debt: no sale.
CREATE TEMP VIEW retail_kept AS
SELECT *, sku IN ('POST', 'DOT', 'C2') AS is_shipping
FROM retail_row
WHERE invoice LIKE 'C%' OR (quantity > 0 AND price >= 0);

-- SKUs that differ only in case are one: the first spelling counts.  Name and price are a sale's;
-- corrections carry remarks such as "damaged" as description.
CREATE TEMP TABLE retail_sku (
	sku   TEXT COLLATE NOCASE PRIMARY KEY,
	first INTEGER,
	name  TEXT,
	price INTEGER,
	at    INTEGER,
	in_catalogue INTEGER -- codes such as M, D, BANK CHARGES are custom lines without a product
);
INSERT INTO retail_sku
SELECT f.sku, g.first,
	coalesce((SELECT description FROM retail_row d
		WHERE d.sku = f.sku AND description <> '' AND price > 0 ORDER BY n LIMIT 1), ''),
	coalesce((SELECT price FROM retail_row d
		WHERE d.sku = f.sku AND price > 0 ORDER BY n LIMIT 1), 0),
	f.at, f.sku GLOB '[0-9][0-9][0-9][0-9][0-9]*'
FROM (SELECT min(n) AS first FROM retail_row GROUP BY sku) g
JOIN retail_row f ON f.n = g.first;

INSERT OR IGNORE INTO bc_product (sku, name, price, date_created, date_modified)
SELECT sku, iif(name = '', sku, name), price, at, at
FROM retail_sku WHERE in_catalogue ORDER BY first;

-- 20000 keeps the two systems' product ids apart
INSERT INTO bp_product (id, sku, name, created_on)
SELECT 20000 + id, sku, name, date_created FROM bc_product p
WHERE sku IN (SELECT sku FROM retail_sku)
	AND NOT EXISTS (SELECT 1 FROM bp_product b WHERE b.sku = p.sku)
ORDER BY id;
