-- The story of one record, line by line, into temp.story(place, about, text).  temp.told(record,
-- order_id, email) names it: an order (its e-mail too) or a customer (order_id NULL).  temp.row holds
-- its out_ rows of every job: (job, record, state, remote_id, attempts, message, waits, enabled, to_api).
-- Run on a database that is open for reading only: it writes temporary tables alone.
DROP TABLE IF EXISTS temp.story;
CREATE TEMP TABLE story(place INTEGER, about TEXT, text TEXT);

INSERT INTO temp.story
SELECT 10, 'BigCommerce',
       printf('%s, placed %s UTC, %s, %s %.2f%s', coalesce(r.name, 'status ' || o.status_id),
              strftime('%Y-%m-%d %H:%M', o.date_created, 'unixepoch'),
              coalesce(nullif(o.email, ''), 'no e-mail'), o.currency, o.total_inc / 1e4,
              iif(o.is_deleted, ', archived', ''))
  FROM temp.told t JOIN stg_bc_order o ON o.id = t.order_id
  LEFT JOIN ref_list r ON r.system = 'bigcommerce' AND r.list = 'status' AND r.id = o.status_id;

INSERT INTO temp.story
SELECT 10, 'BigCommerce', iif(EXISTS (SELECT 1 FROM order_named n WHERE n.id = t.order_id AND n.absent),
       'there is no order of this number, as BigCommerce said when it was last asked',
       'this order was not read: it was placed before orders.start_date or after the last'
       || ' run, or there is none of this number')
  FROM temp.told t WHERE t.order_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stg_bc_order WHERE id = t.order_id);

INSERT INTO temp.story
SELECT 11, 'read', printf('first %s, last %s UTC; changed in run %d%s',
       strftime('%Y-%m-%d %H:%M', s.first_at, 'unixepoch'), strftime('%Y-%m-%d %H:%M', s.last_at, 'unixepoch'),
       o.changed_run, (SELECT iif(count(*), printf('; %d earlier versions kept', count(*)), '') FROM stg_history h
                        WHERE h.record = 'bc_order' AND h.id = o.id))
  FROM temp.told t JOIN stg_bc_order o ON o.id = t.order_id
  JOIN stg_seen s ON s.record = 'bc_order' AND s.id = o.id;

INSERT INTO temp.story
SELECT 12, 'unreadable', 'BigCommerce sent no readable ' || o.unreadable
  FROM temp.told t JOIN stg_bc_order o ON o.id = t.order_id WHERE o.unreadable IS NOT NULL;

INSERT INTO temp.story
SELECT 12, 'text', 'what is not UTF-8, or was cut in two, is read as U+FFFD: ' || o.torn
  FROM temp.told t JOIN stg_bc_order o ON o.id = t.order_id WHERE o.torn IS NOT NULL;

INSERT INTO temp.story
SELECT 13, 'filter', coalesce('left out: ' || c.skipped, 'wanted')
       || coalesce(printf('; mappings/statuses.csv:%d decides (%s, sync %s)', m.line, m.status,
                          iif(m.sync, 'yes', 'no')), '')
  FROM temp.told t JOIN order_choice c ON c.id = t.order_id
  LEFT JOIN map_statuses m ON m.line = c.status_line;

INSERT INTO temp.story
SELECT 14, 'orders', printf('order %d, %s UTC, %s', o.id, strftime('%Y-%m-%d %H:%M', o.date_created, 'unixepoch'),
       coalesce('sales order ' || k.sales_order_id, x.state, c.skipped, 'not decided yet'))
  FROM temp.told t JOIN stg_bc_order o ON o.email = t.email
  LEFT JOIN link_order k ON k.order_id = o.id LEFT JOIN out_order x ON x.order_id = o.id
  LEFT JOIN order_choice c ON c.id = o.id
 WHERE t.order_id IS NULL ORDER BY o.id DESC LIMIT 10;

INSERT INTO temp.story
SELECT 20, 'decided', printf('%s by hand on %s UTC: %s', d.what, strftime('%Y-%m-%d %H:%M', d.at, 'unixepoch'), d.why)
  FROM temp.told t JOIN decision d ON d.key IN (SELECT record FROM temp.row UNION SELECT t.record);

INSERT INTO temp.story
SELECT 21, 'contact', printf('%s is contact %d, %s on %s UTC', k.email, k.contact_id, k.how,
       strftime('%Y-%m-%d %H:%M', k.at, 'unixepoch'))
  FROM temp.told t JOIN link_customer k ON k.email = t.email;

INSERT INTO temp.story
SELECT 22, 'Brightpearl', printf('sales order %d, %s on %s UTC', k.sales_order_id, k.how,
       strftime('%Y-%m-%d %H:%M', k.at, 'unixepoch'))
  FROM temp.told t JOIN link_order k ON k.order_id = t.order_id;

INSERT INTO temp.story
SELECT 23, 'Brightpearl', iif(s.gone, 'it is not there any more',
       printf('%s, %s %.2f%s; allocation %s, goods out %s, payment %s; read %s UTC',
              coalesce(r.name, 'status ' || s.status_id), s.currency, s.total / 1e4,
              iif(s.invoiced, ', invoiced', ''), coalesce(s.allocation_status, '-'),
              coalesce(s.shipping_status, '-'), coalesce(s.payment_status, '-'),
              strftime('%Y-%m-%d %H:%M', s.read_at, 'unixepoch')))
  FROM temp.told t JOIN link_order k ON k.order_id = t.order_id JOIN stg_bp_sale s ON s.id = k.sales_order_id
  LEFT JOIN ref_list r ON r.system = 'brightpearl' AND r.list = 'order_status' AND r.id = s.status_id;

INSERT INTO temp.story
SELECT 24, 'Brightpearl', printf('sales order %d has the same reference: if it replaced that, ./run.sh link order %d %d', r.living,
       r.order_id, r.living)
  FROM temp.told t JOIN order_replaced r ON r.order_id = t.order_id;

INSERT INTO temp.story
SELECT 24, 'Brightpearl', d.message FROM temp.told t JOIN adopt_differs d ON d.order_id = t.order_id;

INSERT INTO temp.story
SELECT 30, job, printf('%s: %s%s%s%s%s%s', record, iif(state = 'claimed', 'in doubt', state),
       coalesce(' as ' || remote_id, ''),
       iif(state = 'done', coalesce(', ' || iif(how = 'found', 'was already there', how), ''), ''), iif(attempts > 1, printf(', sent %d times', attempts), ''),
       coalesce(', after ' || waits, ''), coalesce('; ' || message, ''))
  FROM temp.row ORDER BY rowid;

INSERT INTO temp.story
SELECT 40, 'skipped', printf('%s: %s', s.job, s.reason)
  FROM temp.told t JOIN skip s ON s.key = t.record
 WHERE NOT (s.job = 'orders' AND EXISTS (SELECT 1 FROM temp.story WHERE about = 'filter' AND text LIKE 'left out%'));

-- What was left as it is when a job went live, and the command that carries it.
INSERT INTO temp.story
SELECT 40, 'left', printf('%s: %s; ./run.sh catch-up %s --from %s shows what it would send', s.key, s.reason,
       iif(s.job = 'fulfillment', 'shipments', s.job),
       strftime('%Y-%m-%d', iif(s.job = 'fulfillment', coalesce(min(n.shipped_on, o.date_created), o.date_created), o.date_created), 'unixepoch'))
  FROM temp.told t
  JOIN stg_bc_order o ON o.id = t.order_id
  JOIN skip s ON (s.job IN ('notes', 'statuses') AND s.reason LIKE 'differed before%'
                  AND s.key IN ('status:' || o.id, 'note:' || o.id || ':customer', 'note:' || o.id || ':staff'))
    OR (s.job = 'fulfillment' AND s.reason IN ('shipped before fulfillment began', 'had that status when fulfillment began')
        AND s.key IN (SELECT 'shipment:' || g.kind || g.id FROM link_order k JOIN stg_bp_goods_out_note g
                          ON g.sale_id IN (SELECT k.sales_order_id UNION ALL SELECT b.id FROM stg_bp_sale b WHERE b.parent_id = k.sales_order_id)
                       WHERE k.order_id = o.id
                      UNION ALL SELECT 'shipment:SO' || k.sales_order_id FROM link_order k WHERE k.order_id = o.id))
  LEFT JOIN stg_bp_goods_out_note n ON 'shipment:' || n.kind || n.id = s.key;

INSERT INTO temp.story
SELECT 40, 'skipped', printf('%s: %s', s.key, s.reason)
  FROM temp.told t JOIN skip s ON s.job = 'statuses' AND s.key = 'status:' || t.order_id AND s.reason LIKE 'not moved back%';

-- Its money (view order_adds_up), and payments that are left out.
INSERT INTO temp.story
SELECT 25, 'money', printf('%s, %s %.2f; of %.2f that must have come in by them its transactions list %.2f%s%s', coalesce(nullif(a.payment_status, ''),
       'no payment status'), a.currency, o.total_inc / 1e4, a.due / 1e4, a.came / 1e4, iif(a.held, printf(', and %.2f authorised', a.held / 1e4), ''),
       iif(a.went OR a.must_go_back, printf('; refunded %.2f', a.went / 1e4), ''))
       || iif(a.missing > 0, printf('; %.2f is told and not listed%s', a.missing / 1e4, coalesce(strftime(', since %Y-%m-%d %H:%M UTC', m.short_since,
              'unixepoch') || iif(m.asked, ', asked for ' || m.asked || ' times since', ''), '')), '')
       || iif(a.back_missing > 0, printf('; that %s was refunded is told and not listed%s', iif(a.must_go_back <= 1, 'a part of it',
              printf('%.2f', a.must_go_back / 1e4)), coalesce(strftime(', since %Y-%m-%d %H:%M UTC', m.back_since, 'unixepoch'), '')), '')
  FROM temp.told t JOIN order_adds_up a ON a.id = t.order_id
  JOIN stg_bc_order o ON o.id = a.id JOIN stg_bc_order_money m ON m.order_id = a.id AND m.read_for IS NOT NULL;

INSERT INTO temp.story
SELECT 40, 'skipped', printf('%s: %s', s.key, s.reason)
  FROM temp.told t JOIN skip s ON s.job = 'payments' AND s.key GLOB 'payment:' || t.order_id || ':*';

-- Rejects of it and of all that belongs to it: its rows, what could not be made a row, its notes' shipments, its buyer.
DROP TABLE IF EXISTS temp.refusal;
CREATE TEMP TABLE refusal AS
SELECT j.id, j.job, min(j.record) AS key, j.message, j.hint, j.csv_line, j.opened_at, j.closed_at, max(j.record = t.record) AS own
  FROM temp.told t JOIN reject_told j
    ON j.record IN (SELECT record FROM temp.row UNION SELECT t.record UNION SELECT 'customer:' || t.email)
    OR t.order_id IS NOT NULL AND substr(j.record, 1, instr(j.record, ':') - 1) IN ('order', 'payment', 'order_note', 'note',
          'status', 'reservation', 'cancelled', 'refunded', 'disputed')
       AND (substr(j.record, instr(j.record, ':') + 1) = CAST(t.order_id AS TEXT)
            OR substr(j.record, instr(j.record, ':') + 1) GLOB t.order_id || ':*')
    OR j.record GLOB 'shipment:*' AND EXISTS (SELECT 1 FROM link_order k JOIN stg_bp_goods_out_note g
            ON g.sale_id IN (SELECT k.sales_order_id UNION ALL SELECT b.id FROM stg_bp_sale b WHERE b.parent_id = k.sales_order_id)
         WHERE k.order_id = t.order_id AND (j.record = 'shipment:' || g.kind || g.id OR j.record GLOB 'shipment:' || g.kind || g.id || '/*'))
 GROUP BY j.id;

INSERT INTO temp.story
SELECT 41, iif(closed_at IS NULL, 'rejected', 'was rejected'),
       printf('%s: %s%s, since %s%s', job, iif(own, '', key || ': '), message, strftime('%Y-%m-%d %H:%M', opened_at, 'unixepoch'),
              coalesce(strftime(' until %Y-%m-%d %H:%M', closed_at, 'unixepoch'), '; ' || hint)
              || iif(closed_at IS NULL, coalesce('; ' || csv_line, ''), ''))
  FROM (SELECT *, row_number() OVER (PARTITION BY closed_at IS NULL ORDER BY id DESC) AS n FROM temp.refusal)
 WHERE closed_at IS NULL OR n <= 12
 ORDER BY closed_at IS NOT NULL, NOT own, id DESC;

-- Requests name it by an id in their path, or by its reference or e-mail in their body.
INSERT INTO temp.story
SELECT 50, 'request', text FROM (
SELECT q.id, printf('%s UTC %s: %s %s %s -> %s', strftime('%Y-%m-%d %H:%M:%S', q.at, 'unixepoch'),
       coalesce(q.stage, '-'), q.api, q.method, iif(instr(q.path, '?'), substr(q.path, 1, instr(q.path, '?') - 1), q.path),
       iif(q.status, q.status || CASE WHEN q.outcome = 'ok' THEN '' WHEN q.method = 'GET' AND q.status = 404
           THEN ', none there' ELSE ', ' || q.outcome END, 'no answer')) AS text
  FROM temp.told t JOIN request q
    ON (t.order_id IS NOT NULL AND (
        q.api = 'bigcommerce' AND (q.path || '/' GLOB '*/orders/' || t.order_id || '[/?]*')
        OR q.api = 'brightpearl' AND (
           instr(q.body, '"' || (SELECT prefix FROM order_reference) || t.order_id || '"')
           OR instr(q.path, 'externalRef=' || (SELECT prefix FROM order_reference) || t.order_id)
           OR EXISTS (SELECT 1 FROM link_order k WHERE k.order_id = t.order_id AND
                      (q.path || '/' GLOB '*/order/' || k.sales_order_id || '[/?]*'
                       OR instr(q.body, '/order/' || k.sales_order_id || '/')
                       OR instr(q.body, '"orderId":' || k.sales_order_id))))))
    OR (t.order_id IS NULL AND q.method <> 'GET' AND instr(lower(q.body), '"' || t.email || '"'))
 ORDER BY q.id DESC LIMIT 15) ORDER BY id;

-- What happens next: the first of these that is so.
INSERT INTO temp.story
SELECT 60, 'next', CASE
       WHEN EXISTS (SELECT 1 FROM temp.row WHERE state = 'claimed')
            THEN (SELECT 'the next run looks up ' || record || '; ./run.sh settle ' || record || ' --as ID, or --absent, decides at once'
                    FROM temp.row WHERE state = 'claimed' LIMIT 1)
       WHEN EXISTS (SELECT 1 FROM temp.refusal WHERE closed_at IS NULL)
            THEN (SELECT iif(own, '', key || ': ') || hint FROM temp.refusal WHERE closed_at IS NULL ORDER BY NOT own, id LIMIT 1)
                 || '; then ./run.sh'
                 || (SELECT iif(count(*) > 1, '; so with the other' || iif(count(*) > 2, 's', '') || ' rejected above', '')
                       FROM temp.refusal WHERE closed_at IS NULL)
       WHEN EXISTS (SELECT 1 FROM decision d WHERE d.key = t.record AND d.what = 'ignored')
            THEN 'nothing; ./run.sh retry ' || t.record || ' takes it up again'
       WHEN EXISTS (SELECT 1 FROM temp.row WHERE state = 'rejected')
            THEN (SELECT 'mend what was refused, then ./run.sh retry ' || record FROM temp.row WHERE state = 'rejected' LIMIT 1)
       WHEN EXISTS (SELECT 1 FROM order_named n WHERE n.id = t.order_id AND n.absent)
            THEN 'nothing: BigCommerce has no order ' || t.order_id || '; look at the number'
       WHEN t.order_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stg_bc_order o WHERE o.id = t.order_id)
            THEN './run.sh order ' || t.order_id || ' reads it now'
       WHEN EXISTS (SELECT 1 FROM temp.story WHERE about = 'filter' AND text LIKE 'left out%')
            THEN 'nothing while that is so'
       WHEN EXISTS (SELECT 1 FROM temp.row WHERE state = 'pending' AND enabled = 'yes' AND waits IS NULL AND message GLOB 'held by *')
            THEN (SELECT printf('./run.sh --allow-large %s sends %s', min(job), group_concat(record, ', ')) FROM temp.row
                   WHERE state = 'pending' AND enabled = 'yes' AND waits IS NULL AND message GLOB 'held by *')
       WHEN EXISTS (SELECT 1 FROM temp.row WHERE state = 'pending' AND enabled = 'yes' AND waits IS NULL)
            THEN (SELECT 'the next run sends ' || group_concat(record, ', ') FROM temp.row
                   WHERE state = 'pending' AND enabled = 'yes' AND waits IS NULL)
       WHEN EXISTS (SELECT 1 FROM temp.row WHERE state = 'pending' AND enabled = 'yes')
            THEN (SELECT group_concat(printf('%s waits for %s', record, waits), '; ') FROM temp.row
                   WHERE state = 'pending' AND enabled = 'yes')
       WHEN EXISTS (SELECT 1 FROM temp.row WHERE state = 'pending')
            THEN (SELECT 'nothing is sent while ' || job || ' is on ' || enabled || ': write yes in settings.csv'
                    FROM temp.row WHERE state = 'pending' LIMIT 1)
       WHEN EXISTS (SELECT 1 FROM stg_bc_order_money m WHERE m.order_id = t.order_id AND coalesce(m.short_since, m.back_since))
            AND (SELECT value FROM setting WHERE name = 'payments.enabled') <> 'no'
            THEN 'what BigCommerce tells and does not list is asked for again; ./run.sh order ' || t.order_id || ' asks now'
       WHEN EXISTS (SELECT 1 FROM temp.story WHERE about = 'left')
            THEN (SELECT 'nothing until it changes; ' || substr(text, instr(text, './run.sh')) FROM temp.story WHERE about = 'left' ORDER BY rowid LIMIT 1)
       WHEN EXISTS (SELECT 1 FROM temp.row) OR EXISTS (SELECT 1 FROM link_order k WHERE k.order_id = t.order_id)
            OR EXISTS (SELECT 1 FROM link_customer k WHERE k.email = t.email AND t.order_id IS NULL)
            THEN 'nothing until it changes'
       ELSE 'the next run decides' END
  FROM temp.told t;
