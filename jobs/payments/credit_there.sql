-- temp.credit_there (sales credits with a reference like ours) -> temp.credit_ours(key, id), temp.credit_other(key, record,
-- id, message): whose they are.  After those without a parent were read in full; rerunnable, plain SQLite.
--
-- The reference alone says nothing: ours belongs to the sales order.  Where Brightpearl tells no parent, it is of the
-- same contact and comes to the same.
DROP TABLE IF EXISTS temp.credit_judged;
CREATE TEMP TABLE credit_judged AS
SELECT x.key, 'payment:' || x.order_id || ':' || x.part AS record, x.state, x.amount, t.id, t.parent_id, t.contact_id, s.total, s.type,
       coalesce(k.sales_order_id, CAST(x.body ->> '$.parentId' AS INTEGER)) AS sales_order_id,
       CAST(x.body ->> '$.customer.id' AS INTEGER) AS customer_id,
       CASE WHEN t.parent_id IS NOT NULL
            THEN t.parent_id IN (coalesce(k.sales_order_id, 0), CAST(coalesce(x.sent, x.body) ->> '$.parentId' AS INTEGER))
            ELSE s.type IS 'SC' AND t.contact_id IS CAST(x.body ->> '$.customer.id' AS INTEGER)
                 AND coalesce(abs(abs(s.total) - x.amount) <= 50, 0) END AS own
  FROM out_payment x
  JOIN temp.credit_there t ON t.ref = x.key
  LEFT JOIN link_order k ON k.order_id = x.order_id
  LEFT JOIN stg_bp_sale s ON s.id = t.id
 WHERE x.kind = 'credit' AND x.state IN ('pending', 'claimed');

DROP TABLE IF EXISTS temp.credit_ours;
CREATE TEMP TABLE credit_ours AS
SELECT key, min(id) AS id FROM temp.credit_judged WHERE own IS 1 GROUP BY key;

DROP TABLE IF EXISTS temp.credit_other;
CREATE TEMP TABLE credit_other AS
SELECT key, record, min(id) AS id, printf('Brightpearl''s sales credit %d has the reference %s, but belongs to %s, not to sales order %d of contact %s',
       id, key, iif(parent_id IS NULL, printf('contact %s and comes to %s', coalesce(contact_id, 'unknown'),
                    coalesce(printf('%d.%02d', abs(total) / 10000, abs(total) % 10000 / 100), 'what cannot be read')),
                    'sales order ' || parent_id), sales_order_id,
       coalesce(customer_id, 'unknown') || iif(parent_id IS NULL, printf(' with %d.%02d', amount / 10000, amount % 10000 / 100), '')) AS message
  FROM temp.credit_judged
 WHERE state = 'pending' AND key NOT IN (SELECT key FROM temp.credit_ours) GROUP BY key;
