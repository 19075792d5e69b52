-- temp.shared + mappings -> out_shipment, one shipment for each note and address; tracking numbers that
-- shipments already sent did not have -> out_tracking; what cannot go -> temp.problem, skip.  Last of the
-- fulfillment job's scripts; rerunnable.  A row in flight, or sent, is never composed again.
DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem(key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);

-- The line of shipping.csv that decides, by the note's shipping method.
DROP TABLE IF EXISTS temp.method;
CREATE TEMP TABLE method AS
SELECT t.kind, t.note_id, coalesce(r.name, '') AS name, -- as a cell of shipping.csv names it
       iif(cell(r.name) IS NOT r.name OR r.name GLOB '*[*|]*' OR r.name GLOB '(*'
           OR EXISTS (SELECT 1 FROM ref_list o WHERE o.system = r.system AND o.list = r.list AND o.id <> r.id
                         AND (o.name_fold = r.name_fold OR o.id = r.name)), 'id:' || r.id, coalesce(r.name, '*')) AS cell, m.line, m.sync, m.becomes, m.carrier, m.tracking_carrier,
       iif(m.becomes IN ('', '(same)'), coalesce(r.name, ''), m.becomes) AS shown, coalesce(m.tracked, 1) AS tracked,
       iif(t.tracking = '', '', replace(m.tracking_link, '{tracking}', t.tracking_query)) AS link
  FROM temp.todo t
  LEFT JOIN stg_bp_sale s ON s.id = t.sale_id
  LEFT JOIN ref_list r ON r.system = 'brightpearl' AND r.list = 'shipping_method'
        AND r.id = CAST(coalesce(t.shipping_method_id, s.shipping_method_id) AS TEXT)
  LEFT JOIN map_shipping m ON m.line = (
	SELECT h.line FROM map_shipping h
	 WHERE h."from" = 'brightpearl'
	   AND (h.method_id = coalesce(t.shipping_method_id, s.shipping_method_id)
	        OR (h.method_id IS NULL AND coalesce(r.name_fold, '') LIKE h.method_like ESCAPE '\'))
	 ORDER BY h.named DESC, length(h.method_like) DESC, h.line LIMIT 1);

INSERT INTO temp.left_out
SELECT t.kind, t.note_id, 'a tracking number of more than 50 characters: it stands in the comments'
  FROM temp.todo t
 WHERE EXISTS (SELECT 1 FROM json_each('[' || replace(json_quote(coalesce(t.numbers, '')), ' ', '","') || ']') w
                WHERE length(w.value) > 50)
UNION ALL
SELECT kind, note_id, 'the tracking link: it has more than 500 characters' FROM temp.method WHERE length(link) > 500
UNION ALL
SELECT t.kind, t.note_id, printf('no tracking number is "%s": there is no digit in it, or in a part of it', n.no_numbers)
  FROM temp.todo t JOIN stg_bp_goods_out_note n ON n.kind = t.kind AND n.id = t.note_id
 WHERE n.no_numbers IS NOT NULL;

-- What left, as a person is told of it.
DROP TABLE IF EXISTS temp.story;
CREATE TEMP TABLE story AS
SELECT t.kind, t.note_id, printf('order %d: %s %d%s shipped %s', t.order_id,
       CASE t.kind WHEN 'GON' THEN 'goods-out note' WHEN 'DSN' THEN 'drop-ship note' ELSE 'sales order' END, t.note_id,
       coalesce(' (tracking number ' || nullif(t.tracking, '') || ')', ''),
       coalesce((SELECT group_concat(what, ', ') FROM (
                 SELECT printf('%d of %s', sum(p.quantity), p.name) AS what FROM temp.piece p
                  WHERE p.kind = t.kind AND p.note_id = t.note_id GROUP BY p.name ORDER BY p.name)), 'goods')) AS words,
       (SELECT group_concat(what, '; ') FROM (
        SELECT printf('%d of %s (%s)', u.untold, u.name, u.why) AS what FROM temp.untold_piece u
         WHERE u.kind = t.kind AND u.note_id = t.note_id AND u.untold > 0 ORDER BY u.name)) AS untold,
       EXISTS (SELECT 1 FROM temp.shared g WHERE g.kind = t.kind AND g.note_id = t.note_id) AS ships
  FROM temp.todo t;

-- What becomes of each note as a whole: skipped, a problem, or NULL for both; and what of it BigCommerce is not
-- told, whatever becomes of the rest.
DROP TABLE IF EXISTS temp.verdict;
CREATE TEMP TABLE verdict AS
SELECT v.*,
       CASE reason
       WHEN 'not_read' THEN 'the note, its sales order or the lines of order ' || order_id || ' could not be read yet'
       WHEN 'order_closed' THEN printf('%s, but the order is %s in BigCommerce', words, status)
       WHEN 'no_shipping_line' THEN printf('%s; shipping.csv has no line for the Brightpearl method "%s"', words, name)
       WHEN 'held_by_mapping' THEN printf('%s; line %d of shipping.csv says (hold)', words, line)
       WHEN 'not_told' THEN printf('%s; BigCommerce was not told of %s', words, untold) END AS message,
       CASE reason
       WHEN 'not_read' THEN 'run again; if it stays, look at both orders'
       WHEN 'order_closed' THEN 'reopen the order there, or ship it there by hand: then this closes by itself;'
            || ' or say why not: ./run.sh ignore shipment:' || kind || note_id || ' --why TEXT'
       WHEN 'no_shipping_line' THEN 'say what the shopper is told'
       WHEN 'held_by_mapping' THEN 'decide what becomes of it and edit the line'
       WHEN 'not_told' THEN 'ship it there by hand, or tell the shopper, then: ./run.sh ignore shipment:' || kind || note_id
            || ' --why TEXT' END AS hint,
       iif(reason = 'no_shipping_line', 'mappings/shipping.csv: Brightpearl,' || cell || ',yes,,,,,', NULL)
       AS csv_line
  FROM (SELECT t.kind, t.note_id, t.order_id, m.name, m.cell, m.line, y.words, y.untold,
               iif(o.is_deleted, 'archived', lower(coalesce(r.name, 'status ' || o.status_id))) AS status,
               CASE
               WHEN t.transfer THEN 'a transfer between warehouses'
               WHEN t.kind <> 'SO' AND t.shipped_on < (SELECT at FROM fulfillment_start)
                    AND NOT EXISTS (SELECT 1 FROM catch_up c WHERE c.key = 'shipment:' || t.kind || t.note_id)
                    THEN 'shipped before fulfillment began'
               WHEN t.kind = 'SO' AND t.sale_id NOT IN (SELECT sale_id FROM stg_bp_sale_unshipped)
                    THEN 'had that status when fulfillment began'
               WHEN u.unread THEN NULL
               WHEN m.sync = 0 AND (y.ships OR y.untold IS NOT NULL)
                    THEN 'shipping method ' || m.name || ' (shipping.csv, sync no)'
               WHEN NOT y.ships AND y.untold IS NULL
                    AND NOT EXISTS (SELECT 1 FROM out_shipment x WHERE x.kind = t.kind AND x.note_id = t.note_id
                                       AND x.state IN ('done', 'claimed', 'ignored'))
                    THEN coalesce((SELECT group_concat(why, '; ') FROM (SELECT why FROM temp.left_out l
                                    WHERE l.kind = t.kind AND l.note_id = t.note_id ORDER BY why)),
                                  'nothing of it is left to ship in BigCommerce')
               END AS skipped,
               CASE
               WHEN u.unread THEN 'not_read'
               WHEN NOT y.ships THEN iif(y.untold IS NULL, NULL, 'not_told')
               WHEN o.is_deleted OR o.status_id IN (0, 4, 5, 6) THEN 'order_closed'
               WHEN m.line IS NULL THEN 'no_shipping_line'
               WHEN m.becomes = '(hold)' THEN 'held_by_mapping'
               WHEN y.untold IS NOT NULL THEN 'not_told' END AS reason, y.ships
          FROM temp.todo t
          JOIN temp.method m ON m.kind = t.kind AND m.note_id = t.note_id
          JOIN temp.story y ON y.kind = t.kind AND y.note_id = t.note_id
          LEFT JOIN stg_bc_order o ON o.id = t.order_id
          LEFT JOIN stg_bp_sale s ON s.id = t.sale_id AND NOT s.gone
          LEFT JOIN ref_list r ON r.system = 'bigcommerce' AND r.list = 'status' AND r.id = o.status_id
          JOIN (SELECT t.kind, t.note_id, NOT t.was_read OR s.id IS NULL OR o.id IS NULL OR o.lines_missing
                       OR o.addresses_missing AS unread
                  FROM temp.todo t
                  LEFT JOIN stg_bc_order o ON o.id = t.order_id
                  LEFT JOIN stg_bp_sale s ON s.id = t.sale_id AND NOT s.gone) u
            ON u.kind = t.kind AND u.note_id = t.note_id) v;

INSERT INTO temp.problem
SELECT 'shipment:' || kind || note_id, reason, message, hint, csv_line
  FROM temp.verdict WHERE skipped IS NULL AND reason IS NOT NULL;

-- Told as shipped, and not so any more.
INSERT INTO temp.problem
SELECT 'shipment:' || w.key, 'not_shipped_now',
       printf('order %d: %s %d, of which BigCommerce was told by shipment %d%s, is %s', w.order_id,
              iif(w.kind = 'GON', 'goods-out note', 'drop-ship note'), w.note_id, w.remote_id,
              coalesce(' (tracking number ' || nullif(w.sent ->> '$.tracking_number', '') || ')', ''),
              iif(w.gone, 'no longer in Brightpearl', 'not shipped any more in Brightpearl')),
       printf('delete the shipment in BigCommerce if the goods did not leave; then, or if they did: ./run.sh ignore shipment:%s'
              || ' --why TEXT', w.key), NULL
  FROM temp.withdrawn w;

DELETE FROM skip WHERE job = 'fulfillment';
INSERT INTO skip(job, key, reason)
SELECT 'fulfillment', 'shipment:' || kind || note_id, skipped FROM temp.verdict WHERE skipped IS NOT NULL;

DELETE FROM shipment_rest AS u WHERE EXISTS (SELECT 1 FROM temp.todo t WHERE t.kind = u.kind AND t.note_id = u.note_id);
INSERT INTO shipment_rest(kind, note_id)
SELECT v.kind, v.note_id FROM temp.verdict v
 WHERE v.skipped IS NULL AND v.reason IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.job = 'fulfillment' AND d.what = 'ignored'
                      AND d.key = 'shipment:' || v.kind || v.note_id);

-- The shipments.  With a status, the key tells how much was shipped before.  What goes to an address beside
-- what went there of the same note is one of its own: its key is the next that is not taken.
DROP TABLE IF EXISTS temp.shipment;
CREATE TEMP TABLE shipment AS
WITH parcel AS (
	SELECT kind, note_id, order_id, address_id, sum(quantity) AS quantity,
	       json_group_array(json_object('order_product_id', line_id, 'quantity', quantity)) AS items
	  FROM (SELECT kind, note_id, order_id, address_id, line_id, position, sum(quantity) AS quantity
	          FROM temp.shared GROUP BY kind, note_id, order_id, address_id, line_id, position
	         ORDER BY kind, note_id, address_id, position, line_id)
	 GROUP BY kind, note_id, order_id, address_id),
marked AS (
	SELECT p.*, p.kind || p.note_id || iif(p.kind <> 'SO', '/A' || p.address_id,
	       '/' || ((SELECT sum(l.shipped) FROM temp.line l WHERE l.order_id = p.order_id)
	               + sum(p.quantity) OVER (PARTITION BY p.kind, p.note_id ORDER BY p.address_id) - p.quantity)) AS base
	  FROM parcel p),
taken AS (
	SELECT m.base, iif(x.key = m.base, 1, CAST(substr(x.key, length(m.base) + 2) AS INTEGER)) AS number
	  FROM marked m
	  JOIN out_shipment x ON x.kind = m.kind AND x.note_id = m.note_id AND x.state IN ('done', 'claimed', 'ignored')
	   AND (x.key = m.base OR x.key GLOB m.base || '/*'))
SELECT m.base || coalesce('/' || nullif((SELECT min(c.number) FROM (
              SELECT 1 AS number UNION SELECT y.number + 1 FROM taken y WHERE y.base = m.base) c
               WHERE c.number NOT IN (SELECT y.number FROM taken y WHERE y.base = m.base)), 1), '') AS key,
       m.kind, m.note_id, m.order_id, m.address_id, m.items
  FROM marked m
 WHERE EXISTS (SELECT 1 FROM temp.verdict v WHERE v.kind = m.kind AND v.note_id = m.note_id
                  AND v.skipped IS NULL AND coalesce(v.reason, 'not_told') = 'not_told');

-- How long a tracking number is waited for: NULL = until it is there.  What is said of it by the setting's
-- earlier name counts where the file does not say more.
DROP TABLE IF EXISTS temp.patience;
CREATE TEMP TABLE patience AS
SELECT CASE WHEN o.value = 'yes' THEN NULL WHEN o.line > 0 AND h.line = 0 THEN 0 ELSE CAST(h.value AS INTEGER) END AS hours
  FROM map_settings h JOIN map_settings o ON o.setting = 'fulfillment.require_tracking'
 WHERE h.setting = 'fulfillment.tracking_wait_hours';

DELETE FROM out_shipment WHERE state IN ('pending', 'rejected') AND key NOT IN (SELECT key FROM temp.shipment);

INSERT INTO out_shipment(key, order_id, sale_id, kind, note_id, body, state, waits_for, waits_since, left_out, changed_run)
SELECT s.key, s.order_id, t.sale_id, s.kind, s.note_id,
       json_patch('{}', json_object(
       'order_address_id', s.address_id, 'items', json(s.items), 'tracking_number', t.tracking,
       'shipping_method', m.shown, 'shipping_provider', m.carrier, 'tracking_carrier', m.tracking_carrier,
       'tracking_link', iif(length(m.link) BETWEEN 1 AND 500, m.link, NULL),
       'comments', s.key || iif(t.numbers = t.tracking, '', char(10) || 'Tracking: ' || replace(t.numbers, ' ', ', ')))),
       'pending',
       CASE WHEN t.numbers <> '' OR NOT m.tracked THEN NULL
            WHEN w.hours IS NULL THEN 'a tracking number (fulfillment.require_tracking)'
            WHEN min(t.shipped_on, coalesce(x.waits_since, n.now_at)) + 3600 * w.hours > n.now_at
            THEN strftime('a tracking number, until %Y-%m-%dT%H:%M:%SZ (fulfillment.tracking_wait_hours)',
                          min(t.shipped_on, coalesce(x.waits_since, n.now_at)) + 3600 * w.hours, 'unixepoch') END,
       coalesce(x.waits_since, n.now_at),
       (SELECT group_concat(why, '; ') FROM (SELECT why FROM temp.left_out l
         WHERE l.kind = s.kind AND l.note_id = s.note_id ORDER BY why)),
       (SELECT id FROM current_run)
  FROM temp.shipment s
  JOIN temp.todo t ON t.kind = s.kind AND t.note_id = s.note_id
  JOIN temp.method m ON m.kind = s.kind AND m.note_id = s.note_id
  JOIN temp.patience w
  JOIN (SELECT id, started_at + (SELECT seconds FROM clock_ahead) AS now_at FROM run) n ON n.id = (SELECT id FROM current_run)
  LEFT JOIN out_shipment x ON x.key = s.key
 WHERE true
    ON CONFLICT(key) DO UPDATE SET body = excluded.body, waits_for = excluded.waits_for, waits_since = excluded.waits_since,
       left_out = excluded.left_out, changed_run = excluded.changed_run, state = iif(state = 'rejected' AND body IS excluded.body, state, 'pending')
 WHERE state IN ('pending', 'rejected')
   AND (body IS NOT excluded.body OR waits_for IS NOT excluded.waits_for OR waits_since IS NOT excluded.waits_since
        OR left_out IS NOT excluded.left_out);

UPDATE out_shipment SET waited = 1
 WHERE key IN (SELECT key FROM temp.shipment) AND state = 'pending' AND waits_for IS NOT NULL AND NOT waited;

-- Tracking numbers that came, or changed, after the shipment was sent.
DROP TABLE IF EXISTS temp.late;
CREATE TEMP TABLE late AS
SELECT x.key, x.order_id, x.remote_id, w.body, coalesce(iif(f.state IN ('done', 'claimed'), f.sent, NULL), x.sent) AS last
  FROM temp.todo t
  JOIN temp.method m ON m.kind = t.kind AND m.note_id = t.note_id
  JOIN out_shipment x ON x.kind = t.kind AND x.note_id = t.note_id AND x.state = 'done'
  LEFT JOIN out_tracking f ON f.key = x.key
  JOIN (SELECT x.key, json_patch('{}', json_object('tracking_number', t.tracking,
               'tracking_carrier', coalesce(m.tracking_carrier, ''),
               'tracking_link', iif(length(m.link) BETWEEN 1 AND 500, m.link, NULL),
               'comments', iif(t.numbers = t.tracking, NULL, x.key || char(10) || 'Tracking: ' || replace(t.numbers, ' ', ', '))))
               AS body
          FROM temp.todo t
          JOIN temp.method m ON m.kind = t.kind AND m.note_id = t.note_id
          JOIN out_shipment x ON x.kind = t.kind AND x.note_id = t.note_id) w ON w.key = x.key
 WHERE t.tracking <> '' AND t.kind <> 'SO' AND x.key NOT IN (SELECT key FROM temp.deleted);
DELETE FROM temp.late
 WHERE last ->> '$.tracking_number' IS body ->> '$.tracking_number'
   AND (body ->> '$.comments' IS NULL OR last ->> '$.comments' IS body ->> '$.comments');

DELETE FROM out_tracking
 WHERE state IN ('pending', 'rejected') AND key NOT IN (SELECT key FROM temp.late);
INSERT INTO out_tracking(key, order_id, shipment_id, body, state, changed_run)
SELECT key, order_id, remote_id, body, 'pending', (SELECT id FROM current_run) FROM temp.late WHERE true
    ON CONFLICT(key) DO UPDATE SET body = excluded.body, changed_run = excluded.changed_run, state = 'pending'
 WHERE state IN ('pending', 'rejected', 'done') AND body IS NOT excluded.body;

-- The books, by shipment, by tracking number, and by note where a note comes to nothing.
DROP TABLE IF EXISTS temp.unit;
CREATE TEMP TABLE unit AS
SELECT 'shipment:' || key AS key, state FROM out_shipment x
 WHERE state IN ('pending', 'claimed', 'rejected')
    OR EXISTS (SELECT 1 FROM temp.todo t WHERE t.kind = x.kind AND t.note_id = x.note_id)
UNION ALL
SELECT 'tracking:' || key, state FROM out_tracking
 WHERE state IN ('pending', 'claimed', 'rejected') OR changed_run = (SELECT id FROM current_run)
UNION ALL
SELECT 'shipment:' || key, 'rejected' FROM temp.withdrawn
UNION ALL
SELECT 'shipment:' || v.kind || v.note_id, CASE WHEN v.skipped IS NOT NULL THEN 'skipped' WHEN v.reason IS NOT NULL THEN 'rejected' END
  FROM temp.verdict v
 WHERE v.skipped IS NOT NULL OR v.reason IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM out_shipment x WHERE x.kind = v.kind AND x.note_id = v.note_id);

DROP TABLE IF EXISTS temp.books;
CREATE TEMP TABLE books AS
SELECT count(*) AS considered,
       coalesce(sum(state IN ('pending', 'claimed')), 0) AS planned,
       coalesce(sum(state IN ('done', 'ignored')), 0) AS unchanged,
       coalesce(sum(state = 'skipped'), 0) AS skipped,
       coalesce(sum(state = 'rejected'), 0) AS rejected
  FROM temp.unit;
