-- temp.item + taxes.csv -> temp.coded: each with the line of taxes.csv that tells its tax code; what no line
-- fits -> temp.problem.  After rows.sql.
--
-- A rate fits when it gives the tax that was charged but for rounding, and rounding is narrow: a minor unit
-- for each line, or one for each piece where the tax shows that it was rounded piece by piece, and then
-- less than half the way to the next rate that could be meant.  Of those that fit the nearest counts, then
-- the line that names the most.  A line that is wrong is chosen like any other, and before another that
-- names as much: what it speaks of waits.

-- All lines of taxes.csv that speak of an item, whatever their rate; abroad = of all countries together.
DROP TABLE IF EXISTS temp.tax_line;
CREATE TEMP TABLE tax_line AS
SELECT i.order_id, i.sequence, i.item, m.line, m.named, m.bad, m.rate_units AS rate, m.country_like = '%' AS abroad
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
        AND coalesce(c.name_fold, '') LIKE m.tax_class_like ESCAPE '\'));
CREATE INDEX temp.tax_line_item ON tax_line(order_id, sequence);

-- No tax for all the world is meant for exports: it does not catch what should have been taxed at home.  A
-- gift certificate is taxed when it is spent.
DELETE FROM temp.tax_line AS t
 WHERE abroad AND rate = 0 AND item <> 'gift_certificate'
   AND EXISTS (SELECT 1 FROM temp.tax_line h
                WHERE h.order_id = t.order_id AND h.sequence = t.sequence AND NOT h.abroad AND h.rate > 0);

-- How far each rate misses, by the amounts as the order is read (doubt 0) and, should none fit, by those
-- before its discounts, or after them (doubt 1).
DROP TABLE IF EXISTS temp.tax_miss;
CREATE TEMP TABLE tax_miss AS
WITH amount AS (
	SELECT i.order_id, i.sequence, i.quantity, i.lines, d.doubt, iif(d.doubt = r.as_told, fit_ex, after_ex) AS ex,
	       iif(d.doubt = r.as_told, fit_tax, tax) AS tax,
	       iif(t.currency IN ('bif', 'clp', 'djf', 'gnf', 'isk', 'jpy', 'kmf', 'krw', 'pyg', 'rwf', 'ugx', 'vnd', 'vuv',
	                          'xaf', 'xof', 'xpf'), 10000, 100) AS minor
	  FROM temp.item i
	  JOIN temp.todo t ON t.id = i.order_id
	  JOIN temp.reading r ON r.id = i.order_id
	  JOIN (SELECT 0 AS doubt UNION ALL SELECT 1) d)
SELECT a.order_id, a.sequence, a.doubt, m.line, m.rate, abs(a.ex) AS ex, abs(a.ex * m.rate / 1000000 - a.tax) AS miss,
       a.minor * a.lines AS narrow, iif(a.tax % (a.minor * a.quantity) = 0, a.minor, 2) * a.quantity AS wide
  FROM amount a JOIN temp.tax_line m ON m.order_id = a.order_id AND m.sequence = a.sequence
 WHERE m.rate IS NOT NULL;

DROP TABLE IF EXISTS temp.tax_fit;
CREATE TEMP TABLE tax_fit AS
SELECT order_id, sequence, line,
       rank() OVER (PARTITION BY order_id, sequence ORDER BY doubt, miss) AS rank
  FROM temp.tax_miss m
 WHERE miss <= narrow
    OR (miss <= wide AND NOT EXISTS (SELECT 1 FROM temp.tax_line n
               WHERE n.order_id = m.order_id AND n.sequence = m.sequence AND n.rate <> m.rate
                 AND 2 * 1000000 * miss >= abs(n.rate - m.rate) * ex));
CREATE INDEX temp.tax_fit_line ON tax_fit(order_id, sequence, line);

DROP TABLE IF EXISTS temp.coded;
CREATE TEMP TABLE coded AS
SELECT i.*, f.line AS tax_line
  FROM temp.item i
  LEFT JOIN (SELECT t.order_id, t.sequence, t.line,
                    row_number() OVER (PARTITION BY t.order_id, t.sequence
                           ORDER BY t.named / 1000 DESC, t.bad IS NULL, t.named DESC, t.rate IS NULL, t.line) AS rank
               FROM temp.tax_line t
              WHERE t.rate IS NULL
                 OR EXISTS (SELECT 1 FROM temp.tax_fit n WHERE n.order_id = t.order_id AND n.sequence = t.sequence
                               AND n.line = t.line AND n.rank = 1)) f
    ON f.order_id = i.order_id AND f.sequence = i.sequence AND f.rank = 1;

-- The line that would mend it names the place, the kind of row and the rate with as few decimals as fit; all
-- that selects, where a line that names as many other cells would tie with it; none where a line is there.
INSERT INTO temp.problem
SELECT 'order:' || i.order_id, iif(m.bad IS NULL, 'no_tax_code', 'taxes_line'),
       iif(m.bad IS NOT NULL, printf('line %d of taxes.csv, which speaks of %s "%s", is wrong: %s', m.line, i.item, i.name, m.bad),
       printf('%s %s "%s" for %s%s%s, taxed %d.%04d on %d.%04d', iif(m.line IS NULL, 'no line of taxes.csv fits',
              'line ' || m.line || ' of taxes.csv names no tax code for'), i.item, i.name,
              upper(p.country), iif(p.region = '', '', ' '), p.region, i.tax / 10000, abs(i.tax) % 10000,
              i.after_ex / 10000, abs(i.after_ex) % 10000)),
       iif(i.tax = 0 AND m.bad IS NULL AND EXISTS (SELECT 1 FROM temp.tax_line h
                WHERE h.order_id = i.order_id AND h.sequence = i.sequence AND h.rate > 0),
           'BigCommerce charged no tax although taxes.csv has a rate for it: look at the tax set-up there; if it is right, ', '')
       || CASE WHEN m.bad IS NOT NULL THEN 'mend that line'
               WHEN m.line IS NOT NULL THEN 'name the Brightpearl tax code that this is booked on in line ' || m.line || ' of mappings/taxes.csv'
               ELSE 'add the line with the Brightpearl tax code that this is booked on' END,
       iif(m.line IS NOT NULL, NULL, printf('mappings/taxes.csv: %s,TAX_CODE,', CASE WHEN EXISTS (
           SELECT 1 FROM map_taxes o
            WHERE o.named / 1000 = 3 - (p.country = '') AND p.country LIKE o.country_like ESCAPE '\'
              AND (o.rate_units IS NULL OR o.rate_units = CAST(round(10000 * i.percent) AS INTEGER))
              AND i.item LIKE o.item_like ESCAPE '\' AND p.region LIKE o.region_like ESCAPE '\'
              AND NOT (o.region_like = '%' AND o.customer_group_like = '%' AND o.tax_class_like = '%'))
           THEN printf('%s,%s,%s,%s,%s,%s', upper(p.country),
                iif(p.region = '', '*', coalesce(cell(p.region), '*')),
                CASE WHEN t.group_id = -1 THEN '(guest)' WHEN t.group_name = '' THEN '*' ELSE 'id:' || t.group_id END,
                i.item, iif(c.id IS NULL, '*', 'id:' || c.id), i.percent)
           ELSE printf('%s,*,*,%s,*,%s', upper(p.country), i.item, i.percent) END))
  FROM (SELECT *, CASE WHEN after_ex = 0 OR tax = 0 THEN '0'
                       ELSE (SELECT printf('%.*f', d, 100.0 * tax / after_ex)
                               FROM (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4)
                              WHERE abs(after_ex * round(100.0 * tax / after_ex, d) / 100 - tax) <= 50 OR d = 4 ORDER BY d LIMIT 1)
                       END AS percent FROM temp.coded) i
  JOIN temp.todo t ON t.id = i.order_id
  JOIN temp.place p ON p.at = i.at
  LEFT JOIN ref_list c ON c.system = 'bigcommerce' AND c.list = 'tax_class' AND c.id = i.tax_class_id
  LEFT JOIN map_taxes m ON m.line = i.tax_line
 WHERE i.item IS NOT NULL AND (m.becomes_id IS NULL OR m.bad IS NOT NULL);
