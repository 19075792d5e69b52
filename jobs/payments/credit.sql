-- Refunds that become sales credits -> temp.credit(key, body).  After parts.sql.
--
-- What is refunded is told by item: a product by its line, shipping by its address, and so on.  Each
-- becomes a row like the order's row for it: same product, tax code and nominal code.  An amount that
-- is asked for counts, else the order's price; whether it is told with tax or without shows in what adds
-- up.  A refund of the order as a whole carries no tax.  What is then missing to the money that went
-- back, and to the tax told, is a row of its own.

-- The rows of these orders as they were sent.
DROP TABLE IF EXISTS temp.sold;
CREATE TEMP TABLE sold AS
SELECT order_id, substr(ref, instr(ref, ':') + 1) AS ref, product_id, name, quantity, tax_code, nominal, position,
       CAST(replace(net, '.', '') || substr('0000', 1 + iif(instr(net, '.'), length(net) - instr(net, '.'), 0)) AS INTEGER) AS net,
       CAST(replace(tax, '.', '') || substr('0000', 1 + iif(instr(tax, '.'), length(tax) - instr(tax, '.'), 0)) AS INTEGER) AS tax
  FROM (SELECT r.order_id, w.key AS position, w.value ->> '$.externalRef' AS ref, w.value ->> '$.productId' AS product_id,
               w.value ->> '$.name' AS name, CAST(w.value ->> '$.quantity' AS INTEGER) AS quantity,
               w.value ->> '$.taxCode' AS tax_code, w.value ->> '$.nominalCode' AS nominal,
               w.value ->> '$.net' AS net, w.value ->> '$.tax' AS tax
          FROM (SELECT DISTINCT order_id, order_body FROM temp.refund WHERE mode = 'credit') r
          JOIN json_each(r.order_body, '$.rows') w);
CREATE INDEX temp.sold_order ON sold(order_id, ref);

-- The row of each item; equal lines were merged into the row of the first of them.
DROP TABLE IF EXISTS temp.returned;
CREATE TEMP TABLE returned AS
SELECT i.refund_id, i.position, r.order_id, i.type, i.item_id, i.quantity, i.amount, a.sku_fold,
       a.product_id AS line_product, a.variant_id AS line_variant, a.total_inc, a.quantity AS sold
  FROM temp.refund r
  JOIN stg_bc_refund_item i ON i.refund_id = r.id
  LEFT JOIN stg_bc_order_line a ON a.order_id = r.order_id AND a.id = i.item_id
 WHERE r.mode = 'credit';
DROP TABLE IF EXISTS temp.fit;
CREATE TEMP TABLE fit AS
SELECT t.refund_id, t.position, s.rowid AS row,
       row_number() OVER (PARTITION BY t.refund_id, t.position
              ORDER BY s.ref IN (CAST(t.item_id AS TEXT), 'shipping' || t.item_id, 'wrapping' || t.item_id) DESC,
                       coalesce(1.0 * abs(t.total_inc * b.quantity - b.total_inc * t.sold) / max(1, b.quantity), 0), s.position) AS n
  FROM temp.returned t
  JOIN temp.sold s ON s.order_id = t.order_id
  LEFT JOIN stg_bc_order_line b ON b.order_id = s.order_id AND CAST(b.id AS TEXT) = s.ref
 WHERE CASE t.type
       WHEN 'PRODUCT' THEN s.ref = CAST(t.item_id AS TEXT)
            OR (b.sku_fold = t.sku_fold AND b.product_id = t.line_product AND b.variant_id = t.line_variant)
       WHEN 'SHIPPING' THEN s.ref IN ('shipping', 'shipping' || t.item_id)
       WHEN 'HANDLING' THEN s.ref = 'handling'
       WHEN 'GIFT_WRAPPING' THEN s.ref LIKE 'wrapping%'
       WHEN 'FEE' THEN s.ref LIKE 'fee%' END;

-- with_tax = the amounts asked for add up to the refund as they are.
DROP TABLE IF EXISTS temp.credited;
CREATE TEMP TABLE credited AS
WITH told AS (
	SELECT t.*, s.product_id, s.name, s.tax_code, s.nominal, s.net AS row_net, s.tax AS row_tax,
	       max(1, coalesce(nullif(t.quantity, 0), s.quantity, 1)) AS pieces,
	       coalesce(t.amount, (s.net + s.tax) * coalesce(nullif(t.quantity, 0), s.quantity) / max(1, s.quantity), 0) AS gross
	  FROM temp.returned t
	  LEFT JOIN temp.fit f ON f.refund_id = t.refund_id AND f.position = t.position AND f.n = 1
	  LEFT JOIN temp.sold s ON s.rowid = f.row),
sums AS (
	SELECT t.refund_id, abs(sum(t.gross) - r.total) <= abs(sum(t.gross) + r.total_tax - r.total) AS with_tax
	  FROM told t JOIN temp.refund r ON r.id = t.refund_id GROUP BY t.refund_id),
taxed AS (
	SELECT t.*, CASE WHEN t.type IN ('ORDER', 'TAX') OR coalesce(t.row_net, 0) = 0 THEN 0
	       WHEN u.with_tax OR t.amount IS NULL THEN (2 * t.gross * t.row_tax + 100 * (t.row_net + t.row_tax))
	            / (200 * (t.row_net + t.row_tax)) * 100
	       ELSE (2 * t.gross * t.row_tax + 100 * t.row_net) / (200 * t.row_net) * 100 END AS tax,
	       u.with_tax OR t.amount IS NULL AS inclusive
	  FROM told t JOIN sums u ON u.refund_id = t.refund_id
	 WHERE t.row_net IS NULL OR t.row_net + t.row_tax > 0)
SELECT refund_id, order_id, position, product_id, coalesce(name, 'Refund') AS name, pieces, tax_code, nominal, tax,
       gross - iif(inclusive, tax, 0) AS net
  FROM taxed WHERE gross <> 0;

-- What is missing to the money that went back.
INSERT INTO temp.credited
SELECT r.id, r.order_id, 1000000, NULL, iif(c.refund_id IS NULL, 'Refund', 'Refund adjustment'), 1, NULL, NULL,
       r.total_tax - coalesce(c.tax, 0), r.paid - r.total_tax - coalesce(c.net, 0)
  FROM temp.refund r
  LEFT JOIN (SELECT refund_id, sum(net) AS net, sum(tax) AS tax FROM temp.credited GROUP BY refund_id) c
    ON c.refund_id = r.id
 WHERE r.mode = 'credit' AND r.paid > 0
   AND (r.total_tax <> coalesce(c.tax, 0) OR r.paid - r.total_tax <> coalesce(c.net, 0));

-- A row without a code of its own takes that of the order's largest row.
UPDATE temp.credited AS c
   SET tax_code = (SELECT s.tax_code FROM temp.sold s WHERE s.order_id = c.order_id AND s.tax_code IS NOT NULL
                    ORDER BY abs(s.net) DESC, s.position LIMIT 1),
       nominal = coalesce(nominal, (SELECT value FROM ref_bp_configuration WHERE name = 'salesNominalCode'))
 WHERE tax_code IS NULL;

INSERT INTO temp.problem
SELECT 'payment:' || order_id || ':credit' || id, 'no_order_body',
       'what was sold with the order is not known any more', 'enter the sales credit in Brightpearl by hand', NULL
  FROM temp.refund r
 WHERE mode = 'credit' AND paid > 0 AND NOT EXISTS (SELECT 1 FROM temp.sold s WHERE s.order_id = r.order_id);

DROP TABLE IF EXISTS temp.credit;
CREATE TEMP TABLE credit AS
SELECT r.ref || '.R' || r.id AS key, json_patch('{}', json_object(
       'customer', r.order_body -> '$.customer', 'billing', r.order_body -> '$.billing',
       'parentId', r.sales_order_id, 'ref', r.ref || '.R' || r.id, 'externalRef', r.ref || '.R' || r.id,
       'placedOn', strftime('%Y-%m-%dT%H:%M:%SZ', r.at, 'unixepoch'),
       'taxDate', strftime('%Y-%m-%dT%H:%M:%SZ', r.at, 'unixepoch'),
       'warehouseId', r.order_body -> '$.warehouseId', 'channelId', r.order_body -> '$.channelId',
       'priceListId', r.order_body -> '$.priceListId', 'leadSourceId', r.order_body -> '$.leadSourceId',
       'projectId', r.order_body -> '$.projectId', 'teamId', r.order_body -> '$.teamId',
       'staffOwnerId', r.order_body -> '$.staffOwnerId', 'priceModeCode', r.order_body ->> '$.priceModeCode',
       'currency', r.order_body -> '$.currency', 'rows', json(c.rows))) AS body
  FROM temp.refund r
  JOIN (SELECT refund_id, json_group_array(json_patch('{}', json_object('productId', coalesce(product_id, 1000),
               'name', name, 'quantity', CAST(pieces AS TEXT), 'taxCode', tax_code,
               'net', printf('%s%d.%04d', iif(net < 0, '-', ''), abs(net) / 10000, abs(net) % 10000),
               'tax', printf('%s%d.%02d', iif(tax < 0, '-', ''), abs(tax) / 10000, abs(tax) % 10000 / 100),
               'nominalCode', nominal))) AS rows
          FROM (SELECT * FROM temp.credited ORDER BY refund_id, position) GROUP BY refund_id) c ON c.refund_id = r.id
 WHERE r.mode = 'credit' AND r.paid > 0;
