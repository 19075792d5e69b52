-- temp.coded -> temp.order_row: the rows with their tax in whole pennies, adding up to the order's total; an
-- order that does not -> temp.problem.  After rate.sql.

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
