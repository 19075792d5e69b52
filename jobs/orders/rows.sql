-- Orders in the reading that adds up -> temp.order_row: their rows, each with product, quantity, net,
-- tax and tax code, adding up to the order's total to the penny; what cannot be mapped ->
-- temp.problem.  After reading.sql.

-- Gift wrapping is told of lines and of the order: rows of its own per line, when those of the lines,
-- or of their pieces, come to the order's; else one row.
DROP TABLE IF EXISTS temp.wrap;
CREATE TEMP TABLE wrap AS
SELECT s.order_id, s.id, s.name, iif(w.lines = w.all_of_it, 1, s.quantity) AS times,
       s.exact, s.ex, s.tax, s.at
  FROM (SELECT l.order_id, l.id, coalesce(nullif(': ' || l.wrap_name, ': '), '') AS name, l.quantity,
               iif(t.inclusive, l.wrap_inc, l.wrap_ex) AS exact, l.wrap_ex AS ex, l.wrap_tax AS tax,
               l.at
          FROM temp.line l JOIN temp.todo t ON t.id = l.order_id
         WHERE l.wrap_inc <> 0 AND l.wrap_ex IS NOT NULL) s
  JOIN (SELECT o.id, iif(o.inclusive, o.wrapping_inc, o.wrapping_ex) AS all_of_it,
               sum(iif(o.inclusive, l.wrap_inc, l.wrap_ex)) AS lines,
               sum(l.quantity * iif(o.inclusive, l.wrap_inc, l.wrap_ex)) AS pieces
          FROM temp.line l JOIN stg_bc_order o ON o.id = l.order_id GROUP BY o.id) w
    ON w.id = s.order_id AND w.all_of_it IN (w.lines, w.pieces);

-- What is delivered to several addresses has a shipping row for each, when they come to the order's.
DROP TABLE IF EXISTS temp.freight;
CREATE TEMP TABLE freight AS
SELECT a.order_id, a.id, a.position, a.method, iif(t.inclusive, a.cost_inc, a.cost_ex) AS exact, a.cost_ex AS ex,
       coalesce(a.cost_tax, 0) AS tax,
       lower(coalesce(a.country, '')) || '/' || coalesce(a.state_fold, lower(a.state), '') AS at
  FROM temp.todo t
  JOIN stg_bc_order o ON o.id = t.id
  JOIN stg_bc_order_address a ON a.order_id = t.id AND a.kind = 'shipping'
 WHERE (SELECT count(*) > 1 AND sum(iif(t.inclusive, b.cost_inc, b.cost_ex)) = iif(t.inclusive, o.shipping_inc, o.shipping_ex)
               AND sum(b.cost_tax) = o.shipping_tax
          FROM stg_bc_order_address b WHERE b.order_id = t.id AND b.kind = 'shipping')
   AND iif(t.inclusive, a.cost_inc, a.cost_ex) <> 0;

-- Places of which the same lines of taxes.csv speak make no difference between lines.
DROP TABLE IF EXISTS temp.place;
CREATE TEMP TABLE place AS
SELECT at, country, region, (SELECT group_concat(line) FROM (
       SELECT m.line FROM map_taxes m
        WHERE p.country LIKE m.country_like ESCAPE '\' AND p.region LIKE m.region_like ESCAPE '\'
        ORDER BY m.line)) AS tax_lines
  FROM (SELECT at, substr(at, 1, instr(at, '/') - 1) AS country, substr(at, instr(at, '/') + 1) AS region
          FROM (SELECT at FROM temp.line UNION SELECT at FROM temp.todo UNION SELECT at FROM temp.freight)) p;
CREATE UNIQUE INDEX temp.place_at ON place(at);

-- Rows before rounding: equal lines (product, price, tax rate) as one, then what stands beside the lines.
DROP TABLE IF EXISTS temp.item;
CREATE TEMP TABLE item AS
SELECT l.order_id, min(l.position) AS sequence, 'line' AS kind,
       CASE l.type WHEN 'digital' THEN 'digital' WHEN 'giftcertificate' THEN 'gift_certificate'
                   ELSE 'product' END AS item,
       min(l.id) AS ref, coalesce(l.found_id, 1000) AS product_id,
       CASE l.type WHEN 'giftcertificate' THEN 'gift_certificate'
                   ELSE iif(l.found_id IS NULL, 'text_row', NULL) END AS nominal,
       coalesce(nullif(l.name, ''), 'Item') || coalesce(' (' || nullif(l.options, '') || ')', '') AS name,
       iif(l.found_id IS NULL AND coalesce(l.sku, '') <> '', ' [' || l.sku || ']', '') AS name_end,
       sum(l.quantity) AS quantity, sum(l.exact) AS exact, sum(l.tax) AS tax,
       sum(l.total_ex) AS fit_ex, sum(l.total_tax) AS fit_tax, sum(l.worth - l.tax) AS after_ex, c.tax_class_id,
       min(l.at) AS at
  FROM temp.priced l
  JOIN temp.place p ON p.at = l.at
  LEFT JOIN ref_bc_product c ON c.product_id = l.product_id AND c.variant_id = 0
 GROUP BY l.order_id, l.type, l.found_id, l.sku_fold, l.name, l.options, p.tax_lines,
          l.exact / l.quantity, l.exact % l.quantity = 0,
          iif(l.worth = l.tax, 0, (1000 * l.tax + (l.worth - l.tax) / 2) / (l.worth - l.tax)) -- per mille
UNION ALL
SELECT o.id, 1000001, 'shipping', 'shipping', 'shipping', 1000, 'shipping',
       coalesce(nullif(t.method, ''), 'Shipping'), '', 1, iif(o.inclusive, o.shipping_inc, o.shipping_ex),
       o.shipping_tax, o.shipping_ex, o.shipping_tax, o.shipping_ex, NULL, t.at
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id
 WHERE (o.shipping_inc <> 0 OR o.shipping_ex <> 0) AND o.id NOT IN (SELECT order_id FROM temp.freight)
UNION ALL
SELECT order_id, 1001000 + position, 'shipping', 'shipping', 'shipping' || id, 1000, 'shipping',
       coalesce(nullif(method, ''), 'Shipping'), '', 1, exact, tax, ex, tax, ex, NULL, at
  FROM temp.freight
UNION ALL
SELECT o.id, 1100000, 'handling', 'handling', 'handling', 1000, 'handling', 'Handling', '', 1,
       iif(o.inclusive, o.handling_inc, o.handling_ex), o.handling_tax, o.handling_ex, o.handling_tax, o.handling_ex,
       NULL, t.at
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id WHERE o.handling_inc <> 0 OR o.handling_ex <> 0
UNION ALL
SELECT o.id, 1200000, 'wrapping', 'wrapping', 'wrapping', 1000, 'wrapping', 'Gift wrapping', '', 1,
       iif(o.inclusive, o.wrapping_inc, o.wrapping_ex), o.wrapping_tax, o.wrapping_ex, o.wrapping_tax, o.wrapping_ex,
       NULL, t.at
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id
 WHERE (o.wrapping_inc <> 0 OR o.wrapping_ex <> 0) AND o.id NOT IN (SELECT order_id FROM temp.wrap)
UNION ALL
SELECT order_id, 1200000 + row_number() OVER (PARTITION BY order_id ORDER BY min(id)), 'wrapping', 'wrapping',
       'wrapping' || min(id), 1000, 'wrapping', 'Gift wrapping' || name, '', sum(times), sum(times * exact),
       sum(times * tax), sum(times * ex), sum(times * tax), sum(times * ex), NULL, at
  FROM temp.wrap GROUP BY order_id, name, exact, ex, tax, at
UNION ALL
SELECT f.order_id, 1300000 + f.position, 'fee', 'fee', 'fee' || f.position, 1000, 'fee',
       coalesce(nullif(f.name, ''), 'Fee'), '', 1, iif(t.inclusive, f.cost_inc, f.cost_ex), f.cost_tax,
       f.cost_ex, f.cost_tax, f.cost_ex, NULL, t.at
  FROM temp.todo t
  JOIN temp.reading r ON r.id = t.id AND r.with_fees
  JOIN stg_bc_order_fee f ON f.order_id = t.id;
CREATE INDEX temp.item_order ON item(order_id);

-- A discount that no line carries; its tax is what the others leave of the order's.
INSERT INTO temp.item
SELECT r.id, 1900000, 'discount', NULL, 'discount', 1000, 'discount', 'Discount', '', 1, -r.less,
       min(0, r.total_tax - coalesce((SELECT sum(tax) FROM temp.item i WHERE i.order_id = r.id), 0)),
       NULL, NULL, NULL, NULL, NULL
  FROM temp.reading r WHERE r.loose > 0;

-- The tax code: of the lines of taxes.csv whose rate gives the tax within a minor unit per piece,
-- the most named, then the nearest.
DROP TABLE IF EXISTS temp.coded;
CREATE TEMP TABLE coded AS
SELECT i.*, f.line AS tax_line
  FROM temp.item i
  LEFT JOIN (
	SELECT i.order_id, i.sequence, m.line,
	       row_number() OVER (PARTITION BY i.order_id, i.sequence ORDER BY m.named DESC,
	              min(abs(i.fit_ex * coalesce(m.rate_units, 0) / 1000000 - i.fit_tax),
	                  abs(i.after_ex * coalesce(m.rate_units, 0) / 1000000 - i.tax)), m.line) AS rank
	  FROM temp.item i
	  JOIN temp.todo t ON t.id = i.order_id
	  JOIN temp.place p ON p.at = i.at
	  LEFT JOIN ref_list c ON c.system = 'bigcommerce' AND c.list = 'tax_class' AND c.id = i.tax_class_id
	  JOIN map_taxes m
	    ON p.country LIKE m.country_like ESCAPE '\'
	   AND p.region LIKE m.region_like ESCAPE '\'
	   AND (m.customer_group_id = t.group_id OR (m.customer_group_id IS NULL
	        AND t.group_name LIKE m.customer_group_like ESCAPE '\'))
	   AND i.item LIKE m.item_like ESCAPE '\'
	   AND (m.tax_class_id = i.tax_class_id OR (m.tax_class_id IS NULL
	        AND coalesce(c.name_fold, '') LIKE m.tax_class_like ESCAPE '\'))
	   AND (m.rate_units IS NULL
	        OR abs(i.fit_ex * m.rate_units / 1000000 - i.fit_tax) <= 100 * i.quantity
	        OR abs(i.after_ex * m.rate_units / 1000000 - i.tax) <= 100 * i.quantity)) f
    ON f.order_id = i.order_id AND f.sequence = i.sequence AND f.rank = 1;

INSERT INTO temp.problem
SELECT 'order:' || i.order_id, 'no_tax_code',
       printf('no line of taxes.csv fits %s "%s" for %s%s%s, taxed %d.%04d on %d.%04d', i.item, i.name,
              upper(p.country), iif(p.region = '', '', ' '), p.region, i.tax / 10000, abs(i.tax) % 10000,
              i.after_ex / 10000, abs(i.after_ex) % 10000),
       'add the line with the Brightpearl tax code that this is booked on',
       printf('mappings/taxes.csv: %s,*,*,%s,*,%s,TAX_CODE,', upper(p.country), i.item,
              iif(i.after_ex = 0, '0', round(100.0 * i.tax / i.after_ex, 2)))
  FROM temp.coded i
  JOIN temp.place p ON p.at = i.at
  LEFT JOIN map_taxes m ON m.line = i.tax_line
 WHERE i.item IS NOT NULL AND m.becomes_id IS NULL;

-- Row tax has two decimals: whole cents, and the cents that they miss of the order's tax given to the
-- largest remainders, or taken from the smallest; never to or from what is not taxed.
DROP TABLE IF EXISTS temp.order_row;
CREATE TEMP TABLE order_row AS
WITH cut AS (
	SELECT i.*, ((i.tax % 100) + 100) % 100 AS part, (i.tax - ((i.tax % 100) + 100) % 100) / 100 AS cents,
	       t.total_tax, t.inclusive
	  FROM temp.coded i JOIN temp.reading t ON t.id = i.order_id),
ranked AS (
	SELECT c.*, row_number() OVER (PARTITION BY order_id, tax <> 0 ORDER BY part DESC, sequence) AS rank,
	       (total_tax + 50) / 100 - sum(cents) OVER (PARTITION BY order_id) AS missing,
	       count(*) OVER (PARTITION BY order_id, tax <> 0) AS taxed FROM cut c),
shared AS (
	SELECT r.*, cents + CASE WHEN tax = 0 THEN 0
	                         WHEN missing BETWEEN 0 AND taxed THEN rank <= missing
	                         WHEN missing BETWEEN -taxed AND 0 THEN -(rank > taxed + missing)
	                         ELSE part >= 50 END AS tax_cents FROM ranked r)
SELECT r.order_id, r.sequence, r.kind, r.ref, r.product_id, r.nominal,
       substr(r.name, 1, max(50, 250 - length(r.name_end))) || substr(r.name_end, 1, 200) AS name,
       r.quantity, r.exact, m.becomes_id AS tax_code, r.tax_cents,
       r.exact - iif(r.inclusive, 100 * r.tax_cents, 0) AS net
  FROM shared r
  LEFT JOIN map_taxes m ON m.line = r.tax_line
 WHERE r.kind <> 'discount' OR r.exact <> 0 OR r.tax_cents <> 0;
CREATE INDEX temp.order_row_order ON order_row(order_id);

-- What is missing now is rounding, or the order does not add up.
DROP TABLE IF EXISTS temp.rounding;
CREATE TEMP TABLE rounding AS
SELECT t.id, t.total, t.total - coalesce(sum(r.net + 100 * r.tax_cents), 0) AS rest, t.allowed
  FROM temp.reading t LEFT JOIN temp.order_row r ON r.order_id = t.id
 GROUP BY t.id;

INSERT INTO temp.problem
SELECT 'order:' || id, 'does_not_add_up',
       printf('its rows come to %d.%02d, its total is %d.%02d', (total - rest) / 10000,
              abs(total - rest) % 10000 / 100, total / 10000, abs(total) % 10000 / 100),
       'look at the order in BigCommerce; orders.rounding_limit says how much may be rounded away', NULL
  FROM temp.rounding
 WHERE abs(rest) > allowed AND id IN (SELECT order_id FROM temp.order_row);

INSERT INTO temp.order_row
SELECT id, 1900001, 'rounding', 'rounding', 1000, 'rounding', 'Rounding', 1, rest, NULL, 0, rest
  FROM temp.rounding WHERE rest <> 0 AND abs(rest) <= allowed;

-- Discount and rounding take the code of the order's largest row.
UPDATE temp.order_row AS r
   SET tax_code = (SELECT b.tax_code FROM temp.order_row b
                    WHERE b.order_id = r.order_id AND b.tax_code IS NOT NULL
                    ORDER BY abs(b.net) DESC, b.sequence LIMIT 1)
 WHERE kind IN ('discount', 'rounding');
