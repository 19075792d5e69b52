-- Which changes of stock are unusual -> temp.owed, temp.unusual, and what of it is held -> out_stock.held.
-- After quantities.sql, choice.sql and transform.sql, on their tables; rerunnable.  temp.braking(factor,
-- zero_percent, rise_percent, read_at, freed) holds the settings; five items may always change.

-- Units of each product that orders of any channel have allocated, or that live orders hold besides.
DROP TABLE IF EXISTS temp.allocated;
CREATE TEMP TABLE allocated AS
SELECT w.product_id, sum(max(0, coalesce(w.allocated, 0))) AS units
  FROM stg_bp_availability_warehouse w
 WHERE w.warehouse_id IN (SELECT warehouse_id FROM temp.published)
 GROUP BY w.product_id;
CREATE UNIQUE INDEX temp.allocated_product ON allocated(product_id);

DROP TABLE IF EXISTS temp.owed;
CREATE TEMP TABLE owed AS
SELECT product_id, sum(units) AS units
  FROM (SELECT product_id, units FROM temp.allocated
        UNION ALL
        SELECT c.bundle_id, max(a.units / c.quantity)
          FROM ref_bp_component c JOIN temp.allocated a ON a.product_id = c.product_id GROUP BY c.bundle_id
        UNION ALL
        SELECT product_id, max(units) FROM temp.taken GROUP BY product_id)
 GROUP BY product_id;
CREATE UNIQUE INDEX temp.owed_product ON owed(product_id);

-- What differs both from what the shop shows and from what was set: `low` and `high` of these two.  Where
-- neither is known, at no location, it may be any: nothing explains a fall to zero.
DROP TABLE IF EXISTS temp.changing;
CREATE TEMP TABLE changing AS
SELECT x.key, i.bp_product_id AS product_id, x.quantity, x.claimed_at, x.known IS NULL AS first,
       min(coalesce(x.shown, x.known), coalesce(x.known, x.shown)) AS low,
       max(coalesce(x.shown, x.known), coalesce(x.known, x.shown)) AS high,
       max(0, coalesce(w.units, 0) - coalesce(x.owed, 0)) AS owed,
       x.known IS NULL AND x.shown IS NULL
       AND NOT EXISTS (SELECT 1 FROM temp.shown h WHERE h.product_id = x.product_id AND h.variant_id = x.variant_id) AS dark
  FROM (SELECT *, coalesce(sent ->> '$.quantity', was_set) AS known FROM out_stock WHERE state = 'pending') x
  JOIN temp.item i ON i.row_key = x.key
  LEFT JOIN temp.owed w ON w.product_id = i.bp_product_id;
DELETE FROM temp.changing
 WHERE NOT coalesce(quantity = 0 AND (dark OR low > 0 AND low > owed), 0)
   AND NOT coalesce(NOT first AND quantity > max(high, 10) * (SELECT factor FROM temp.braking), 0);

-- Units ordered since such an item was last set, of two days at most.
DROP TABLE IF EXISTS temp.ordered;
CREATE TEMP TABLE ordered AS
SELECT p.product_id, o.date_created AS at, sum(l.quantity) AS units
  FROM stg_bc_order o
  JOIN stg_bc_order_line l ON l.order_id = o.id
  JOIN line_product p ON p.order_id = l.order_id AND p.id = l.id
 WHERE EXISTS (SELECT 1 FROM temp.changing)
   AND o.date_created >= (SELECT max(min(coalesce(claimed_at, 0)) - 600, (SELECT read_at - 2 * 86400 FROM temp.braking))
                                 + (SELECT seconds FROM clock_ahead) FROM temp.changing)
 GROUP BY p.product_id, o.date_created;
CREATE INDEX temp.ordered_product ON ordered(product_id, at);

DROP TABLE IF EXISTS temp.unusual;
CREATE TEMP TABLE unusual AS
SELECT key, quantity, iif(quantity = 0, 'zero', 'rise') AS kind
  FROM temp.changing c
 WHERE quantity > 0 OR dark
    OR low > owed + coalesce((SELECT sum(o.units) FROM temp.ordered o
                               WHERE o.product_id = c.product_id AND o.at >= coalesce(c.claimed_at, 0) + (SELECT seconds FROM clock_ahead) - 600), 0);
DELETE FROM temp.unusual
 WHERE (SELECT freed FROM temp.braking)
    OR kind IN (SELECT u.kind FROM temp.unusual u GROUP BY u.kind
                HAVING count(*) <= max(5, (SELECT count(*) FROM out_stock)
                                          * (SELECT iif(u.kind = 'zero', zero_percent, rise_percent) FROM temp.braking) / 100));
CREATE UNIQUE INDEX temp.unusual_key ON unusual(key);

-- What is no longer so, or now otherwise, is forgotten; two readings that agree free an item.
UPDATE out_stock SET held = NULL, held_at = NULL, held_quantity = NULL
 WHERE held_at IS NOT NULL AND key NOT IN (SELECT key FROM temp.unusual);
UPDATE out_stock AS x
   SET held_at = iif(x.held_quantity IS NULL OR (x.held_quantity = 0) <> (u.quantity = 0) OR u.quantity > x.held_quantity,
                     (SELECT read_at FROM temp.braking), x.held_at),
       held_quantity = iif(x.held_quantity IS NULL OR (x.held_quantity = 0) <> (u.quantity = 0)
                           OR u.quantity > x.held_quantity, u.quantity, x.held_quantity)
  FROM temp.unusual u WHERE u.key = x.key;
UPDATE out_stock AS x
   SET held = CASE WHEN (SELECT count(*) FROM temp.unusual) * 5 >= (SELECT count(*) FROM out_stock)
                   THEN 'the brake of stock: ' || iif(u.kind = 'zero', 'it would fall to 0', 'it would rise greatly')
                        || ', with 20 % or more of all'
                   WHEN x.held_at > (SELECT read_at - 600 FROM temp.braking)
                   THEN 'the brake of stock: ' || iif(u.kind = 'zero', 'it would fall to 0', 'it would rise greatly')
                        || '; it is read again' END
  FROM temp.unusual u WHERE u.key = x.key;
