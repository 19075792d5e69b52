-- temp.choice -> out_stock, one row for each item at each location.  Runs after choice.sql; rerunnable.  A row in flight keeps its state.
DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem(key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);

-- A product that cannot be told is one cause for all its places: temp.common, a row for each.
DROP TABLE IF EXISTS temp.common;
CREATE TEMP TABLE common(cause TEXT, key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);
INSERT INTO temp.common
SELECT 'product:' || coalesce(nullif(iif(bad IS NULL, key, sku), ''), product_id || '.' || variant_id), record,
       iif(bad IS NULL, 'ambiguous_sku', 'mapping_line'),
       iif(bad IS NOT NULL, printf('its stock is not set: %s', bad),
           printf('%d Brightpearl products share %s "%s": %s', matches, kind, key,
                  (SELECT group_concat(printf('%d "%s" (%s)', b.id, coalesce(b.name, ''), coalesce(nullif(b.status, ''), 'status not told')), ', ')
                     FROM (SELECT * FROM ref_bp_product b WHERE b.key_fold = c.key ORDER BY b.id LIMIT 20) b))),
       CASE WHEN bad IS NOT NULL THEN 'mend that line'
            WHEN sku_line IS NOT NULL THEN printf('name the right one in line %d of mappings/sku_keys.csv by its number, as in id:1001', sku_line)
            ELSE 'give each a ' || kind || ' of its own, or name the right one in mappings/sku_keys.csv by its number, as in id:1001' END,
       iif(sku_line IS NOT NULL OR bad IS NOT NULL, NULL, printf('mappings/sku_keys.csv: %s,THE_KEY_IN_BRIGHTPEARL,',
           CASE WHEN cell(shown_key) IS NULL OR bc_key GLOB '*[*]*' OR bc_key GLOB 'product:*' OR bc_key GLOB 'variant:*'
                THEN iif(variant_id > 0, printf('variant:%d', variant_id), printf('product:%d', product_id))
                ELSE cell(shown_key) END))
  FROM (SELECT *, (SELECT value FROM setting WHERE name = 'products.brightpearl_key') AS kind,
               iif((SELECT value FROM setting WHERE name = 'products.bigcommerce_key') = 'sku', sku, bc_key) AS shown_key
          FROM temp.choice WHERE skipped IS NULL AND units IS NULL AND (unreadable IS NULL OR bad IS NOT NULL)) c;
INSERT INTO temp.common
SELECT 'product:' || coalesce(nullif(sku, ''), product_id || '.' || variant_id), record, 'stock_unreadable',
       printf('what Brightpearl says of its stock cannot be read, so the shop''s is left as it is: %s', unreadable),
       'look at the product in Brightpearl; the next run reads it again', NULL
  FROM temp.choice WHERE skipped IS NULL AND units IS NULL AND unreadable IS NOT NULL AND bad IS NULL;
INSERT INTO temp.problem SELECT DISTINCT key, reason, NULL, NULL, NULL FROM temp.common;

-- What differs from what the shop shows is set.  BigCommerce may show a quantity some minutes after it
-- took it, so what was set less than ten minutes before it was read is not believed to be there yet; and
-- where it does not tell, what was sent last stands for what it shows.
DROP TABLE IF EXISTS temp.due;
CREATE TEMP TABLE due AS
SELECT c.row_key, h.on_hand AS shown, b.body,
       CASE WHEN h.on_hand IS NULL THEN x.sent IS NOT b.body
            WHEN h.on_hand <> c.units THEN 1
            ELSE x.sent IS NOT b.body AND x.claimed_at > (SELECT done_until - 600 FROM cursor
                                                           WHERE feed = 'inventory_shop') END AS differs
  FROM temp.choice c
  JOIN (SELECT row_key, iif(variant_id = 0,
               json_object('location_id', location_id, 'product_id', product_id, 'quantity', units),
               json_object('location_id', location_id, 'variant_id', variant_id, 'quantity', units)) AS body
          FROM temp.choice) b ON b.row_key = c.row_key
  LEFT JOIN temp.shown h
    ON h.product_id = c.product_id AND h.variant_id = c.variant_id AND h.location_id = c.location_id
  LEFT JOIN out_stock x ON x.key = c.row_key
 WHERE c.skipped IS NULL AND c.units IS NOT NULL;
CREATE UNIQUE INDEX temp.due_key ON due(row_key);

INSERT INTO out_stock(key, location_id, product_id, variant_id, sku, quantity, shown, body, state, changed_run)
SELECT c.row_key, c.location_id, c.product_id, c.variant_id, c.sku, c.units, d.shown, d.body,
       iif(d.differs, 'pending', 'done'), (SELECT id FROM current_run)
  FROM temp.due d JOIN temp.choice c USING (row_key)
 WHERE true
    ON CONFLICT(key) DO UPDATE SET sku = excluded.sku, quantity = excluded.quantity, shown = excluded.shown,
       body = excluded.body, changed_run = iif(body IS excluded.body, changed_run, excluded.changed_run),
       state = CASE
               WHEN state IN ('claimed', 'ignored') THEN state
               WHEN state = 'rejected' AND sent IS excluded.body THEN 'rejected'
               ELSE excluded.state END,
       message = iif(state = 'pending' AND excluded.state = 'done', NULL, message); -- a push of unknown outcome arrived

-- All of it is due, once in inventory.full_push_hours, also what was refused: what was not pushed
-- since this full push began.
UPDATE out_stock SET state = 'pending'
 WHERE state IN ('done', 'rejected')
   AND coalesce(claimed_at, 0) < (SELECT window_from FROM cursor WHERE feed = 'inventory_full')
   AND key IN (SELECT row_key FROM temp.choice WHERE skipped IS NULL AND units IS NOT NULL);

-- What is no longer pushed stays as it was sent.
DELETE FROM out_stock
 WHERE state IN ('pending', 'rejected', 'done') AND sent IS NULL
   AND key NOT IN (SELECT row_key FROM temp.choice WHERE skipped IS NULL AND units IS NOT NULL);
UPDATE out_stock SET state = 'done', body = sent, quantity = sent ->> '$.quantity'
 WHERE state IN ('pending', 'rejected')
   AND key NOT IN (SELECT row_key FROM temp.choice WHERE skipped IS NULL AND units IS NOT NULL);

DELETE FROM skip WHERE job = 'inventory';
INSERT OR IGNORE INTO skip(job, key, reason)
SELECT 'inventory', record, skipped FROM temp.choice WHERE skipped IS NOT NULL;
INSERT OR IGNORE INTO skip(job, key, reason)
SELECT 'inventory', 'order:' || w.order_id, printf('not paid within %s days: its goods are for sale again (inventory.unpaid_hold_days)',
       (SELECT value FROM setting WHERE name = 'inventory.unpaid_hold_days'))
  FROM order_owes w JOIN stg_bc_order o ON o.id = w.order_id
 WHERE w.released AND o.is_deleted IS NOT 1
   AND o.date_created >= CAST((SELECT value FROM setting WHERE name = 'orders.start_date') AS INTEGER)
   AND o.id >= CAST((SELECT value FROM setting WHERE name = 'orders.start_id') AS INTEGER);
INSERT OR IGNORE INTO skip(job, key, reason)
SELECT 'inventory', x.record, 'ignored by hand: ' || coalesce(x.message, '')
  FROM out_stock x JOIN temp.choice c ON c.row_key = x.key
 WHERE x.state = 'ignored' AND c.skipped IS NULL;

DROP TABLE IF EXISTS temp.books;
CREATE TEMP TABLE books AS
SELECT count(*) AS considered,
       coalesce(sum(x.state IN ('pending', 'claimed')), 0) AS planned,
       coalesce(sum(x.state = 'done' AND c.skipped IS NULL AND c.units IS NOT NULL), 0) AS unchanged,
       coalesce(sum((c.skipped IS NOT NULL OR x.state = 'ignored') AND x.state IS NOT 'claimed'), 0) AS skipped,
       coalesce(sum(c.skipped IS NULL AND (c.units IS NULL OR x.state = 'rejected')
                    AND x.state IS NOT 'claimed'), 0) AS rejected
  FROM temp.choice c
  LEFT JOIN out_stock x ON x.key = c.row_key;
