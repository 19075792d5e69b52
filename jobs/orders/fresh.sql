-- What an order names and could not be read (jobs/orders/fresh.c) -> temp.problem: it waits, since what is
-- not known must not count as none.  What does not exist any more -> temp.absent(order_id, text), for an
-- order note.  After lines.sql; rerunnable.
INSERT INTO temp.problem
SELECT 'order:' || t.id, 'customer_not_read',
       printf('the group of its customer account %d could not be read', o.customer_id),
       'run again; if it stays, look whether the token may read customers', NULL
  FROM temp.todo t
  JOIN stg_bc_order o ON o.id = t.id
  JOIN mapping_needs g ON g.groups
  LEFT JOIN named_read r ON r.kind = 'bc_customer' AND r.id = o.customer_id
  LEFT JOIN stg_bc_customer k ON k.id = o.customer_id
 WHERE o.customer_id > 0
   AND (r.there IS NULL OR k.id IS NULL
        OR (k.group_id > 0 AND NOT EXISTS (SELECT 1 FROM ref_list l WHERE l.system = 'bigcommerce'
                                              AND l.list = 'customer_group' AND l.id = k.group_id)
            AND (SELECT unavailable FROM ref_read WHERE system = 'bigcommerce' AND list = 'customer_group') IS NOT NULL
            AND EXISTS (SELECT 1 FROM (SELECT customer_group_id AS id, customer_group_like AS text FROM map_sales
                                       UNION ALL SELECT customer_group_id, customer_group_like FROM map_taxes)
                         WHERE id IS NULL AND text <> '%')));

INSERT INTO temp.problem
SELECT 'order:' || l.order_id, 'product_not_read',
       'BigCommerce''s product of ' || group_concat(DISTINCT '"' || coalesce(nullif(l.sku, ''), l.name, l.product_id) || '"')
       || ' could not be read',
       'run again; if it stays, look whether the token may read products', NULL
  FROM temp.line l
  JOIN mapping_needs g ON g.classes OR g.keys
  LEFT JOIN named_read r ON r.kind = 'bc_product' AND r.id = l.product_id
  LEFT JOIN ref_bc_product c ON c.product_id = l.product_id AND c.variant_id = 0
 WHERE l.product_id > 0 AND ((r.id IS NOT NULL AND r.there IS NULL) OR (c.product_id IS NULL AND r.there IS NOT 0))
 GROUP BY l.order_id;

INSERT INTO temp.problem
SELECT 'order:' || l.order_id, 'product_not_read',
       'Brightpearl''s product ' || group_concat(DISTINCT l.found_id) || ' could not be read', 'run again; if it stays, look at it', NULL
  FROM temp.line l
  JOIN named_read r ON r.kind = 'bp_product' AND r.id = l.found_id AND r.there IS NULL
 WHERE 'order:' || l.order_id NOT IN (SELECT key FROM temp.problem WHERE reason = 'product_not_read')
 GROUP BY l.order_id;

DROP TABLE IF EXISTS temp.absent;
CREATE TEMP TABLE absent AS
SELECT t.id AS order_id,
       printf('BigCommerce has no customer account %d any more: it is booked as of no customer group.', o.customer_id) AS text
  FROM temp.todo t
  JOIN stg_bc_order o ON o.id = t.id
  JOIN mapping_needs g ON g.groups
  JOIN named_read r ON r.kind = 'bc_customer' AND r.id = o.customer_id AND r.there = 0
UNION
SELECT l.order_id, printf('BigCommerce has no product %d (%s) any more: it is booked as of no tax class.', l.product_id,
              coalesce(nullif(l.sku, ''), l.name, ''))
  FROM temp.line l
  JOIN mapping_needs g ON g.classes
  JOIN named_read r ON r.kind = 'bc_product' AND r.id = l.product_id AND r.there = 0;
