-- temp.page(id, payload, told): availability of products as answered; told = 0: the answer left it out
-- -> stg_bp_availability.  temp.read_now(at, here) holds the server's time and ours.  Rerunnable; uses lib/func.h.

-- What is told without a quantity for each warehouse says nothing: what was read before stays.
DROP TABLE IF EXISTS temp.unread;
CREATE TEMP TABLE unread AS
SELECT id, payload FROM temp.page p
 WHERE told AND CASE WHEN coalesce(json_type(payload), '') <> 'object' THEN 1
                     WHEN coalesce(json_type(payload, '$.warehouses'), '') NOT IN ('object', 'array')
                          OR payload -> '$.warehouses' IN ('{}', '[]')
                     THEN coalesce(whole(payload -> '$.total.onHand') > 0, 1) -- a warehouse with none is left out; orders may hold more
                     ELSE EXISTS (SELECT 1 FROM json_each(p.payload, '$.warehouses') w
                                   WHERE w.type <> 'object' OR CAST(w.key AS INTEGER) < 1
                                      OR CASE WHEN json_type(w.value, '$.onHand') IS NULL
                                              THEN whole(w.value -> '$.inStock') IS NULL OR whole(w.value -> '$.allocated') IS NULL
                                              ELSE whole(w.value -> '$.onHand') IS NULL END) END;
DELETE FROM temp.page WHERE id IN (SELECT id FROM temp.unread);
INSERT INTO stg_bp_availability(product_id, payload, sha256, changed_run, read_at, clock_at, unreadable)
SELECT id, NULL, '', (SELECT id FROM current_run), (SELECT at FROM temp.read_now), (SELECT here FROM temp.read_now),
       substr(payload, 1, 200)
  FROM temp.unread WHERE true
ON CONFLICT(product_id) DO UPDATE SET unreadable = excluded.unreadable, read_at = excluded.read_at, clock_at = excluded.clock_at;

UPDATE stg_bp_availability SET read_at = (SELECT at FROM temp.read_now), clock_at = (SELECT here FROM temp.read_now),
       unreadable = NULL
 WHERE product_id IN (SELECT id FROM temp.page);
DELETE FROM temp.page
 WHERE EXISTS (SELECT 1 FROM stg_bp_availability a
                WHERE a.product_id = page.id AND a.payload IS page.payload);

INSERT OR REPLACE INTO stg_bp_availability(product_id, payload, sha256, changed_run, read_at, clock_at)
SELECT id, payload, coalesce(sha256(payload), ''), (SELECT id FROM current_run),
       (SELECT at FROM temp.read_now), (SELECT here FROM temp.read_now)
  FROM temp.page;

DELETE FROM stg_bp_availability_warehouse WHERE product_id IN (SELECT id FROM temp.page);
INSERT INTO stg_bp_availability_warehouse(product_id, warehouse_id, in_stock, allocated, on_hand)
SELECT p.id, CAST(w.key AS INTEGER), whole(w.value -> '$.inStock'), whole(w.value -> '$.allocated'),
       coalesce(whole(w.value -> '$.onHand'), whole(w.value -> '$.inStock') - whole(w.value -> '$.allocated'))
  FROM temp.page p JOIN json_each(p.payload, '$.warehouses') w
 WHERE w.type = 'object';
