-- Orders to be sent -> temp.order_row: their rows, each with product, quantity, net, tax and tax
-- code, adding up to the order's total to the penny; what cannot be mapped -> temp.problem.
-- First of the orders job's two transform scripts; rerunnable.  Amounts are ten-thousandths.
DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem(key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);

-- Addresses of an order as Brightpearl takes them: 0 = billing, 1, 2, ... = deliveries.
DROP VIEW IF EXISTS temp.order_address;
CREATE TEMP VIEW order_address AS
SELECT order_id, position, json_patch('{}', json_object(
       'addressFullName', nullif(trim(coalesce(first, '') || ' ' || coalesce(last, '')), ''),
       'companyName', nullif(trim(company), ''), 'addressLine1', nullif(trim(street_1), ''),
       'addressLine2', nullif(trim(street_2), ''), 'addressLine3', nullif(trim(city), ''),
       'addressLine4', nullif(trim(state), ''), 'postalCode', nullif(trim(zip), ''),
       'countryIsoCode', iso3, 'telephone', nullif(trim(phone), ''), 'email', nullif(trim(email), ''))) AS address
  FROM (SELECT id AS order_id, 0 AS position, bill_first AS first, bill_last AS last,
               bill_company AS company, bill_street_1 AS street_1, bill_street_2 AS street_2,
               bill_city AS city, bill_state AS state, bill_zip AS zip, bill_iso3 AS iso3,
               bill_phone AS phone, bill_email AS email FROM stg_bc_order
        UNION ALL
        SELECT order_id, position, first, last, company, street_1, street_2, city, state, zip, iso3,
               phone, email FROM stg_bc_order_address WHERE kind = 'shipping');

-- What is to be composed, with all that selects among mapping lines.  Position 1 is the delivery.
DROP TABLE IF EXISTS temp.todo;
CREATE TEMP TABLE todo AS
SELECT o.id, o.inclusive, o.total_inc, o.total_tax, o.discount + o.coupon AS discounts,
       lower(o.currency) AS currency, o.channel_id, c.status_line,
       lower(coalesce(a.country, o.bill_country, '')) AS country,
       lower(coalesce(a.state, o.bill_state, '')) AS region,
       lower(coalesce(o.bill_country, '')) AS bill_country, lower(coalesce(o.bill_state, '')) AS bill_region,
       a.method, a.method_fold, a.position IS NOT NULL AS delivered,
       CASE o.customer_id WHEN 0 THEN -1 ELSE coalesce(k.group_id, 0) END AS group_id,
       coalesce(g.name_fold, '') AS group_name, coalesce(h.name_fold, '') AS channel_name
  FROM order_choice c
  JOIN stg_bc_order o ON o.id = c.id
  LEFT JOIN stg_bc_order_address a ON a.order_id = o.id AND a.position = 1
  LEFT JOIN stg_bc_customer k ON k.id = o.customer_id
  LEFT JOIN ref_list g ON g.system = 'bigcommerce' AND g.list = 'customer_group' AND g.id = k.group_id
  LEFT JOIN ref_list h ON h.system = 'bigcommerce' AND h.list = 'channel' AND h.id = o.channel_id
 WHERE c.skipped IS NULL AND c.state IS NOT 'done' AND o.unreadable IS NULL AND NOT o.lines_missing;
CREATE UNIQUE INDEX temp.todo_id ON todo(id);

-- Lines: after = the line after its discounts, tax included; tax_after = its tax, if the tax told is
-- still that of the undiscounted line.
DROP TABLE IF EXISTS temp.line;
CREATE TEMP TABLE line AS
SELECT l.*, p.product_id AS found_id, p.matches, p.catalogued, p.key,
       coalesce(l.discounted_inc, l.total_inc - l.discount) AS after,
       iif(l.total_inc = 0, l.total_tax,
           l.total_tax * coalesce(l.discounted_inc, l.total_inc - l.discount) / l.total_inc) AS tax_after
  FROM temp.todo t
  JOIN stg_bc_order_line l ON l.order_id = t.id
  JOIN line_product p ON p.order_id = l.order_id AND p.id = l.id
 WHERE l.quantity > 0;
CREATE INDEX temp.line_order ON line(order_id);

INSERT INTO temp.problem
SELECT 'order:' || order_id, iif(max(matches) > 1, 'ambiguous_sku', 'unknown_sku'),
       iif(max(matches) > 1, 'several Brightpearl products share ', 'Brightpearl has no product with ')
       || (SELECT value FROM setting WHERE name = 'products.brightpearl_key') || ' '
       || group_concat(DISTINCT '"' || coalesce(iif(lower(sku) = key, sku, key), sku, '') || '"'),
       'correct it in either system, name the right one in mappings/sku_keys.csv,'
       || ' or set orders.missing_sku to text_row',
       'mappings/sku_keys.csv: ' || coalesce(min(sku), '') || ',THE_KEY_IN_BRIGHTPEARL,'
  FROM temp.line
 WHERE catalogued AND found_id IS NULL
   AND (SELECT value FROM setting WHERE name = 'orders.missing_sku') = 'hold'
 GROUP BY order_id, matches > 1;

-- Whether a discounted line's tax is told before or after the discount, and whether a discount is taken
-- off with or without tax, is not documented: each order shows it by what adds up better.
DROP TABLE IF EXISTS temp.shape;
CREATE TEMP TABLE shape AS
SELECT s.id, s.as_told, abs(s.net - s.net_less_discount) < abs(s.net - s.after + iif(s.as_told, s.told, s.scaled))
       AS less_discount
  FROM (SELECT t.id, sum(l.total_tax) AS told, sum(l.tax_after) AS scaled,
               sum(l.total_ex - l.discount) AS net_less_discount, sum(l.after) AS after,
               t.total_inc - t.total_tax - o.shipping_ex - o.handling_ex - o.wrapping_ex AS net,
               abs(t.total_tax - o.shipping_tax - o.handling_tax - o.wrapping_tax - sum(l.total_tax))
               <= abs(t.total_tax - o.shipping_tax - o.handling_tax - o.wrapping_tax - sum(l.tax_after)) AS as_told
          FROM temp.todo t
          JOIN stg_bc_order o ON o.id = t.id
          JOIN temp.line l ON l.order_id = t.id
         GROUP BY t.id) s;

DROP TABLE IF EXISTS temp.priced;
CREATE TEMP TABLE priced AS
SELECT l.*, iif(x.as_told, l.total_tax, l.tax_after) AS tax,
       CASE WHEN t.inclusive THEN l.after
            WHEN l.after = l.total_inc THEN l.total_ex
            WHEN x.less_discount THEN l.total_ex - l.discount
            ELSE l.after - iif(x.as_told, l.total_tax, l.tax_after) END AS exact
  FROM temp.line l
  JOIN temp.todo t ON t.id = l.order_id
  JOIN temp.shape x ON x.id = l.order_id;

-- Rows before rounding: equal lines (product, price, tax rate) as one, then what stands beside the lines.
DROP TABLE IF EXISTS temp.item;
CREATE TEMP TABLE item AS
SELECT l.order_id, min(l.position) AS sequence, 'line' AS kind,
       CASE l.type WHEN 'digital' THEN 'digital' WHEN 'giftcertificate' THEN 'gift_certificate'
                   ELSE 'product' END AS item,
       min(l.id) AS ref, coalesce(l.found_id, 1000) AS product_id,
       CASE l.type WHEN 'giftcertificate' THEN 'gift_certificate'
                   ELSE iif(l.found_id IS NULL, 'text_row', NULL) END AS nominal,
       substr(l.name || coalesce(' (' || nullif(l.options, '') || ')', '')
              || iif(l.found_id IS NULL AND coalesce(l.sku, '') <> '', ' [' || l.sku || ']', ''), 1, 250) AS name,
       sum(l.quantity) AS quantity, sum(l.exact) AS exact, sum(l.tax) AS tax,
       sum(l.total_ex) AS fit_ex, sum(l.total_tax) AS fit_tax, sum(l.after - l.tax) AS after_ex, c.tax_class_id
  FROM temp.priced l
  LEFT JOIN ref_bc_product c ON c.product_id = l.product_id AND c.variant_id = 0
 GROUP BY l.order_id, l.type, l.found_id, l.sku_fold, l.name, l.options,
          l.exact / l.quantity, l.exact % l.quantity = 0,
          iif(l.after = l.tax, 0, (1000 * l.tax + (l.after - l.tax) / 2) / (l.after - l.tax)) -- per mille
UNION ALL
SELECT o.id, 1000001, 'shipping', 'shipping', 'shipping', 1000, 'shipping',
       coalesce(nullif(t.method, ''), 'Shipping'), 1, iif(o.inclusive, o.shipping_inc, o.shipping_ex),
       o.shipping_tax, o.shipping_ex, o.shipping_tax, o.shipping_ex, NULL
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id WHERE o.shipping_inc <> 0 OR o.shipping_ex <> 0
UNION ALL
SELECT o.id, 1000002, 'handling', 'handling', 'handling', 1000, 'handling', 'Handling', 1,
       iif(o.inclusive, o.handling_inc, o.handling_ex), o.handling_tax, o.handling_ex, o.handling_tax, o.handling_ex, NULL
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id WHERE o.handling_inc <> 0 OR o.handling_ex <> 0
UNION ALL
SELECT o.id, 1000003, 'wrapping', 'wrapping', 'wrapping', 1000, 'wrapping', 'Gift wrapping', 1,
       iif(o.inclusive, o.wrapping_inc, o.wrapping_ex), o.wrapping_tax, o.wrapping_ex, o.wrapping_tax, o.wrapping_ex, NULL
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id WHERE o.wrapping_inc <> 0 OR o.wrapping_ex <> 0;
CREATE INDEX temp.item_order ON item(order_id);

-- What is still missing to the total, on the exact side.
DROP TABLE IF EXISTS temp.gap;
CREATE TEMP TABLE gap AS
SELECT t.id, t.discounts - coalesce((SELECT sum(total_inc - after) FROM temp.line l WHERE l.order_id = t.id), 0)
       AS loose, t.total_inc - iif(t.inclusive, 0, t.total_tax) - coalesce(sum(i.exact), 0) AS rest
  FROM temp.todo t LEFT JOIN temp.item i ON i.order_id = t.id
 GROUP BY t.id;

-- Whether fees are part of the total is not documented: they are when it then adds up better.
INSERT INTO temp.item
SELECT f.order_id, 1000100 + f.position, 'fee', 'fee', 'fee' || f.position, 1000, 'fee',
       coalesce(nullif(f.name, ''), 'Fee'), 1, iif(t.inclusive, f.cost_inc, f.cost_ex), f.cost_tax,
       f.cost_ex, f.cost_tax, f.cost_ex, NULL
  FROM temp.todo t
  JOIN stg_bc_order_fee f ON f.order_id = t.id
  JOIN temp.gap g ON g.id = t.id
 WHERE (SELECT abs(g.rest - sum(iif(t.inclusive, e.cost_inc, e.cost_ex))) FROM stg_bc_order_fee e
         WHERE e.order_id = t.id) < abs(g.rest);
UPDATE temp.gap SET rest = rest - (SELECT coalesce(sum(exact), 0) FROM temp.item i
                                    WHERE i.order_id = gap.id AND i.kind = 'fee');

-- A discount that no line carries is a row of its own, as far as the total shows it; prices without
-- tax may tell it with tax, so there the gap itself is believed, up to the discount.
INSERT INTO temp.item
SELECT t.id, 1000900, 'discount', NULL, 'discount', 1000, 'discount', 'Discount', 1,
       iif(t.inclusive, -g.loose, max(g.rest, -g.loose)),
       min(0, t.total_tax - coalesce((SELECT sum(tax) FROM temp.item i WHERE i.order_id = t.id), 0)),
       NULL, NULL, NULL, NULL
  FROM temp.todo t JOIN temp.gap g ON g.id = t.id
 WHERE g.loose > 0 AND g.rest < 0 AND abs(g.rest + g.loose) < abs(g.rest) + iif(t.inclusive, 0, g.loose);

-- The tax code: of the lines of taxes.csv whose rate gives the tax within a minor unit per piece,
-- the most named, then the nearest.  Digital goods are taxed where they are billed.
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
	  LEFT JOIN ref_list c ON c.system = 'bigcommerce' AND c.list = 'tax_class' AND c.id = i.tax_class_id
	  JOIN map_taxes m
	    ON iif(i.item = 'digital', t.bill_country, t.country) LIKE m.country_like ESCAPE '\'
	   AND iif(i.item = 'digital', t.bill_region, t.region) LIKE m.region_like ESCAPE '\'
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
              upper(t.country), iif(t.region = '', '', ' '), t.region, i.tax / 10000, abs(i.tax) % 10000,
              i.after_ex / 10000, abs(i.after_ex) % 10000),
       'add the line with the Brightpearl tax code that this is booked on',
       printf('mappings/taxes.csv: %s,*,*,%s,*,%s,TAX_CODE,', upper(t.country), i.item,
              iif(i.after_ex = 0, '0', round(100.0 * i.tax / i.after_ex, 2)))
  FROM temp.coded i
  JOIN temp.todo t ON t.id = i.order_id
  LEFT JOIN map_taxes m ON m.line = i.tax_line
 WHERE i.item IS NOT NULL AND m.becomes_id IS NULL;

-- Row tax has two decimals: whole cents, and the cents that are left to the largest remainders, so
-- that they add up to the order's tax.
DROP TABLE IF EXISTS temp.order_row;
CREATE TEMP TABLE order_row AS
WITH cut AS (
	SELECT i.*, ((i.tax % 100) + 100) % 100 AS part, (i.tax - ((i.tax % 100) + 100) % 100) / 100 AS cents
	  FROM temp.coded i),
ranked AS (
	SELECT c.*, row_number() OVER (PARTITION BY order_id ORDER BY part DESC, sequence) AS rank,
	       (t.total_tax + 50) / 100 - sum(cents) OVER (PARTITION BY order_id) AS left_cents,
	       count(*) OVER (PARTITION BY order_id) AS count, t.inclusive
	  FROM cut c JOIN temp.todo t ON t.id = c.order_id)
SELECT r.order_id, r.sequence, r.kind, r.ref, r.product_id, r.nominal, r.name, r.quantity, r.exact,
       m.becomes_id AS tax_code,
       cents + iif(left_cents BETWEEN 0 AND count, rank <= left_cents, part >= 50) AS tax_cents,
       r.exact - iif(inclusive, 100 * (cents + iif(left_cents BETWEEN 0 AND count, rank <= left_cents,
                                                   part >= 50)), 0) AS net
  FROM ranked r
  LEFT JOIN map_taxes m ON m.line = r.tax_line;
CREATE INDEX temp.order_row_order ON order_row(order_id);

-- What is missing now is rounding, or the order does not add up.
DROP TABLE IF EXISTS temp.rounding;
CREATE TEMP TABLE rounding AS
SELECT t.id, t.total_inc, t.total_inc - coalesce(sum(r.net + 100 * r.tax_cents), 0) AS rest,
       CAST((SELECT value FROM setting WHERE name = 'orders.rounding_limit') AS INTEGER)
       + CAST((SELECT value FROM setting WHERE name = 'orders.rounding_per_line') AS INTEGER)
         * (SELECT count(*) FROM temp.line l WHERE l.order_id = t.id) AS allowed
  FROM temp.todo t LEFT JOIN temp.order_row r ON r.order_id = t.id
 GROUP BY t.id;

INSERT INTO temp.problem
SELECT 'order:' || id, 'does_not_add_up',
       printf('its rows come to %d.%02d, its total is %d.%02d', (total_inc - rest) / 10000,
              abs(total_inc - rest) % 10000 / 100, total_inc / 10000, abs(total_inc) % 10000 / 100),
       'look at the order in BigCommerce; orders.rounding_limit says how much may be rounded away', NULL
  FROM temp.rounding
 WHERE abs(rest) > allowed AND id IN (SELECT order_id FROM temp.order_row);

INSERT INTO temp.order_row
SELECT id, 1000901, 'rounding', 'rounding', 1000, 'rounding', 'Rounding', 1, rest, NULL, 0, rest
  FROM temp.rounding WHERE rest <> 0 AND abs(rest) <= allowed;

-- Discount and rounding take the code of the order's largest row.
UPDATE temp.order_row AS r
   SET tax_code = (SELECT b.tax_code FROM temp.order_row b
                    WHERE b.order_id = r.order_id AND b.tax_code IS NOT NULL
                    ORDER BY abs(b.net) DESC, b.sequence LIMIT 1)
 WHERE kind IN ('discount', 'rounding');
