-- Lines for statuses.csv that fit the account's own lists -> temp.offer(line, text): line = the one that it would
-- take the place of, NULL = a new one.  Offered for what still says (leave), by the live list: Shipped, Cancelled,
-- On hold.  Rerunnable.
DROP TABLE IF EXISTS temp.named_there;
CREATE TEMP TABLE named_there AS
SELECT what, (SELECT CAST(r.id AS INTEGER) FROM ref_list r
               WHERE r.system = 'brightpearl' AND r.list = 'order_status' AND r.usable
                 AND CASE what
                     WHEN 'cancelled' THEN r.id = coalesce((SELECT nullif(value, '') FROM ref_bp_configuration
                                                             WHERE name = 'cancelledOrderStatusId'), r.id)
                                           AND (r.name_fold LIKE '%cancel%' OR EXISTS (SELECT 1 FROM ref_bp_configuration
                                                 WHERE name = 'cancelledOrderStatusId' AND value = r.id))
                     WHEN 'shipped' THEN r.name_fold LIKE '%shipped%' AND r.name_fold NOT LIKE '%part%'
                                         AND r.name_fold NOT LIKE '%not %' AND r.name_fold NOT LIKE '%unshipped%'
                                         AND r.name_fold NOT LIKE '%to be%'
                     ELSE r.name_fold LIKE '%hold%' END
               ORDER BY r.name_fold NOT IN ('shipped', 'cancelled', 'on hold'), length(r.name), CAST(r.id AS INTEGER) LIMIT 1) AS id
  FROM (SELECT 'shipped' AS what UNION ALL SELECT 'cancelled' UNION ALL SELECT 'on hold');

DROP TABLE IF EXISTS temp.offer;
CREATE TEMP TABLE offer AS
WITH name AS (
	SELECT system, CAST(id AS INTEGER) AS id,
	       coalesce(cell(name), 'id:' || id) AS cell
	  FROM ref_list WHERE (system, list) IN (('bigcommerce', 'status'), ('brightpearl', 'order_status')) AND usable),
pairs(place, what, status_id, back) AS (VALUES (1, 'shipped', 2, 1), (2, 'cancelled', 5, 1), (3, 'on hold', 13, 0), (4, 'on hold', 12, 1))
SELECT 2 * p.place AS place, m.line,
       printf('BigCommerce,%s,%s,%s,%s,', b.cell, iif(m.sync, 'yes', 'no'),
              CASE m.owes_goods WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE '' END, t.cell) AS text
  FROM pairs p
  JOIN temp.named_there n ON n.what = p.what AND p.place < 4
  JOIN name t ON t.system = 'brightpearl' AND t.id = n.id
  JOIN name b ON b.system = 'bigcommerce' AND b.id = p.status_id
  JOIN map_statuses m ON m."from" = 'bigcommerce' AND m.status_id = p.status_id AND m.becomes IN ('', '(leave)')
UNION ALL
SELECT 2 * p.place + 1, m.line, printf('Brightpearl,%s,%s,,%s,', t.cell, iif(coalesce(m.sync, 1), 'yes', 'no'), b.cell)
  FROM pairs p
  JOIN temp.named_there n ON n.what = p.what AND p.back
  JOIN name t ON t.system = 'brightpearl' AND t.id = n.id
  JOIN name b ON b.system = 'bigcommerce' AND b.id = p.status_id
  LEFT JOIN map_statuses m ON m."from" = 'brightpearl' AND m.status_id = n.id
 WHERE m.line IS NULL OR m.becomes IN ('', '(leave)');
