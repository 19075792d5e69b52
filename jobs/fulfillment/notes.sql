-- temp.page(kind, id, payload): goods-out and drop-ship notes as answered -> stg_bp_goods_out_note and
-- its rows.  temp.read_now(at) holds the server's time.  Rerunnable; uses the functions of lib/func.h.
--
-- Rows come as {"ROW": [{"productId", "quantity"}, ...]}, an entry for each location.  How drop-ship
-- notes look is hardly documented: a list of products with their row is understood as well.
DROP TABLE IF EXISTS temp.incoming;
CREATE TEMP TABLE incoming AS
SELECT kind, id, payload, sha256(payload) AS sha256,
       coalesce(nullif(whole(payload -> '$.orderId'), 0), whole(payload -> '$.salesOrderId')) AS sale_id,
       iif(flag(coalesce(payload ->> '$.status.shipped', payload ->> '$.shipped')),
           coalesce(instant(payload ->> '$.status.shippedOn'), instant(payload ->> '$.shippedOn'),
                    (SELECT at FROM temp.read_now)), NULL) AS shipped_on,
       coalesce(flag(payload ->> '$.transfer'), 0) AS transfer,
       nullif(whole(payload -> '$.shipping.shippingMethodId'), 0) AS shipping_method_id,
       coalesce(payload ->> '$.shipping.reference', '') AS reference
  FROM temp.page WHERE id IS NOT NULL;

UPDATE stg_bp_goods_out_note AS n SET read_at = (SELECT at FROM temp.read_now), gone = 0
 WHERE EXISTS (SELECT 1 FROM temp.incoming i WHERE i.kind = n.kind AND i.id = n.id);
DELETE FROM temp.incoming
 WHERE EXISTS (SELECT 1 FROM stg_bp_goods_out_note n
                WHERE n.kind = incoming.kind AND n.id = incoming.id AND n.sha256 = incoming.sha256);

INSERT INTO stg_history(record, id, replaced_at, payload, sha256)
SELECT 'bp_note_' || n.kind, n.id, unixepoch(), n.payload, n.sha256
  FROM stg_bp_goods_out_note n JOIN temp.incoming i ON i.kind = n.kind AND i.id = n.id
 WHERE n.payload IS NOT NULL;

-- Tracking numbers as they were typed: a comma, a semicolon or a line break stands between two, blanks group
-- the signs of one.  What has no digit is none.
DROP TABLE IF EXISTS temp.part;
CREATE TEMP TABLE part AS
SELECT kind, id, position, text, text GLOB '*[0-9]*' AS is_number
  FROM (SELECT i.kind, i.id, min(w.key) AS position,
               replace(replace(replace(replace(replace(replace(replace(w.value, ' ', ''), char(9), ''), char(160), ''),
                       char(8201), ''), char(8239), ''), char(8203), ''), char(65279), '') AS text
          FROM temp.incoming i
          JOIN json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(plain(i.reference),
                       ';', ','), char(10), ','), char(13), ','), char(11), ','), char(12), ','), char(8232), ','),
                       char(133), ',')), ',', '","') || ']') w
         GROUP BY i.kind, i.id, 4)
 WHERE text <> '';

INSERT INTO stg_bp_goods_out_note(kind, id, payload, sha256, changed_run, read_at, ours, sale_id, shipped_on,
       transfer, shipping_method_id, reference, numbers, no_numbers, tracking, tracking_query)
SELECT i.kind, i.id, i.payload, i.sha256, (SELECT id FROM current_run), (SELECT at FROM temp.read_now), NULL,
       i.sale_id, i.shipped_on, i.transfer, i.shipping_method_id, i.reference,
       coalesce((SELECT group_concat(text, ' ') FROM (SELECT p.text FROM temp.part p WHERE p.kind = i.kind AND p.id = i.id
                     AND p.is_number ORDER BY p.position)), ''),
       (SELECT iif(min(p.is_number) = 0, trim(i.reference), NULL) FROM temp.part p WHERE p.kind = i.kind AND p.id = i.id),
       t.number, query(t.number)
  FROM temp.incoming i
  JOIN (SELECT i.kind, i.id, coalesce((SELECT p.text FROM temp.part p WHERE p.kind = i.kind AND p.id = i.id AND p.is_number
                   AND length(p.text) <= 50 ORDER BY p.position LIMIT 1), '') AS number
          FROM temp.incoming i) t ON t.kind = i.kind AND t.id = i.id
 WHERE true
    ON CONFLICT(kind, id) DO UPDATE SET payload = excluded.payload, sha256 = excluded.sha256,
       changed_run = excluded.changed_run, read_at = excluded.read_at, gone = 0,
       sale_id = coalesce(excluded.sale_id, sale_id), shipped_on = excluded.shipped_on,
       transfer = excluded.transfer, shipping_method_id = excluded.shipping_method_id,
       reference = excluded.reference, numbers = excluded.numbers, no_numbers = excluded.no_numbers,
       tracking = excluded.tracking,
       tracking_query = excluded.tracking_query;

DELETE FROM stg_bp_goods_out_row AS r
 WHERE EXISTS (SELECT 1 FROM temp.incoming i WHERE i.kind = r.kind AND i.id = r.note_id);
INSERT INTO stg_bp_goods_out_row(kind, note_id, row_id, product_id, quantity)
SELECT kind, id, row_id, min(whole(part -> '$.productId')), sum(whole(part -> '$.quantity'))
  FROM (SELECT i.kind, i.id, CAST(r.key AS INTEGER) AS row_id, p.value AS part
          FROM temp.incoming i JOIN json_each(i.payload, '$.orderRows') r
          JOIN json_each(iif(r.type = 'array', r.value, json_array(json(r.value)))) p
         WHERE r.type IN ('array', 'object')
        UNION ALL
        SELECT i.kind, i.id, whole(p.value -> '$.salesOrderRowId'), p.value
          FROM temp.incoming i JOIN json_each(i.payload, '$.products') p WHERE p.type = 'object')
 WHERE row_id > 0 AND whole(part -> '$.quantity') > 0
 GROUP BY kind, id, row_id;
