-- Orders that were edited in BigCommerce after they were sent -> temp.edited: the body that was sent
-- (before), and the one that the sales order should have now (after): the same with addresses, delivery
-- and rows composed anew.  A row that BigCommerce did not change stays as it was sent, whatever the
-- mappings say now.  After transform.sql.  Rerunnable; leaves out what is in flight.
DROP TABLE IF EXISTS temp.edited;
CREATE TEMP TABLE edited AS
SELECT x.order_id, x.key, x.remote_id AS sale_id, x.sent_sha256, x.note AS note_before,
       c.source_sha256, c.waits_for, c.total, c.note, c.lines,
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

-- So does the shipping method, where its row tells that it is the same in BigCommerce.
UPDATE temp.edited
   SET after = iif(before ->> '$.delivery.shippingMethodId' IS NULL, json_remove(after, '$.delivery.shippingMethodId'),
                   json_set(after, '$.delivery.shippingMethodId', before -> '$.delivery.shippingMethodId'))
 WHERE EXISTS (SELECT 1 FROM json_each(before, '$.rows') b JOIN json_each(after, '$.rows') a
                  ON a.value ->> '$.externalRef' = b.value ->> '$.externalRef' AND a.value ->> '$.name' = b.value ->> '$.name'
                WHERE b.value ->> '$.externalRef' GLOB '*:shipping*');
