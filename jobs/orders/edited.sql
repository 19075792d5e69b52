-- Orders that were edited in BigCommerce after they were sent, by orders.edits: an order note, the sales
-- order itself, or neither; each that a person must look at -> temp.problem.  After transform.sql.
-- Rerunnable.  Nothing here touches a row in flight.

-- The body that the sales order should have: what was sent, with addresses, delivery and rows composed
-- anew.  A row that BigCommerce did not change stays as it was sent, whatever the mappings say now.
DROP TABLE IF EXISTS temp.edited;
CREATE TEMP TABLE edited AS
SELECT x.order_id, x.key, x.state, x.remote_id AS sale_id, x.body, c.source_sha256, c.waits_for, c.total, c.note, x.note AS note_before, x.sent_sha256,
       coalesce(x.agreed, x.sent, x.body) AS before,
       json_set(coalesce(x.agreed, x.sent, x.body), '$.customer.address', c.body -> '$.customer.address',
                '$.billing.address', c.body -> '$.billing.address', '$.delivery', c.body -> '$.delivery') AS after
  FROM temp.composed c JOIN out_order x ON x.order_id = c.id
 WHERE c.sent AND x.state <> 'claimed';
UPDATE temp.edited AS e
   SET after = json_set(e.after, '$.rows', (
       SELECT json_group_array(json(coalesce(was, now))) FROM (
              SELECT n.value AS now, b.value AS was
                FROM temp.composed c
                JOIN json_each(c.body, '$.rows') n
                LEFT JOIN json_each(e.before, '$.rows') b
                  ON b.value ->> '$.externalRef' = n.value ->> '$.externalRef'
                 AND b.value ->> '$.quantity' = n.value ->> '$.quantity' AND b.value ->> '$.net' = n.value ->> '$.net'
                 AND b.value ->> '$.tax' = n.value ->> '$.tax' AND b.value ->> '$.name' = n.value ->> '$.name'
               WHERE c.id = e.order_id ORDER BY n.key)));
