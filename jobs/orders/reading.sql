-- How each order's amounts are to be read -> temp.reading; its lines with their exact amount and
-- tax in that reading -> temp.priced.  After lines.sql.
--
-- What BigCommerce leaves open, each order shows by what adds up to its total:
--   as_told        the tax told of a discounted line is that after the discount, or before it
--   ex_discount    prices without tax: line discounts are told without tax, or with it
--   parts          components of a bundle have a value of their own, or it is in the bundle's
--   fees           fees are part of the total, or are not
--   credit, gift   the total is told before store credit and gift certificates were used, or after
--   loose          discounts that no line carries: 0 = they are in other amounts already, 1 = off the
--                  total as told, 2 = off it tax included where prices have none, 3 = by what is missing
--   own_tax        the order's tax is of something else, such as what was left to pay: its parts' counts
DROP TABLE IF EXISTS temp.sums;
CREATE TEMP TABLE sums AS
SELECT t.id, p.parts, t.inclusive, t.total_inc, t.total_tax, o.store_credit_amount AS credit,
       o.gift_certificate_amount AS gift,
       coalesce(sum(l.after), 0) AS after, coalesce(sum(l.total_tax), 0) AS told,
       coalesce(sum(l.tax_after), 0) AS scaled,
       coalesce(sum(iif(l.after = l.total_inc, l.total_ex, l.total_ex - l.discount)), 0) AS ex_less,
       coalesce(sum(iif(l.after = l.total_inc, l.total_ex, l.after - l.total_tax)), 0) AS ex_told,
       coalesce(sum(iif(l.after = l.total_inc, l.total_ex, l.after - l.tax_after)), 0) AS ex_scaled,
       t.discounts - coalesce(sum(l.total_inc - l.after), 0) AS off,
       iif(t.inclusive, o.shipping_inc + o.handling_inc + o.wrapping_inc,
           o.shipping_ex + o.handling_ex + o.wrapping_ex) AS costs,
       o.shipping_tax + o.handling_tax + o.wrapping_tax AS costs_tax,
       coalesce((SELECT sum(iif(t.inclusive, f.cost_inc, f.cost_ex)) FROM stg_bc_order_fee f
                  WHERE f.order_id = t.id), 0) AS fees,
       coalesce((SELECT sum(f.cost_tax) FROM stg_bc_order_fee f WHERE f.order_id = t.id), 0) AS fees_tax,
       (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'orders.rounding_limit')
       + (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'orders.rounding_per_line')
         * count(l.id) AS allowed
  FROM temp.todo t
  JOIN stg_bc_order o ON o.id = t.id
  JOIN (SELECT 1 AS parts UNION ALL SELECT 0) p
    ON p.parts OR EXISTS (SELECT 1 FROM temp.line l WHERE l.order_id = t.id AND l.part AND l.total_inc <> 0)
  LEFT JOIN temp.line l ON l.order_id = t.id AND (p.parts OR NOT l.part)
 GROUP BY t.id, p.parts;

-- Every reading that makes a difference, and by how much it misses the total and the tax; of those
-- that fit the nearest to the penny counts, of equals the usual one.
DROP TABLE IF EXISTS temp.reading;
CREATE TEMP TABLE reading AS
WITH yes_no(v) AS (VALUES (0), (1)), ways(v) AS (VALUES (0), (1), (2), (3)),
said AS (
	SELECT s.*, a.v AS as_told, e.v AS ex_discount, f.v AS with_fees, c.v AS less_credit, g.v AS less_gift,
	       total_inc + c.v * credit + g.v * gift AS total,
	       CASE WHEN inclusive THEN after WHEN e.v THEN ex_less WHEN a.v THEN ex_told ELSE ex_scaled END
	       + costs + f.v * fees AS items,
	       iif(a.v, told, scaled) + costs_tax + f.v * fees_tax AS tax
	  FROM temp.sums s
	  JOIN yes_no a ON a.v OR told <> scaled
	  JOIN yes_no e ON NOT e.v OR (NOT inclusive AND ex_less NOT IN (ex_told, ex_scaled))
	  JOIN yes_no f ON NOT f.v OR fees <> 0
	  JOIN yes_no c ON NOT c.v OR credit <> 0
	  JOIN yes_no g ON NOT g.v OR gift <> 0),
settled AS (
	SELECT d.*, k.v AS loose, w.v AS own_tax, iif(w.v, tax, total_tax) AS order_tax,
	       CASE k.v WHEN 0 THEN 0 WHEN 1 THEN off WHEN 2 THEN off + min(0, total_tax - tax)
	            ELSE max(0, min(off, items + iif(inclusive, 0, total_tax) - total)) END AS less
	  FROM said d
	  JOIN ways k ON k.v = 0 OR (off > 0 AND (k.v = 1 OR NOT inclusive))
	  JOIN yes_no w ON NOT w.v OR (NOT inclusive AND k.v < 2 AND tax <> total_tax)),
missed AS (
	SELECT d.*, abs(items + iif(inclusive, 0, order_tax) - less - total) AS miss,
	       -- a loose discount is expected to be taxed as the lines are
	       abs(order_tax - tax + iif(loose > 0 AND after > 0, off * scaled / after, 0)) AS tax_miss
	  FROM settled d)
SELECT id, inclusive, order_tax AS total_tax, total, allowed, as_told, ex_discount, parts, with_fees, less_credit,
       less_gift, loose, less, miss
  FROM (SELECT m.*, row_number() OVER (PARTITION BY id ORDER BY
               iif(miss <= allowed, own_tax + (loose = 3), 3), miss / 100, tax_miss / 100, miss + tax_miss,
               loose = 0 AND off > 0, loose, NOT as_told, ex_discount, NOT parts, with_fees,
               less_credit + less_gift, less_gift, own_tax) AS rank FROM missed m)
 WHERE rank = 1;
CREATE UNIQUE INDEX temp.reading_id ON reading(id);

DROP TABLE IF EXISTS temp.priced;
CREATE TEMP TABLE priced AS
SELECT l.*, iif(l.part AND NOT r.parts, 0, iif(r.as_told, l.total_tax, l.tax_after)) AS tax,
       CASE WHEN l.part AND NOT r.parts THEN 0
            WHEN r.inclusive THEN l.after
            WHEN l.after = l.total_inc THEN l.total_ex
            WHEN r.ex_discount THEN l.total_ex - l.discount
            ELSE l.after - iif(r.as_told, l.total_tax, l.tax_after) END AS exact,
       iif(l.part AND NOT r.parts, 0, l.after) AS worth
  FROM temp.line l
  JOIN temp.reading r ON r.id = l.order_id;
