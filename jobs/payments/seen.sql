-- Which transactions of BigCommerce speak of money, and of which other transaction each of them speaks ->
-- temp.todo, temp.seen, temp.tie, temp.held, temp.back.  First of the payments job's transform scripts; all are
-- rerunnable.  Amounts are ten-thousandths.

-- Orders that are in Brightpearl or on their way, and whose transactions are known as they are now.
-- worth = what BigCommerce says that it comes to; total = what may be paid on it: of a sales order that we did not
-- make, what that one comes to.  missing, back_missing = what it says that moved and does not list (view
-- order_adds_up); in_time, back_in_time: that may be listed yet (payments.wait_hours).
DROP TABLE IF EXISTS temp.todo;
CREATE TEMP TABLE todo AS
SELECT v.id, (SELECT prefix FROM order_reference) || v.id AS ref, v.status_id, v.payment_status, v.method_fold,
       v.provider, v.currency, v.paid_at, v.on_account, v.line, k.sales_order_id, m.unlisted,
       max(coalesce(x.total, 0), v.total_inc) AS worth, coalesce(k.how, 'created') AS how,
       coalesce(iif(k.how <> 'created' AND NOT s.gone, s.total, NULL), max(coalesce(x.total, 0), v.total_inc)) AS total,
       s.currency AS sale_currency, json_extract(s.payload, '$.currency.exchangeRate') AS sale_rate,
       o.date_created, o.date_modified,
       o.store_credit_amount AS credit, o.gift_certificate_amount AS gift,
       coalesce(x.sent, x.body) AS order_body,
       coalesce(a.missing, 0) AS missing, a.came + a.held AS listed, a.says, coalesce(a.back_missing, 0) AS back_missing,
       a.went, a.must_go_back, m.short_since, m.back_since,
       coalesce(r.at < m.short_since + r.wait, 1) AS in_time, coalesce(r.at < m.back_since + r.wait, 1) AS back_in_time
  FROM order_money v
  JOIN (SELECT 3600 * CAST(s.value AS INTEGER) AS wait, (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run)) AS at
          FROM setting s WHERE s.name = 'payments.wait_hours') r
  JOIN stg_bc_order o ON o.id = v.id
  JOIN stg_bc_order_money m ON m.order_id = v.id
  LEFT JOIN link_order k ON k.order_id = v.id
  LEFT JOIN stg_bp_sale s ON s.id = k.sales_order_id
  LEFT JOIN out_order x ON x.order_id = v.id
  LEFT JOIN order_adds_up a ON a.id = v.id
 WHERE (k.order_id IS NOT NULL OR x.state IN ('pending', 'claimed'))
   AND (v.silent IS NOT NULL OR v.read_for = v.digest);
CREATE UNIQUE INDEX temp.todo_id ON todo(id);

-- Their transactions; left_out = why one stands for no money; odd = why that cannot be told.
DROP TABLE IF EXISTS temp.seen;
CREATE TEMP TABLE seen AS
SELECT t.id, t.order_id, d.ref, d.method_fold, d.payment_status, t.event, t.method, t.gateway, t.amount,
       coalesce(nullif(t.currency, ''), d.currency) AS currency, t.at, t.reference_id,
       t.method IN ('store_credit', 'gift_certificate') AS own,
       t.method IN ('offline', 'custom')
       OR t.gateway IN ('bankdeposit', 'cheque', 'cod', 'moneyorder', 'instore', 'custom') AS offline,
       CASE WHEN t.is_test THEN 'a test transaction'
            WHEN t.failed THEN 'it failed (status error)'
            WHEN d.payment_status = 'declined' AND t.event = 'authorization' THEN 'the order''s payment was declined'
            WHEN t.event = 'pending' THEN 'pending: no money has moved yet'
            WHEN t.event = 'refund' THEN 'a refund: these come from the list of refunds'
            WHEN t.amount = 0 AND t.event <> 'void' THEN 'no amount' END AS left_out,
       CASE WHEN t.is_test OR t.failed THEN NULL
            WHEN t.unreadable IS NOT NULL THEN 'without a readable ' || t.unreadable
            WHEN t.strange_status IS NOT NULL THEN 'with the status "' || t.strange_status || '", which is not known'
            WHEN t.event NOT IN ('purchase', 'authorization', 'capture', 'refund', 'void', 'pending', 'settled')
                 THEN 'with the event "' || t.event || '", which is not known'
            WHEN t.amount < 0 THEN 'with an amount below zero'
            WHEN d.payment_status = 'declined' AND t.amount > 0 AND t.event IN ('purchase', 'capture', 'settled')
                 THEN 'that says that money came, while the order says that its payment was declined' END AS odd
  FROM temp.todo d JOIN stg_bc_transaction t ON t.order_id = d.id;
CREATE INDEX temp.seen_order ON seen(order_id);
CREATE UNIQUE INDEX temp.seen_id ON seen(id);

-- Those that another one may speak of without naming it.
DROP TABLE IF EXISTS temp.can_be;
CREATE TEMP TABLE can_be AS
SELECT id, order_id, event, amount FROM temp.seen
 WHERE left_out IS NULL AND odd IS NULL AND NOT own AND event IN ('authorization', 'purchase');
CREATE INDEX temp.can_be_order ON can_be(order_id);

-- What a capture, a void, a settlement speaks of: the transaction that it names, else one before it that
-- it can mean, most likely of the same amount.  A transaction may also have become a capture in place.
DROP TABLE IF EXISTS temp.tie;
CREATE TEMP TABLE tie AS
SELECT s.id, s.order_id, s.event, s.amount, s.payment_status,
       (SELECT a.id FROM temp.seen a WHERE a.id = s.reference_id AND a.order_id = s.order_id AND a.id <> s.id) AS named,
       CAST(NULL AS INTEGER) AS target -- a column without a type has no index that an id could use
  FROM temp.seen s
 WHERE s.event IN ('capture', 'void', 'settled') AND s.left_out IS NULL AND s.odd IS NULL AND NOT s.own;
CREATE INDEX temp.tie_id ON tie(id);
CREATE INDEX temp.tie_order ON tie(order_id);
UPDATE temp.tie AS s SET target = coalesce(named,
       (SELECT max(a.id) FROM temp.can_be a WHERE a.order_id = s.order_id AND a.id < s.id
           AND a.event = 'authorization' AND a.amount = s.amount),
       (SELECT max(a.id) FROM temp.can_be a WHERE a.order_id = s.order_id AND a.id < s.id AND a.event = 'authorization'),
       (SELECT max(a.id) FROM temp.can_be a WHERE a.order_id = s.order_id AND a.id < s.id AND a.amount = s.amount),
       (SELECT max(a.id) FROM temp.can_be a WHERE a.order_id = s.order_id AND a.id < s.id))
 WHERE event = 'void';
UPDATE temp.tie SET target = named WHERE event <> 'void';
CREATE INDEX temp.tie_target ON tie(target);

-- Captures that name none: authorisations that nothing else captured or voided before, in the order of both.
DROP TABLE IF EXISTS temp.open;
CREATE TEMP TABLE open AS
SELECT a.id, a.order_id, a.amount, row_number() OVER (PARTITION BY a.order_id, a.amount ORDER BY a.id) AS n
  FROM temp.can_be a
 WHERE a.event = 'authorization'
   AND NOT EXISTS (SELECT 1 FROM temp.tie c WHERE c.target = a.id AND c.event = 'capture')
   AND NOT EXISTS (SELECT 1 FROM temp.tie v WHERE v.target = a.id AND v.event = 'void'
                      AND NOT EXISTS (SELECT 1 FROM temp.tie c WHERE c.order_id = a.order_id AND c.event = 'capture'
                                         AND c.target IS NULL AND c.id BETWEEN a.id AND v.id));
CREATE INDEX temp.open_order ON open(order_id, amount, n);
UPDATE temp.tie AS c SET target = (
       SELECT o.id FROM temp.open o WHERE o.order_id = c.order_id AND o.amount = c.amount AND o.id < c.id
          AND o.n = (SELECT count(*) FROM temp.tie e WHERE e.order_id = c.order_id AND e.event = 'capture'
                        AND e.named IS NULL AND e.amount = c.amount AND e.id <= c.id))
 WHERE event = 'capture' AND target IS NULL;
UPDATE temp.tie AS c SET target = coalesce(
       (SELECT max(a.id) FROM temp.can_be a WHERE a.order_id = c.order_id AND a.id < c.id AND a.event = 'authorization'
           AND NOT EXISTS (SELECT 1 FROM temp.tie v WHERE v.target = a.id AND v.event = 'void' AND v.id < c.id)),
       (SELECT max(a.id) FROM temp.can_be a WHERE a.order_id = c.order_id AND a.id < c.id AND a.event = 'authorization'),
       c.id)
 WHERE event = 'capture' AND target IS NULL;

-- Settled without having been captured: that is its capture.
UPDATE temp.tie AS t SET event = 'capture'
 WHERE event = 'settled' AND EXISTS (SELECT 1 FROM temp.seen a WHERE a.id = t.target AND a.event = 'authorization')
   AND NOT EXISTS (SELECT 1 FROM temp.tie c WHERE c.target = t.target AND c.event = 'capture');
-- Nothing was left to void but the capture itself, and the order says that its payment is void: that is meant.
UPDATE temp.tie AS v SET target = (SELECT c.id FROM temp.tie c WHERE c.target = v.target AND c.event = 'capture')
 WHERE event = 'void' AND payment_status = 'void'
   AND (SELECT count(*) = 1 AND max(c.id) < v.id AND max(c.id) <> v.target
               AND max(c.amount) >= (SELECT a.amount FROM temp.seen a WHERE a.id = v.target)
          FROM temp.tie c WHERE c.target = v.target AND c.event = 'capture');

-- How much of each was voided, by its voids: 0 tells no amount, so it means all.
DROP TABLE IF EXISTS temp.undone;
CREATE TEMP TABLE undone AS
SELECT t.target, min(s.amount, sum(iif(t.amount > 0, t.amount, s.amount))) AS amount
  FROM temp.tie t JOIN temp.seen s ON s.id = t.target WHERE t.event = 'void' GROUP BY t.target;
CREATE INDEX temp.undone_target ON undone(target);

-- Each transaction that others speak of: how it was sent, how much of it was captured for good, how much voided.
-- How an authorisation was sent once decides for its captures, whatever payments.uncaptured says now.
-- One that was voided before anything of it was sent is not told: its captures are money by themselves.
DROP TABLE IF EXISTS temp.held;
CREATE TEMP TABLE held AS
SELECT h.*, coalesce((SELECT u.amount FROM temp.undone u WHERE u.target = h.id), 0) AS voided,
       coalesce((SELECT sum(c.amount - coalesce(u.amount, 0)) FROM temp.tie c LEFT JOIN temp.undone u ON u.target = c.id
                  WHERE c.target = h.id AND c.event = 'capture' AND c.id <> h.id), 0) AS captured,
       CASE WHEN h.as_auth THEN 'auth'
            WHEN h.as_money THEN 'receipt'
            WHEN h.event <> 'authorization' OR h.auth_refused
                 OR EXISTS (SELECT 1 FROM temp.undone u WHERE u.target = h.id)
                 OR EXISTS (SELECT 1 FROM temp.tie c JOIN out_payment x ON x.key = h.ref || '-T' || c.id
                             WHERE c.target = h.id AND c.event = 'capture' AND x.state IN ('claimed', 'done'))
                 THEN 'skip'
            ELSE (SELECT value FROM setting WHERE name = 'payments.uncaptured') END AS mode
  FROM (SELECT s.id, s.order_id, s.ref, s.event, s.amount, s.payment_status,
               coalesce(a.state IN ('claimed', 'done') OR a.state = 'pending' AND a.attempts > 0, 0) AS as_auth,
               coalesce(t.state IN ('claimed', 'done') OR t.state = 'pending' AND t.attempts > 0, 0) AS as_money,
               coalesce(a.state IN ('rejected', 'ignored'), 0)
               OR EXISTS (SELECT 1 FROM decision g WHERE g.job = 'payments' AND g.what = 'ignored'
                             AND g.key = 'payment:' || s.order_id || ':A' || s.id) AS auth_refused
          FROM temp.seen s
          LEFT JOIN out_payment a ON a.key = s.ref || '-A' || s.id
          LEFT JOIN out_payment t ON t.key = s.ref || '-T' || s.id
         WHERE s.event IN ('authorization', 'purchase', 'capture', 'settled') AND s.left_out IS NULL
           AND s.odd IS NULL AND NOT s.own) h;
CREATE UNIQUE INDEX temp.held_id ON held(id);

-- What each void takes back, of the transaction that went to Brightpearl: a capture whose money went with its
-- authorisation is taken back from that.  Never more than is left uncaptured; what was taken back before stays.
DROP TABLE IF EXISTS temp.back;
CREATE TEMP TABLE back AS
WITH meant AS (
	SELECT v.id, h.order_id, CAST(iif(o.mode = 'receipt' AND NOT h.as_money, o.id, h.id) AS INTEGER) AS holder,
	       iif(v.amount > 0, v.amount, h.amount) AS asked
	  FROM temp.tie v
	  JOIN temp.held h ON h.id = v.target
	  LEFT JOIN temp.tie c ON c.id = h.id AND c.event = 'capture' AND c.target <> c.id
	  LEFT JOIN temp.held o ON o.id = c.target
	 WHERE v.event = 'void'),
named AS (
	SELECT m.*, h.ref, h.amount - h.captured AS most,
	       'V' || h.id || iif(m.id = min(m.id) OVER (PARTITION BY h.id), '', '-' || m.id) AS part
	  FROM meant m JOIN temp.held h ON h.id = m.holder),
told AS (
	SELECT n.*, iif(x.state IN ('claimed', 'done') OR x.state = 'pending' AND x.attempts > 0, x.amount, NULL) AS sent
	  FROM named n LEFT JOIN out_payment x ON x.key = n.ref || '-' || n.part),
summed AS (
	SELECT t.*, max(0, most - coalesce(sum(sent) OVER (PARTITION BY holder), 0)) AS rest,
	       sum(iif(sent IS NULL, asked, 0)) OVER (PARTITION BY holder ORDER BY id) AS until
	  FROM told t)
SELECT id, order_id, holder, part, coalesce(sent, min(until, rest) - min(until - asked, rest)) AS amount, sent
  FROM summed;
CREATE INDEX temp.back_holder ON back(holder);
CREATE UNIQUE INDEX temp.back_id ON back(id);

-- Each capture beside what its authorisation stood for: how much of it is news where that was sent as receipt,
-- and whether it still fits into one that was sent as AUTH.
DROP TABLE IF EXISTS temp.taken;
CREATE TEMP TABLE taken AS
SELECT id, target, mode, min(net, max(0, until - stands)) AS beyond
  FROM (SELECT c.id, c.target, h.mode, c.amount - coalesce(u.amount, 0) AS net,
               sum(c.amount - coalesce(u.amount, 0)) OVER (PARTITION BY c.target ORDER BY c.id) AS until,
               h.amount - coalesce((SELECT sum(b.sent) FROM temp.back b WHERE b.holder = h.id), 0) AS stands
          FROM temp.tie c
          JOIN temp.held h ON h.id = c.target
          LEFT JOIN temp.undone u ON u.target = c.id
         WHERE c.event = 'capture' AND c.id <> c.target);
CREATE UNIQUE INDEX temp.taken_id ON taken(id);
