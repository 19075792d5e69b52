-- Which notes are of an order from BigCommerce: of a linked sales order, or of one that was split off
-- from one.  temp.asked = the sales orders that must be looked up to tell.  Rerunnable.
DROP TABLE IF EXISTS temp.climb;
CREATE TEMP TABLE climb AS
WITH RECURSIVE up(sale_id, at, depth) AS (
	SELECT DISTINCT sale_id, sale_id, 0 FROM stg_bp_goods_out_note
	 WHERE sale_id > 0 AND (ours IS NULL OR (ours = 0 AND sale_id IN (SELECT sales_order_id FROM link_order)))
	UNION
	SELECT u.sale_id, coalesce(s.parent_id, o.parent_id, p.parent_id), u.depth + 1
	  FROM up u
	  LEFT JOIN stg_bp_sale s ON s.id = u.at
	  LEFT JOIN stg_bp_order o ON o.id = u.at
	  LEFT JOIN order_taken_over p ON p.id = u.at
	 WHERE u.at NOT IN (SELECT sales_order_id FROM link_order) AND u.depth < 10
	   AND coalesce(s.parent_id, o.parent_id, p.parent_id) IS NOT NULL)
SELECT sale_id, at, at IN (SELECT sales_order_id FROM link_order) AS linked,
       EXISTS (SELECT 1 FROM stg_bp_sale s WHERE s.id = at) OR EXISTS (SELECT 1 FROM stg_bp_order o WHERE o.id = at) AS known
  FROM up;

UPDATE stg_bp_goods_out_note SET ours = 1, read_at = NULL
 WHERE ours IS NOT 1 AND sale_id IN (SELECT sale_id FROM temp.climb WHERE linked);
UPDATE stg_bp_goods_out_note SET ours = 0
 WHERE ours IS NULL
   AND (coalesce(sale_id, 0) = 0 OR sale_id NOT IN (SELECT sale_id FROM temp.climb WHERE NOT linked AND NOT known));

DROP TABLE IF EXISTS temp.asked;
CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO temp.asked
SELECT c.at FROM temp.climb c
 WHERE NOT c.linked AND NOT c.known
   AND EXISTS (SELECT 1 FROM stg_bp_goods_out_note n WHERE n.sale_id = c.sale_id AND n.ours IS NULL);
