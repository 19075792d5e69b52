-- What differs -> temp.finding, one row for each; expected = the setting or mapping that explains it,
-- waits = where it was told already, or what the next run does about it.  After left_out.sql; rerunnable,
-- plain SQLite.
DROP TABLE IF EXISTS temp.finding;
CREATE TEMP TABLE finding(kind TEXT, key TEXT, bigcommerce TEXT, brightpearl TEXT, message TEXT, hint TEXT, expected TEXT,
                          waits TEXT);

-- Amounts as people read them.
DROP TABLE IF EXISTS temp.spoken;
CREATE TEMP TABLE spoken AS
SELECT id, printf('%s%d.%02d', iif(bc_total < 0, '-', ''), abs(bc_total + 50) / 10000, abs(bc_total + 50) % 10000 / 100)
       || ' ' || currency AS bc_total,
       printf('%s%d.%02d', iif(bp_total < 0, '-', ''), abs(bp_total) / 10000, abs(bp_total) % 10000 / 100)
       || ' ' || bp_currency AS bp_total,
       printf('%s%d.%02d', iif(bc_paid < 0, '-', ''), abs(bc_paid + 50) / 10000, abs(bc_paid + 50) % 10000 / 100)
       || ' ' || currency AS bc_paid,
       printf('%s%d.%02d', iif(bp_paid < 0, '-', ''), abs(bp_paid) / 10000, abs(bp_paid) % 10000 / 100)
       || ' ' || bp_currency AS bp_paid
  FROM temp.pair;
CREATE UNIQUE INDEX temp.spoken_id ON spoken(id);

-- Rejects that are open, by order.
DROP TABLE IF EXISTS temp.told;
CREATE TEMP TABLE told AS
SELECT job, order_id, min(message) AS message
  FROM (SELECT job, message, CAST(substr(record, instr(record, ':') + 1) AS INTEGER) AS order_id
          FROM reject_told WHERE closed_at IS NULL AND job <> 'reconcile'
           AND (record GLOB 'order:*' OR record GLOB 'payment:*' OR record GLOB 'order_note:*'))
 GROUP BY job, order_id;
CREATE INDEX temp.told_order ON told(order_id, job);

-- Orders that changed in BigCommerce after the last run read it.
DROP TABLE IF EXISTS temp.newer;
CREATE TEMP TABLE newer AS
SELECT p.id, p.unseen IS NOT NULL OR p.total IS NOT o.total_inc AS total, p.unseen IS NOT NULL OR p.total IS NOT o.total_inc OR p.status_id IS NOT o.status_id
       OR p.payment_status IS NOT coalesce(m.payment_status, p.payment_status) AS paid
  FROM temp.pair p
  JOIN stg_bc_order o ON o.id = p.id
  LEFT JOIN stg_bc_order_money m ON m.order_id = p.id
 WHERE p.unseen IS NOT NULL OR p.date_modified > (SELECT seen_until FROM reconcile_run ORDER BY id DESC LIMIT 1);
CREATE INDEX temp.newer_id ON newer(id);

INSERT INTO temp.finding
SELECT 'missing', 'order:' || a.id, s.bc_total || iif(p.payment_status = '', '', ', ' || p.payment_status), '',
       CASE WHEN a.gone IS NOT NULL THEN 'its sales order ' || a.gone || ' is gone from Brightpearl'
            WHEN p.got > 0 THEN 'paid in BigCommerce, but not in Brightpearl' ELSE 'not in Brightpearl' END,
       iif(a.gone IS NULL, './run.sh order ' || a.id || ' brings it over',
           'if that was meant: ./run.sh ignore order:' || a.id || ' --why TEXT; else enter it again, and ./run.sh link order '
           || a.id || ' ID'), a.left_out, a.waits
  FROM temp.absent a JOIN temp.pair p ON p.id = a.id JOIN temp.spoken s ON s.id = a.id;

-- What the list of changes had not shown of orders that Brightpearl has: cancelled in the shop, for one.
INSERT INTO temp.finding
SELECT 'unseen', 'order:' || p.id, coalesce(r.name, 'status ' || p.status_id), 'sales order ' || p.sale_id,
       'changed in BigCommerce without its list of changes showing it (' || p.unseen || ')', NULL, NULL,
       'it was read again just now: the next run goes by it'
  FROM temp.pair p
  LEFT JOIN ref_list r ON r.system = 'bigcommerce' AND r.list = 'status' AND r.id = CAST(p.status_id AS TEXT)
 WHERE p.unseen IS NOT NULL AND p.sale_id IS NOT NULL;

INSERT INTO temp.finding
SELECT 'double', 'order:' || p.order_id, '1 order', group_concat(p.sale_id, ', '),
       count(*) || ' sales orders in Brightpearl are order ' || p.order_id,
       'cancel the one that is too many in Brightpearl', NULL, NULL
  FROM (SELECT * FROM temp.partner ORDER BY sale_id) p
 WHERE (NOT p.cancelled OR p.n = 1) AND p.order_id IN (SELECT id FROM temp.pair)
 GROUP BY p.order_id HAVING count(*) > 1;

INSERT INTO temp.finding
SELECT 'unknown', 'order:' || b.order_id, '', 'sales order ' || b.id,
       'Brightpearl has it, BigCommerce has no order ' || b.order_id,
       'see in Brightpearl who made it, and cancel it there', NULL, NULL
  FROM reconcile_bp_order b JOIN temp.partner p ON p.sale_id = b.id AND p.n = 1
 WHERE b.asked = 0 AND NOT p.cancelled
UNION ALL
SELECT 'unknown', 'order:' || b.order_id, '', 'sales order ' || b.id,
       'BigCommerce did not list order ' || b.order_id, NULL, NULL,
       'not compared: whether BigCommerce has it could not be read, the next comparison asks again'
  FROM reconcile_bp_order b JOIN temp.partner p ON p.sale_id = b.id AND p.n = 1
 WHERE b.asked = 2 AND NOT p.cancelled;

INSERT INTO temp.finding
SELECT 'total', 'order:' || p.id, s.bc_total, s.bp_total, 'the totals differ',
       'sales order ' || p.sale_id || ': see which one is right; ./run.sh explain order ' || p.id || ' tells what was sent',
       (SELECT 'linked by hand' FROM link_order k WHERE k.order_id = p.id AND k.how = 'linked'),
       coalesce(iif(n.total, 'it changed after the last run read BigCommerce', NULL), 'rejected: ' || t.message)
  FROM temp.pair p JOIN temp.spoken s ON s.id = p.id
  LEFT JOIN temp.newer n ON n.id = p.id
  LEFT JOIN temp.told t ON t.order_id = p.id AND t.job = 'orders'
 WHERE p.sale_id IS NOT NULL AND NOT p.total_agrees AND p.total IS NOT NULL;

-- Payments that are left out, by their order: by hand; by a setting or a mapping, with the amount of all of them, which
-- must be what differs: one that was left out explains no other; and for now.
DROP TABLE IF EXISTS temp.left_payment;
CREATE TEMP TABLE left_payment AS
SELECT CAST(substr(key, 9) AS INTEGER) AS order_id, key, reason, amount FROM skip WHERE job = 'payments' AND key GLOB 'payment:*';
DROP TABLE IF EXISTS temp.by_hand;
CREATE TEMP TABLE by_hand AS
SELECT CAST(substr(key, 9) AS INTEGER) AS order_id, 'ignored by hand: ' || min(why) AS reason FROM decision
 WHERE job = 'payments' AND what = 'ignored' AND key GLOB 'payment:*' GROUP BY 1;
DROP TABLE IF EXISTS temp.by_mapping;
CREATE TEMP TABLE by_mapping AS
SELECT order_id, min(reason) AS reason, sum(amount) AS amount FROM temp.left_payment
 WHERE reason LIKE '%(line % of payments.csv%' AND reason NOT LIKE 'younger than%' OR reason = 'payments.refunds is off'
    OR reason LIKE 'paid offline, which never counts%'
 GROUP BY order_id;
DROP TABLE IF EXISTS temp.not_yet;
CREATE TEMP TABLE not_yet AS
SELECT order_id, min(reason) AS reason FROM temp.left_payment
 WHERE reason LIKE 'younger than%' OR reason LIKE '%: they are asked for again' GROUP BY order_id;
-- Transactions that the comparison itself read first.
DROP TABLE IF EXISTS temp.listed_since;
CREATE TEMP TABLE listed_since AS
SELECT t.order_id, min(t.id) AS id FROM reconcile_bc_money m JOIN transaction_money t ON t.order_id = m.order_id AND t.moved > 0 AND NOT t.own
  JOIN link_order k ON k.order_id = t.order_id
 WHERE NOT EXISTS (SELECT 1 FROM out_payment x WHERE x.order_id = t.order_id AND (x.part = CAST(t.id AS TEXT) OR x.part = 'A' || t.id))
   AND NOT EXISTS (SELECT 1 FROM temp.left_payment l WHERE l.key IN ('payment:' || t.order_id || ':' || t.id, 'payment:' || t.order_id || ':A' || t.id))
 GROUP BY t.order_id;

-- More paid in Brightpearl than in BigCommerce is never expected, but on credit terms, where the money comes in there;
-- nor is less than we told it.
INSERT INTO temp.finding
SELECT 'payment', 'order:' || p.id, s.bc_paid, iif(p.bp_unread, 'not readable', s.bp_paid),
       iif(p.bp_unread, 'what was paid in Brightpearl cannot be read', 'what was paid differs'),
       'sales order ' || p.sale_id || ': compare the payments of both; ./run.sh explain order ' || p.id || ' tells what was sent',
       CASE WHEN p.on_account THEN p.method || ' is on credit terms (payments.csv, line ' || p.line || ')'
            WHEN p.bp_unread OR p.bp_paid > p.bc_paid THEN NULL
            WHEN (SELECT value FROM setting WHERE name = 'payments.enabled') = 'yes' AND p.bp_paid + p.tolerance < (SELECT sum(iif(x.type = 'PAYMENT', -x.amount, x.amount)) FROM out_payment x
                  WHERE x.order_id = p.id AND x.kind = 'payment' AND x.state = 'done'
                    AND x.type IN ('RECEIPT', 'CAPTURE', 'PAYMENT')) THEN NULL
            WHEN (SELECT value FROM setting WHERE name = 'payments.enabled') <> 'yes'
                 THEN 'payments.enabled is ' || (SELECT value FROM setting WHERE name = 'payments.enabled')
            WHEN p.sync = 0 THEN p.method || ' is not sent (payments.csv, line ' || p.line || ')'
            ELSE coalesce((SELECT k.reason FROM temp.by_hand k WHERE k.order_id = p.id),
                          (SELECT k.reason FROM temp.by_mapping k WHERE k.order_id = p.id
                              AND abs(p.bc_paid - p.bp_paid - k.amount) <= p.tolerance)) END,
       coalesce(iif(n.paid, 'it changed after the last run read BigCommerce', NULL), 'rejected: ' || t.message,
                (SELECT 'not compared: its transactions could not be read, the next comparison asks again' FROM reconcile_bc_order o
                  WHERE o.id = p.id AND o.unread),
                (SELECT iif(x.state = 'claimed', 'a payment is in doubt', 'a payment waits to be sent') FROM out_payment x
                  WHERE x.order_id = p.id AND x.state IN ('pending', 'claimed') ORDER BY x.state LIMIT 1),
                (SELECT 'transaction ' || l.id || ' was listed after the last run: the next one sends it' FROM temp.listed_since l
                  WHERE l.order_id = p.id),
                (SELECT k.reason FROM temp.not_yet k WHERE k.order_id = p.id))
  FROM temp.pair p JOIN temp.spoken s ON s.id = p.id
  LEFT JOIN temp.newer n ON n.id = p.id
  LEFT JOIN temp.told t ON t.order_id = p.id AND t.job = 'payments'
 WHERE p.sale_id IS NOT NULL AND NOT p.paid_agrees AND p.total IS NOT NULL;

-- What was paid back in BigCommerce and, by payments.refunds, not in Brightpearl.
INSERT INTO temp.finding
SELECT 'refund', 'order:' || p.id, printf('%d.%02d %s paid back', p.refunded / 10000, p.refunded % 10000 / 100, p.currency), s.bp_paid || ' paid',
       'its refunds are not in Brightpearl', './run.sh explain order ' || p.id || ' tells more', 'payments.refunds is off', NULL
  FROM temp.pair p JOIN temp.spoken s ON s.id = p.id
 WHERE p.sale_id IS NOT NULL AND p.refunded > 0 AND p.paid_agrees AND p.bc_paid = p.got
   AND (SELECT value FROM setting WHERE name = 'payments.refunds') = 'off'
   AND (SELECT value FROM setting WHERE name = 'payments.enabled') = 'yes';

-- Shipped notes: without tracking, and those of whose goods BigCommerce knows of no shipment at all.
INSERT INTO temp.finding
SELECT 'tracking', 'shipment:GON' || g.id, 'order ' || p.id, 'no tracking number', 'shipped without a tracking number',
       'enter it at the goods-out note in Brightpearl',
       iif((SELECT value FROM setting WHERE name = 'fulfillment.require_tracking') = 'no',
           'it may go without one (fulfillment.tracking_wait_hours)', NULL), NULL
  FROM reconcile_bp_note g JOIN temp.pair p ON p.sale_id = g.sale_id
 WHERE g.reference = '';

INSERT INTO temp.finding
SELECT 'shipment', 'shipment:GON' || g.id, 'order ' || p.id || ', nothing shipped', 'shipped',
       'shipped in Brightpearl, not in BigCommerce', './run.sh fulfillment sends it',
       CASE WHEN (SELECT value FROM setting WHERE name = 'fulfillment.enabled') <> 'yes'
                 THEN 'fulfillment.enabled is ' || (SELECT value FROM setting WHERE name = 'fulfillment.enabled')
            WHEN (SELECT value FROM setting WHERE name = 'fulfillment.trigger') <> 'goods_out_note'
                 THEN 'fulfillment.trigger is ' || (SELECT value FROM setting WHERE name = 'fulfillment.trigger')
            WHEN g.shipped_on < (SELECT at FROM fulfillment_start) THEN 'before fulfillment began'
            ELSE (SELECT k.reason FROM skip k WHERE k.job = 'fulfillment'
                     AND (k.key = 'shipment:GON' || g.id OR k.key GLOB 'shipment:GON' || g.id || '/*') LIMIT 1) END,
       CASE WHEN g.shipped_on >= coalesce((SELECT coalesce(read_until, done_until) FROM cursor WHERE feed = 'bp_goods_out'), 0)
                 THEN 'the last run had not seen it: the next one does'
            ELSE coalesce((SELECT 'rejected: ' || min(r.message) FROM reject r WHERE r.closed_at IS NULL AND r.job = 'fulfillment'
                              AND (r.key = 'shipment:GON' || g.id OR r.key GLOB 'shipment:GON' || g.id || '/*')),
                          (SELECT 'it waits to be sent' FROM out_shipment x WHERE x.kind = 'GON' AND x.note_id = g.id
                              AND x.state IN ('pending', 'claimed') LIMIT 1)) END
  FROM reconcile_bp_note g JOIN temp.pair p ON p.sale_id = g.sale_id
 WHERE p.items_shipped = 0;
