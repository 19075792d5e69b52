-- What money moved on each order, as far as BigCommerce tells -> temp.part, one row for each payment
-- that Brightpearl may have to know.  First of the payments job's transform scripts; all are
-- rerunnable.  Amounts are ten-thousandths.  A part's key is its transactionRef:
--   BC-1042-T77   the money of transaction 77        -A77  its authorisation    -V77  it was voided
--   BC-1042-C, -G store credit, gift certificates    -O    paid offline
--   BC-1042-R5    refund 5 (R5-2: its second payment)      BC-1042.R5  its sales credit
-- Store credit and certificates are one part of an order each, whether the transactions list them or
-- only the order tells: so they are never sent twice.
DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem(key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);

-- Orders that are in Brightpearl or on their way, and whose transactions are known as they are now.
DROP TABLE IF EXISTS temp.todo;
CREATE TEMP TABLE todo AS
SELECT v.id, (SELECT prefix FROM order_reference) || v.id AS ref, v.status_id, v.payment_status, v.method_fold,
       v.provider, v.currency, v.paid_at, v.line, k.sales_order_id, m.unlisted,
       max(coalesce(x.total, 0), v.total_inc) AS total, o.date_created, o.date_modified,
       o.store_credit_amount AS credit, o.gift_certificate_amount AS gift,
       coalesce(x.sent, x.body) AS order_body
  FROM order_money v
  JOIN stg_bc_order o ON o.id = v.id
  JOIN stg_bc_order_money m ON m.order_id = v.id
  LEFT JOIN link_order k ON k.order_id = v.id
  LEFT JOIN out_order x ON x.order_id = v.id
 WHERE (k.order_id IS NOT NULL OR x.state IN ('pending', 'claimed'))
   AND (v.silent IS NOT NULL OR v.read_for = v.digest);
CREATE UNIQUE INDEX temp.todo_id ON todo(id);

-- Their transactions; left_out = why one stands for no money.
DROP TABLE IF EXISTS temp.seen;
CREATE TEMP TABLE seen AS
SELECT t.id, t.order_id, d.ref, d.method_fold, t.event, t.method, t.gateway, t.amount,
       coalesce(nullif(t.currency, ''), d.currency) AS currency, t.at, t.reference_id, t.unreadable,
       t.method IN ('store_credit', 'gift_certificate') AS own,
       t.method IN ('offline', 'custom')
       OR t.gateway IN ('bankdeposit', 'cheque', 'cod', 'moneyorder', 'instore', 'custom') AS offline,
       CASE WHEN t.is_test THEN 'a test transaction'
            WHEN t.failed THEN 'it failed (status error)'
            WHEN d.payment_status = 'declined' THEN 'the order''s payment was declined'
            WHEN t.event = 'pending' THEN 'pending: no money has moved yet'
            WHEN t.event = 'refund' THEN 'a refund: these come from the list of refunds'
            WHEN t.amount <= 0 AND t.event <> 'void' THEN 'no amount' END AS left_out
  FROM temp.todo d JOIN stg_bc_transaction t ON t.order_id = d.id;
CREATE INDEX temp.seen_order ON seen(order_id);

-- What a capture, a void, a settlement speaks of: the transaction that it names, else the latest before
-- it that it can mean.  A transaction may also have become a capture in place.
DROP TABLE IF EXISTS temp.tie;
CREATE TEMP TABLE tie AS
SELECT s.id, s.order_id, s.event, s.amount,
  CAST(coalesce((SELECT a.id FROM temp.seen a -- a column without a type has no index that an id could use
                  WHERE a.order_id = s.order_id AND a.id = s.reference_id AND a.id <> s.id),
                (SELECT max(a.id) FROM temp.seen a
                  WHERE a.order_id = s.order_id AND a.id < s.id AND a.left_out IS NULL AND NOT a.own
                    AND a.event = 'authorization' AND s.event IN ('capture', 'void')),
                (SELECT max(a.id) FROM temp.seen a
                  WHERE a.order_id = s.order_id AND a.id < s.id AND a.left_out IS NULL AND NOT a.own
                    AND a.event = 'purchase' AND s.event = 'void'),
                iif(s.event = 'capture', s.id, NULL)) AS INTEGER) AS target
  FROM temp.seen s
 WHERE s.event IN ('capture', 'void', 'settled') AND s.left_out IS NULL AND s.unreadable IS NULL
   AND NOT s.own;
CREATE INDEX temp.tie_target ON tie(target);
CREATE INDEX temp.tie_id ON tie(id);
-- Settled without having been captured: that is its capture.
UPDATE temp.tie AS t SET event = 'capture'
 WHERE event = 'settled' AND EXISTS (SELECT 1 FROM temp.seen a WHERE a.id = t.target AND a.event = 'authorization')
   AND NOT EXISTS (SELECT 1 FROM temp.tie c WHERE c.target = t.target AND c.event = 'capture');

-- Each transaction that others speak of: how it was sent, how much of it was captured, whether voided.
-- How an authorisation was sent once decides for its captures, whatever payments.uncaptured says now.
DROP TABLE IF EXISTS temp.held;
CREATE TEMP TABLE held AS
SELECT s.id, s.order_id, s.amount,
       a.state IN ('claimed', 'done') AS as_auth,
       t.state IN ('claimed', 'done') AS as_money,
       coalesce((SELECT sum(c.amount) FROM temp.tie c
                  WHERE c.target = s.id AND c.event = 'capture' AND c.id <> s.id), 0) AS captured,
       EXISTS (SELECT 1 FROM temp.tie v WHERE v.target = s.id AND v.event = 'void') AS voided,
       a.state IN ('rejected', 'ignored') AS auth_refused,
       CASE WHEN a.state IN ('claimed', 'done') THEN 'auth'
            WHEN t.state IN ('claimed', 'done') THEN 'receipt'
            WHEN s.event <> 'authorization' OR a.state IN ('rejected', 'ignored')
                 OR EXISTS (SELECT 1 FROM temp.tie c JOIN out_payment x ON x.key = s.ref || '-T' || c.id
                             WHERE c.target = s.id AND c.event = 'capture' AND x.state IN ('claimed', 'done'))
                 THEN 'skip'
            ELSE (SELECT value FROM setting WHERE name = 'payments.uncaptured') END AS mode
  FROM temp.seen s
  LEFT JOIN out_payment a ON a.key = s.ref || '-A' || s.id
  LEFT JOIN out_payment t ON t.key = s.ref || '-T' || s.id
 WHERE s.event IN ('authorization', 'purchase', 'capture', 'settled') AND s.left_out IS NULL
   AND s.unreadable IS NULL AND NOT s.own;
CREATE UNIQUE INDEX temp.held_id ON held(id);

-- first, second = names to look for in payments.csv, in this order; code = transactionCode;
-- after = the part that must be there before; left_out = why it is not sent.
DROP TABLE IF EXISTS temp.part;
CREATE TEMP TABLE part(key TEXT PRIMARY KEY, order_id INTEGER, part TEXT, kind TEXT DEFAULT 'payment', type TEXT,
       first TEXT, second TEXT, gateway TEXT, amount INTEGER, currency TEXT, at INTEGER, code TEXT, after TEXT,
       left_out TEXT);

-- Money that came in: purchases, captures, settlements of what was pending.  As RECEIPT, or as
-- CAPTURE where the authorisation was sent as AUTH.
INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, code, after, left_out)
SELECT s.ref || '-T' || s.id, s.order_id, CAST(s.id AS TEXT),
       iif(h.mode = 'auth' AND c.event = 'capture', 'CAPTURE', 'RECEIPT'),
       s.method_fold, s.method, s.gateway, s.amount, s.currency, s.at,
       iif(h.mode = 'auth' AND c.event = 'capture', s.ref || '-A' || h.id, NULL),
       iif(h.mode = 'auth' AND c.event = 'capture', s.ref || '-A' || h.id, NULL),
       CASE WHEN s.left_out IS NOT NULL THEN s.left_out
            WHEN c.event = 'capture' AND h.id <> s.id AND h.mode = 'receipt'
                 THEN 'sent as receipt when it was authorised'
            WHEN c.event = 'settled' AND (h.id IS NOT NULL OR s.amount + (SELECT coalesce(sum(o.amount), 0)
                     FROM temp.seen o WHERE o.order_id = s.order_id AND o.left_out IS NULL
                      AND o.event IN ('purchase', 'capture')) > d.total) THEN 'it settles what is counted already'
            WHEN v.voided AND NOT coalesce(v.as_money, 0) THEN 'voided before it was sent' END
  FROM temp.seen s
  JOIN temp.todo d ON d.id = s.order_id
  LEFT JOIN temp.tie c ON c.id = s.id AND c.event IN ('capture', 'settled')
  LEFT JOIN temp.held h ON h.id = c.target
  LEFT JOIN temp.held v ON v.id = s.id
 WHERE s.event IN ('purchase', 'capture', 'settled') AND NOT s.own AND NOT s.offline AND s.unreadable IS NULL;

-- Became a capture in place after it was sent as AUTH.
UPDATE temp.part AS p SET type = 'CAPTURE', code = replace(key, '-T', '-A'), after = replace(key, '-T', '-A')
 WHERE type = 'RECEIPT' AND EXISTS (SELECT 1 FROM out_payment a
        WHERE a.key = replace(p.key, '-T', '-A') AND a.type = 'AUTH' AND a.state IN ('claimed', 'done'));

-- Authorisations, by payments.uncaptured.
INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, code, left_out)
SELECT s.ref || iif(h.mode = 'receipt', '-T', '-A') || s.id, s.order_id, iif(h.mode = 'receipt', '', 'A') || s.id,
       iif(h.mode = 'receipt', 'RECEIPT', 'AUTH'), s.method_fold, s.method, s.gateway, s.amount, s.currency, s.at,
       iif(h.mode = 'receipt', NULL, s.ref || '-A' || s.id),
       CASE WHEN s.left_out IS NOT NULL THEN s.left_out
            WHEN h.voided AND NOT coalesce(h.as_auth OR h.as_money, 0) THEN 'voided before it was sent'
            WHEN h.mode = 'skip' AND NOT coalesce(h.auth_refused, 0) THEN
                 iif(h.captured >= s.amount, 'its captures are sent', 'authorised only (payments.uncaptured is skip)') END
  FROM temp.seen s
  LEFT JOIN temp.held h ON h.id = s.id
 WHERE s.event = 'authorization' AND NOT s.own AND NOT s.offline AND s.unreadable IS NULL;

-- Voids: of what was sent, the part of it that was not captured.
INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, code, after, left_out)
SELECT s.ref || '-V' || h.id, s.order_id, 'V' || h.id, iif(h.as_auth, 'VOID', 'PAYMENT'), s.method_fold, o.method,
       o.gateway, h.amount - h.captured, s.currency, min(s.at),
       iif(h.as_auth, s.ref || '-A' || h.id, NULL),
       s.ref || iif(h.as_auth, '-A', '-T') || h.id,
       CASE WHEN NOT coalesce(h.as_auth OR h.as_money, 0) THEN 'what it voids was not sent'
            WHEN h.amount <= h.captured THEN 'nothing is left to void' END
  FROM temp.seen s
  JOIN temp.tie t ON t.id = s.id AND t.event = 'void'
  JOIN temp.held h ON h.id = t.target
  JOIN temp.seen o ON o.id = h.id
 WHERE NOT s.offline
 GROUP BY h.id;

-- Left out for themselves: pending, refunds, voids of nothing, what cannot be read.
INSERT OR IGNORE INTO temp.part(key, order_id, part, type, amount, currency, at, left_out)
SELECT s.ref || '-T' || s.id, s.order_id, CAST(s.id AS TEXT), 'RECEIPT', s.amount, s.currency, s.at,
       CASE WHEN s.left_out IS NOT NULL THEN s.left_out
            WHEN s.own THEN 'counted with the order''s other ' || replace(s.method, '_', ' ')
            WHEN s.offline THEN 'offline: payments.csv, paid_at, says when it counts'
            ELSE 'unknown event ' || s.event END
  FROM temp.seen s
 WHERE s.unreadable IS NULL
   AND NOT EXISTS (SELECT 1 FROM temp.tie t WHERE t.id = s.id AND t.event = 'void' AND t.target IS NOT NULL)
   AND NOT (s.event = 'authorization' AND NOT s.own AND NOT s.offline);

INSERT INTO temp.part(key, order_id, part, type, amount)
SELECT ref || '-T' || id, order_id, CAST(id AS TEXT), 'RECEIPT', coalesce(amount, 0)
  FROM temp.seen WHERE unreadable IS NOT NULL;
INSERT INTO temp.problem
SELECT 'payment:' || order_id || ':' || id, 'unreadable',
       'BigCommerce sent a transaction without a readable ' || unreadable, 'look at the order in BigCommerce', NULL
  FROM temp.seen WHERE unreadable IS NOT NULL;

-- More was captured than was authorised, and the authorisation was sent as the receipt.
INSERT INTO temp.part(key, order_id, part, type, amount)
SELECT d.ref || '-excess' || h.id, d.id, 'excess' || h.id, 'RECEIPT', h.captured - h.amount
  FROM temp.held h JOIN temp.todo d ON d.id = h.order_id
 WHERE h.mode = 'receipt' AND h.captured > h.amount;
INSERT INTO temp.problem
SELECT 'payment:' || order_id || ':' || part, 'captured_more',
       printf('%d.%02d more was captured than was authorised and sent as receipt', amount / 10000, amount % 10000 / 100),
       'enter it in Brightpearl by hand', NULL
  FROM temp.part WHERE part LIKE 'excess%';

INSERT INTO temp.part(key, order_id, part, type, amount)
SELECT ref || '-transactions', id, 'transactions', 'RECEIPT', 0 FROM temp.todo WHERE unlisted > 0;
INSERT INTO temp.problem
SELECT 'payment:' || id || ':transactions', 'unlisted',
       unlisted || ' of its transactions cannot be read: BigCommerce lists no more than 250',
       'compare its payments in both systems by hand', NULL
  FROM temp.todo WHERE unlisted > 0;

-- Store credit and gift certificates: as the transactions list them, else as the order tells.
INSERT INTO temp.part(key, order_id, part, type, second, gateway, amount, currency, at, left_out)
SELECT d.ref || '-' || w.letter, d.id, w.letter, 'RECEIPT', w.method, w.gateway,
       coalesce(l.amount, iif(w.letter = 'C', d.credit, d.gift)), d.currency, coalesce(l.at, d.date_created),
       iif(d.payment_status = 'declined', 'the order''s payment was declined', NULL)
  FROM temp.todo d
  JOIN (SELECT 'C' AS letter, 'store_credit' AS method, 'storecredit' AS gateway
        UNION ALL SELECT 'G', 'gift_certificate', 'giftcertificate') w
  LEFT JOIN (SELECT order_id, method, sum(amount) AS amount, min(at) AS at FROM temp.seen
              WHERE own AND left_out IS NULL AND unreadable IS NULL
                AND event IN ('purchase', 'capture', 'settled', 'authorization')
              GROUP BY order_id, method) l ON l.order_id = d.id AND l.method = w.method
 WHERE coalesce(l.amount, iif(w.letter = 'C', d.credit, d.gift)) > 0;

-- Offline: what is left to pay, in the statuses of paid_at; not where money moves online.
INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, left_out)
SELECT d.ref || '-O', d.id, 'O', 'RECEIPT', d.method_fold, coalesce(f.method, 'offline'),
       coalesce(nullif(d.provider, ''), f.gateway, ''), d.total - coalesce(c.amount, 0), d.currency,
       coalesce(d.date_modified, d.date_created),
       CASE WHEN d.payment_status = 'declined' THEN 'the order''s payment was declined'
            WHEN d.paid_at = '' THEN iif(d.payment_status IN ('captured', 'paid'),
                 'paid, but BigCommerce lists no transaction (payments.csv, paid_at)', 'no money has moved in BigCommerce')
            WHEN instr(d.paid_at, '|' || d.status_id || '|') = 0 THEN 'offline, and not paid in this status (payments.csv, paid_at)'
            END
  FROM temp.todo d
  LEFT JOIN (SELECT order_id, min(method) AS method, min(gateway) AS gateway FROM temp.seen
              WHERE offline AND left_out IS NULL GROUP BY order_id) f ON f.order_id = d.id
  LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM temp.part WHERE part IN ('C', 'G') GROUP BY order_id) c
    ON c.order_id = d.id
 WHERE d.total > coalesce(c.amount, 0)
   AND NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.order_id = d.id AND NOT s.own AND NOT s.offline
                      AND (s.left_out IS NULL OR s.event = 'pending' OR d.paid_at = ''));

-- Refunds, by payments.refunds; how one was sent decides, whatever the setting says now.
DROP TABLE IF EXISTS temp.refund;
CREATE TEMP TABLE refund AS
SELECT r.id, r.order_id, d.ref, r.at, r.total, r.total_tax, r.unreadable, d.currency, d.method_fold,
       coalesce((SELECT sum(p.amount) FROM stg_bc_refund_payment p
                  WHERE p.refund_id = r.id AND NOT p.declined), 0) AS paid, d.order_body, d.sales_order_id,
       CASE WHEN EXISTS (SELECT 1 FROM out_payment x WHERE x.key = d.ref || '.R' || r.id AND x.state IN ('claimed', 'done'))
                 THEN 'credit'
            WHEN EXISTS (SELECT 1 FROM out_payment x WHERE x.order_id = r.order_id AND x.after IS NULL
                            AND x.state IN ('claimed', 'done')
                            AND (x.part = 'R' || r.id OR x.part LIKE 'R' || r.id || '-%')) THEN 'payment'
            ELSE (SELECT value FROM setting WHERE name = 'payments.refunds') END AS mode
  FROM temp.todo d JOIN stg_bc_refund r ON r.order_id = d.id;

INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, after, left_out)
SELECT r.ref || '-R' || r.id || iif(p.position = 1, '', '-' || p.position), r.order_id,
       'R' || r.id || iif(p.position = 1, '', '-' || p.position), 'PAYMENT',
       CASE WHEN p.provider IN ('storecredit', 'store_credit', 'giftcertificate', 'gift_certificate') THEN NULL
            WHEN p.offline THEN 'offline' ELSE r.method_fold END,
       CASE WHEN p.provider IN ('storecredit', 'store_credit') THEN 'store_credit'
            WHEN p.provider IN ('giftcertificate', 'gift_certificate') THEN 'gift_certificate'
            WHEN p.offline THEN r.method_fold
            ELSE coalesce((SELECT t.method FROM stg_bc_transaction t WHERE t.order_id = r.order_id
                              AND p.transaction_ref IN (CAST(t.id AS TEXT), t.gateway_ref) ORDER BY t.id LIMIT 1), '') END,
       p.provider, p.amount, r.currency, r.at, iif(r.mode = 'credit', r.ref || '.R' || r.id, NULL),
       CASE WHEN p.declined THEN 'declined by the payment provider'
            WHEN p.amount <= 0 THEN 'no amount'
            WHEN r.mode = 'off' THEN 'payments.refunds is off' END
  FROM temp.refund r JOIN stg_bc_refund_payment p ON p.refund_id = r.id
 WHERE r.unreadable IS NULL;

INSERT INTO temp.part(key, order_id, part, kind, type, amount, currency, at)
SELECT ref || '.R' || id, order_id, 'credit' || id, 'credit', 'CREDIT', paid, currency, at
  FROM temp.refund WHERE mode = 'credit' AND paid > 0 AND unreadable IS NULL;

INSERT OR IGNORE INTO temp.part(key, order_id, part, type, amount, at, left_out)
SELECT ref || '-R' || id, order_id, 'R' || id, 'PAYMENT', coalesce(total, 0), at,
       iif(unreadable IS NULL, 'a refund without a payment', NULL)
  FROM temp.refund r
 WHERE unreadable IS NOT NULL OR NOT EXISTS (SELECT 1 FROM stg_bc_refund_payment p WHERE p.refund_id = r.id);
-- Money that Brightpearl was never told of is not paid back there.
UPDATE temp.part AS r SET left_out = 'no receipt of the order goes to Brightpearl'
 WHERE type = 'PAYMENT' AND after IS NULL AND left_out IS NULL
   AND NOT EXISTS (SELECT 1 FROM temp.part p WHERE p.order_id = r.order_id AND p.left_out IS NULL
                      AND p.type IN ('RECEIPT', 'CAPTURE'))
   AND NOT EXISTS (SELECT 1 FROM out_payment x WHERE x.order_id = r.order_id AND x.state = 'done');
INSERT INTO temp.problem
SELECT 'payment:' || order_id || ':R' || id, 'unreadable',
       'BigCommerce sent a refund without a readable ' || unreadable, 'look at the order in BigCommerce', NULL
  FROM temp.refund WHERE unreadable IS NOT NULL;
