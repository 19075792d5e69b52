-- Orders in the reading that adds up -> temp.item: their rows before rounding, each with product,
-- quantity, amount and tax.  After reading.sql.

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

-- Which lines become one row: equal ones (product, price, tax rate) that go to the same address, so that what
-- is shipped of a row tells who gets it.  ref = the first of them, which the row's reference names.
DROP TABLE IF EXISTS temp.grouped;
CREATE TEMP TABLE grouped AS
SELECT l.*, min(l.id) OVER (
       PARTITION BY l.order_id, l.type, l.found_id, l.sku_fold, l.name, l.options, p.tax_lines, l.address_id,
              l.exact / l.quantity, l.exact % l.quantity = 0,
              iif(l.worth = l.tax, 0, (1000 * l.tax + (l.worth - l.tax) / 2) / (l.worth - l.tax))) AS ref -- per mille
  FROM temp.priced l JOIN temp.place p ON p.at = l.at;
CREATE INDEX temp.grouped_order ON grouped(order_id, ref);

-- The lines, then what stands beside them.  fit_ex, fit_tax: without tax and the tax, before discounts;
-- after_ex, tax: after them; lines: how many are this one.
DROP TABLE IF EXISTS temp.item;
CREATE TEMP TABLE item AS
SELECT l.order_id, min(l.position) AS sequence, 'line' AS kind,
       CASE l.type WHEN 'digital' THEN 'digital' WHEN 'giftcertificate' THEN 'gift_certificate'
                   ELSE 'product' END AS item,
       l.ref, coalesce(l.found_id, 1000) AS product_id,
       CASE l.type WHEN 'giftcertificate' THEN 'gift_certificate'
                   ELSE iif(l.found_id IS NULL, 'text_row', NULL) END AS nominal,
       coalesce(nullif(l.name, ''), 'Item') || coalesce(' (' || nullif(l.options, '') || ')', '') AS name,
       iif(l.found_id IS NULL AND coalesce(l.sku, '') <> '', ' [' || l.sku || ']', '') AS name_end,
       sum(l.quantity) AS quantity, sum(l.exact) AS exact, sum(l.tax) AS tax,
       sum(l.total_ex) AS fit_ex, sum(l.total_tax) AS fit_tax, sum(l.worth - l.tax) AS after_ex, c.tax_class_id,
       min(l.at) AS at, count(*) AS lines
  FROM temp.grouped l
  LEFT JOIN ref_bc_product c ON c.product_id = l.product_id AND c.variant_id = 0
 GROUP BY l.order_id, l.ref
UNION ALL
SELECT o.id, 1000001, 'shipping', 'shipping', 'shipping', 1000, 'shipping',
       coalesce(nullif(t.method, ''), 'Shipping'), '', 1, iif(o.inclusive, o.shipping_inc, o.shipping_ex),
       o.shipping_tax, o.shipping_ex, o.shipping_tax, o.shipping_ex, NULL, t.at, 1
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id
 WHERE (o.shipping_inc <> 0 OR o.shipping_ex <> 0) AND o.id NOT IN (SELECT order_id FROM temp.freight)
UNION ALL
SELECT order_id, 1001000 + position, 'shipping', 'shipping', 'shipping' || id, 1000, 'shipping',
       coalesce(nullif(method, ''), 'Shipping'), '', 1, exact, tax, ex, tax, ex, NULL, at, 1
  FROM temp.freight
UNION ALL
SELECT o.id, 1100000, 'handling', 'handling', 'handling', 1000, 'handling', 'Handling', '', 1,
       iif(o.inclusive, o.handling_inc, o.handling_ex), o.handling_tax, o.handling_ex, o.handling_tax, o.handling_ex,
       NULL, t.at, 1
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id WHERE o.handling_inc <> 0 OR o.handling_ex <> 0
UNION ALL
SELECT o.id, 1200000, 'wrapping', 'wrapping', 'wrapping', 1000, 'wrapping', 'Gift wrapping', '', 1,
       iif(o.inclusive, o.wrapping_inc, o.wrapping_ex), o.wrapping_tax, o.wrapping_ex, o.wrapping_tax, o.wrapping_ex,
       NULL, t.at, 1
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id
 WHERE (o.wrapping_inc <> 0 OR o.wrapping_ex <> 0) AND o.id NOT IN (SELECT order_id FROM temp.wrap)
UNION ALL
SELECT order_id, 1200000 + row_number() OVER (PARTITION BY order_id ORDER BY min(id)), 'wrapping', 'wrapping',
       'wrapping' || min(id), 1000, 'wrapping', 'Gift wrapping' || name, '', sum(times), sum(times * exact),
       sum(times * tax), sum(times * ex), sum(times * tax), sum(times * ex), NULL, at, count(*)
  FROM temp.wrap GROUP BY order_id, name, exact, ex, tax, at
UNION ALL
SELECT f.order_id, 1300000 + f.position, 'fee', 'fee', 'fee' || f.position, 1000, 'fee',
       coalesce(nullif(f.name, ''), 'Fee'), '', 1, iif(t.inclusive, f.cost_inc, f.cost_ex), f.cost_tax,
       f.cost_ex, f.cost_tax, f.cost_ex, NULL, t.at, 1
  FROM temp.todo t
  JOIN temp.reading r ON r.id = t.id AND r.with_fees
  JOIN stg_bc_order_fee f ON f.order_id = t.id;
CREATE INDEX temp.item_order ON item(order_id);

-- A discount that no line carries; its tax is what the others leave of the order's.
INSERT INTO temp.item
SELECT r.id, 1900000, 'discount', NULL, 'discount', 1000, 'discount', 'Discount', '', 1, -r.less,
       min(0, r.total_tax - coalesce((SELECT sum(tax) FROM temp.item i WHERE i.order_id = r.id), 0)),
       NULL, NULL, NULL, NULL, NULL, 1
  FROM temp.reading r WHERE r.loose > 0;
