-- Sales orders as they were just read in full (temp.fresh(id, payload)) with the edits of temp.edited
-- -> temp.put(key, body, uri, header): what replaces them.  A replacement clears whatever it does not
-- hold, so it is all that was read, with what the edit changes laid over it.  After edit_state.sql.

-- What changes beside the rows, as a merge patch: an emptied field goes, a country is told in one way only.
DROP TABLE IF EXISTS temp.put_patch;
CREATE TEMP TABLE put_patch AS
SELECT order_id, json_group_object(party, json_object('address', json(patch))) AS patch
  FROM (SELECT order_id, party, json_group_object(field, after) AS patch
          FROM (SELECT order_id, party, field, after FROM temp.edit_field WHERE party <> 'method'
                UNION ALL
                SELECT order_id, party, 'countryId', NULL FROM temp.edit_field WHERE field = 'countryIsoCode')
         GROUP BY order_id, party)
 GROUP BY order_id;

-- Rows: ours that change keep their id, ours that are gone go and with a bundle its parts, others stay;
-- then new ones.  Whole pieces are sent without decimals.
DROP TABLE IF EXISTS temp.put_row;
CREATE TEMP TABLE put_row AS
SELECT e.order_id, 0 AS new, whole(r.value -> '$.sequence') AS sequence, r.key AS position,
       json_patch(iif(CAST(r.value ->> '$.quantity' AS TEXT) GLOB '*[0-9].*[0]',
              json_set(r.value, '$.quantity', rtrim(rtrim(r.value ->> '$.quantity', '0'), '.')), r.value),
              coalesce((SELECT json_group_object(n.key, n.value) FROM temp.edit_row a JOIN json_each(a.row) n
                         WHERE a.order_id = e.order_id AND a.side = 'after' AND a.ref = r.value ->> '$.externalRef'
                           AND n.value IS NOT (SELECT b.row ->> n.key FROM temp.edit_row b
                                                WHERE b.order_id = a.order_id AND b.side = 'before' AND b.ref = a.ref)),
                       '{}')) AS row
  FROM temp.edited e
  JOIN temp.fresh f ON f.id = e.sale_id
  JOIN json_each(f.payload, '$.rows') r
 WHERE NOT EXISTS (SELECT 1 FROM temp.edit_match m
                    WHERE m.order_id = e.order_id AND NOT m.after AND m.ref = r.value ->> '$.externalRef')
   AND NOT EXISTS (SELECT 1 FROM temp.edit_match m JOIN json_each(f.payload, '$.rows') p ON p.value ->> '$.externalRef' = m.ref
                    WHERE m.order_id = e.order_id AND NOT m.after AND p.value ->> '$.id' = r.value ->> '$.parentRowId')
UNION ALL
SELECT a.order_id, 1, NULL, a.position, a.row
  FROM temp.edit_row a JOIN temp.fresh f ON f.id = a.sale_id
 WHERE a.side = 'after'
   AND NOT EXISTS (SELECT 1 FROM json_each(f.payload, '$.rows') r WHERE r.value ->> '$.externalRef' = a.ref);

DROP TABLE IF EXISTS temp.put;
CREATE TEMP TABLE put AS
SELECT e.key, json_set(json_patch(f.payload, coalesce(a.patch, '{}')), '$.rows', (SELECT json_group_array(json(row)) FROM (
              SELECT row FROM temp.put_row p WHERE p.order_id = e.order_id ORDER BY new, sequence, position))) AS body,
       '/order-service/sales-order/' || e.sale_id || '/' AS uri,
       'If-Match: ' || whole(f.payload -> '$.version') AS header
  FROM temp.edited e JOIN temp.fresh f ON f.id = e.sale_id LEFT JOIN temp.put_patch a ON a.order_id = e.order_id;

UPDATE temp.put AS t SET body = json_patch(t.body, json_object('delivery', json_object('shippingMethodId', m.after)))
  FROM temp.edit_field m JOIN temp.edited e ON e.order_id = m.order_id WHERE m.party = 'method' AND e.key = t.key;
-- The instance id is part of the order's key; an answer that leaves it out must not lose it.
UPDATE temp.put AS t SET body = json_set(t.body, '$.installedIntegrationInstanceId', x.sent_instance)
  FROM out_order x WHERE x.key = t.key AND x.sent_instance > 0 AND t.body ->> '$.installedIntegrationInstanceId' IS NULL;
