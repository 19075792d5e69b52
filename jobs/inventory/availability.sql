-- temp.page(id, payload): availability of products as answered, NULL where the answer left one out
-- -> stg_bp_availability.  temp.read_now(at, here) holds the server's time and ours.  Rerunnable; uses lib/func.h.
UPDATE stg_bp_availability SET read_at = (SELECT at FROM temp.read_now), clock_at = (SELECT here FROM temp.read_now)
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
       coalesce(whole(w.value -> '$.onHand'),
                whole(w.value -> '$.inStock') - coalesce(whole(w.value -> '$.allocated'), 0), 0)
  FROM temp.page p JOIN json_each(p.payload, '$.warehouses') w
 WHERE w.type = 'object' AND CAST(w.key AS INTEGER) > 0;
