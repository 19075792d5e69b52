-- Our orders without a sales order (temp.ours), and those of Brightpearl whose reference fits one of
-- temp.pattern(text) -> temp.candidate(order_id, sale_id, shown).  temp.adopting(from_at): from when on.
DROP TABLE IF EXISTS temp.ours;
CREATE TEMP TABLE ours AS
SELECT o.id
  FROM stg_bc_order o
  LEFT JOIN link_order k ON k.order_id = o.id
  LEFT JOIN out_order x ON x.order_id = o.id
 WHERE o.date_created >= (SELECT from_at FROM temp.adopting) AND o.status_id <> 0
   AND o.unreadable IS NULL AND k.order_id IS NULL AND x.state IS NOT 'claimed';

DROP TABLE IF EXISTS temp.theirs;
CREATE TEMP TABLE theirs AS
SELECT id, shown, lower(trim(shown)) AS reference
  FROM (SELECT id, type_id, created_on, customer_ref AS shown FROM stg_bp_order
        UNION SELECT id, type_id, created_on, external_ref FROM stg_bp_order)
 WHERE type_id = 1 AND created_on >= (SELECT from_at FROM temp.adopting) AND trim(shown) <> ''
   AND id NOT IN (SELECT sales_order_id FROM link_order);
CREATE INDEX temp.theirs_reference ON theirs(reference);

DROP TABLE IF EXISTS temp.candidate;
CREATE TEMP TABLE candidate AS
SELECT o.id AS order_id, t.id AS sale_id, min(t.shown) AS shown
  FROM temp.ours o
  JOIN temp.pattern p
  JOIN temp.theirs t ON t.reference = lower(replace(replace(p.text, '{prefix}',
                                      (SELECT prefix FROM order_reference)), '{id}', o.id))
 GROUP BY o.id, t.id;
