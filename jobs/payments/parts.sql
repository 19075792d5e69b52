-- What money moved on each order, as far as BigCommerce tells -> temp.part, one row for each payment
-- that Brightpearl may have to know.  After seen.sql; rerunnable.  A part's key is its transactionRef:
--   BC-1042-T77   the money of transaction 77        -A77  its authorisation    -V77  it was voided
--   BC-1042-C, -G store credit, gift certificates    -O    paid offline      -V77-79  by a second void, 79
--   BC-1042-R5    refund 5 (R5-2: its second payment)      BC-1042.R5  its sales credit
-- Store credit and certificates are one part of an order each, whether the transactions list them or
-- only the order tells: so they are never sent twice.
DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem(key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);

-- first, second = names to look for in payments.csv, in this order; code = transactionCode;
-- after = the part that must be there before; left_out = why it is not sent.
DROP TABLE IF EXISTS temp.part;
CREATE TEMP TABLE part(key TEXT PRIMARY KEY, order_id INTEGER, part TEXT, kind TEXT DEFAULT 'payment', type TEXT,
       first TEXT, second TEXT, gateway TEXT, amount INTEGER, currency TEXT, at INTEGER, code TEXT, after TEXT,
       left_out TEXT);

-- Money that came in: purchases, captures, settlements of what was pending.  As RECEIPT, or as
-- CAPTURE where the authorisation was sent as AUTH and is not used up.
INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, code, after, left_out)
SELECT s.ref || '-T' || s.id, s.order_id, CAST(s.id AS TEXT), iif(s.follows, 'CAPTURE', 'RECEIPT'),
       s.method_fold, s.method, s.gateway, iif(s.mode = 'receipt' AND s.beyond > 0, s.beyond, s.amount), s.currency, s.at,
       iif(s.follows, s.ref || '-A' || s.target, NULL), iif(s.follows, s.ref || '-A' || s.target, NULL),
       CASE WHEN s.left_out IS NOT NULL THEN s.left_out
            WHEN s.voided >= s.amount AND NOT s.as_money THEN 'voided before it was sent'
            WHEN s.mode = 'receipt' AND s.beyond = 0 THEN 'sent as receipt when it was authorised'
            WHEN s.settles IS NOT NULL AND (s.counted OR s.amount + (SELECT coalesce(sum(o.amount), 0)
                     FROM temp.seen o WHERE o.order_id = s.order_id AND o.left_out IS NULL AND o.odd IS NULL
                      AND o.event IN ('purchase', 'capture')) > s.worth) THEN 'it settles what is counted already' END
  FROM (SELECT s.*, d.worth, t.target, t.mode, t.beyond, coalesce(t.mode = 'auth' AND t.beyond = 0, 0) AS follows,
               coalesce(v.voided, 0) AS voided, coalesce(v.as_money, 0) AS as_money,
               (SELECT c.id FROM temp.tie c WHERE c.id = s.id AND c.event = 'settled') AS settles,
               EXISTS (SELECT 1 FROM temp.tie c JOIN temp.held h ON h.id = c.target WHERE c.id = s.id) AS counted
          FROM temp.seen s
          JOIN temp.todo d ON d.id = s.order_id
          LEFT JOIN temp.taken t ON t.id = s.id
          LEFT JOIN temp.held v ON v.id = s.id
         WHERE s.event IN ('purchase', 'capture', 'settled') AND NOT s.own AND NOT s.offline AND s.odd IS NULL) s;

-- Became a capture in place after it was sent as AUTH.
UPDATE temp.part AS p SET type = 'CAPTURE', code = replace(key, '-T', '-A'), after = replace(key, '-T', '-A')
 WHERE type = 'RECEIPT' AND EXISTS (SELECT 1 FROM out_payment a
        WHERE a.key = replace(p.key, '-T', '-A') AND a.type = 'AUTH' AND a.state IN ('claimed', 'done'));

-- Captured or not?  The order says that its payment is void, and more was voided than captures had left.
INSERT INTO temp.problem
SELECT 'payment:' || h.order_id || ':' || c.id, 'void_or_captured',
       printf('%d.%02d of it was captured and %d.%02d of an authorisation of %d.%02d voided, and the order says void: what was kept is not told',
              h.captured / 10000, h.captured % 10000 / 100, h.voided / 10000, h.voided % 10000 / 100,
              h.amount / 10000, h.amount % 10000 / 100),
       'see at the payment provider what was kept and enter it in Brightpearl; then ./run.sh ignore payment:' || h.order_id || ':'
       || c.id || ' --why TEXT', NULL
  FROM temp.held h JOIN temp.tie c ON c.target = h.id AND c.event = 'capture'
 WHERE h.payment_status = 'void' AND h.captured > 0 AND h.voided > h.amount - h.captured;

-- Authorisations, by payments.uncaptured.
INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, code, left_out)
SELECT s.ref || iif(h.mode = 'receipt', '-T', '-A') || s.id, s.order_id, iif(h.mode = 'receipt', '', 'A') || s.id,
       iif(h.mode = 'receipt', 'RECEIPT', 'AUTH'), s.method_fold, s.method, s.gateway, s.amount, s.currency, s.at,
       iif(h.mode = 'receipt', NULL, s.ref || '-A' || s.id),
       CASE WHEN s.left_out IS NOT NULL THEN s.left_out
            WHEN h.voided AND NOT (h.as_auth OR h.as_money) THEN
                 iif(h.captured, 'its captures are sent, the rest was voided', 'voided before it was sent')
            WHEN h.mode = 'skip' AND NOT h.auth_refused THEN
                 iif(h.captured >= s.amount, 'its captures are sent', 'authorised only (payments.uncaptured is skip)') END
  FROM temp.seen s
  LEFT JOIN temp.held h ON h.id = s.id
 WHERE s.event = 'authorization' AND NOT s.own AND NOT s.offline AND s.odd IS NULL;

-- Voids, of what was sent or goes now.
INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, code, after, left_out)
SELECT s.ref || '-' || b.part, s.order_id, b.part, iif(b.void, 'VOID', 'PAYMENT'), s.method_fold, b.method,
       b.gateway, b.amount, s.currency, s.at, iif(b.void, s.ref || '-A' || b.holder, NULL),
       s.ref || iif(b.void, '-A', '-T') || b.holder,
       CASE WHEN NOT b.sent AND NOT b.goes THEN 'what it voids was not sent'
            WHEN b.amount = 0 THEN 'nothing is left to void' END
  FROM (SELECT b.id, b.part, b.holder, b.amount, o.method, o.gateway, h.as_auth AND NOT h.as_money AS void,
               h.as_auth OR h.as_money AS sent, h.event <> 'authorization' AND h.voided < h.amount AS goes
          FROM temp.back b
          JOIN temp.held h ON h.id = b.holder
          JOIN temp.seen o ON o.id = b.holder) b
  JOIN temp.seen s ON s.id = b.id
 WHERE NOT s.offline;

-- Left out for themselves: pending, refunds, offline ones, voids of nothing.
INSERT OR IGNORE INTO temp.part(key, order_id, part, type, amount, currency, at, left_out)
SELECT s.ref || '-T' || s.id, s.order_id, CAST(s.id AS TEXT), 'RECEIPT', s.amount, s.currency, s.at,
       CASE WHEN s.left_out IS NOT NULL THEN s.left_out
            WHEN s.own THEN 'counted with the order''s other ' || replace(s.method, '_', ' ')
            WHEN s.offline THEN 'offline: payments.csv, paid_at, says when it counts'
            ELSE 'it voids nothing that was paid' END
  FROM temp.seen s
 WHERE s.odd IS NULL AND NOT (s.id IN (SELECT id FROM temp.back) AND NOT s.offline)
   AND NOT (s.event = 'authorization' AND NOT s.own AND NOT s.offline);

-- What cannot be judged is told, and is never money.
INSERT INTO temp.part(key, order_id, part, type, amount)
SELECT ref || '-T' || id, order_id, CAST(id AS TEXT), 'RECEIPT', coalesce(amount, 0)
  FROM temp.seen WHERE odd IS NOT NULL;
INSERT INTO temp.problem
SELECT 'payment:' || order_id || ':' || id,
       CASE WHEN odd LIKE 'without a readable%' THEN 'unreadable' WHEN odd LIKE 'that says%' THEN 'declined_but_paid'
            WHEN odd LIKE 'with an amount%' THEN 'below_zero' ELSE 'unknown_transaction' END,
       'BigCommerce sent a transaction ' || coalesce(printf('of %s%d.%02d %s ', iif(amount < 0, '-', ''), abs(amount) / 10000,
              abs(amount) % 10000 / 100, currency), '') || odd,
       'look at the order in BigCommerce; if money moved, enter it in Brightpearl, then ./run.sh ignore payment:' || order_id
       || ':' || id || ' --why TEXT', NULL
  FROM temp.seen WHERE odd IS NOT NULL;

INSERT INTO temp.part(key, order_id, part, type, amount)
SELECT ref || '-transactions', id, 'transactions', 'RECEIPT', 0 FROM temp.todo WHERE unlisted > 0;
INSERT INTO temp.problem
SELECT 'payment:' || id || ':transactions', 'unlisted',
       unlisted || ' of its transactions cannot be read: BigCommerce lists no more than 250',
       'compare its payments in both systems by hand', NULL
  FROM temp.todo WHERE unlisted > 0;

-- Store credit and gift certificates: as the transactions list them, else as the order tells.  What is
-- authorised, then captured, then settled is the same money.
INSERT INTO temp.part(key, order_id, part, type, second, gateway, amount, currency, at, left_out)
SELECT d.ref || '-' || w.letter, d.id, w.letter, 'RECEIPT', w.method, w.gateway,
       coalesce(l.amount, iif(w.letter = 'C', d.credit, d.gift)), d.currency, coalesce(l.at, d.date_created),
       CASE WHEN d.payment_status = 'declined' THEN 'the order''s payment was declined'
            WHEN l.amount = 0 THEN 'voided before it was sent' END
  FROM temp.todo d
  JOIN (SELECT 'C' AS letter, 'store_credit' AS method, 'storecredit' AS gateway
        UNION ALL SELECT 'G', 'gift_certificate', 'giftcertificate') w
  LEFT JOIN (SELECT order_id, method, min(at) AS at,
                    max(0, max(coalesce(sum(amount) FILTER (WHERE event IN ('purchase', 'capture')), 0),
                               coalesce(sum(amount) FILTER (WHERE event = 'authorization'), 0),
                               coalesce(sum(amount) FILTER (WHERE event = 'settled'), 0))
                    - coalesce(sum(iif(amount > 0, amount, 1000000000000)) FILTER (WHERE event = 'void'), 0)) AS amount
               FROM temp.seen
              WHERE own AND left_out IS NULL AND odd IS NULL
                AND event IN ('purchase', 'capture', 'settled', 'authorization', 'void')
              GROUP BY order_id, method) l ON l.order_id = d.id AND l.method = w.method
 WHERE coalesce(nullif(l.amount, 0), iif(w.letter = 'C', d.credit, d.gift)) > 0;

-- Offline: what is left to pay, in the statuses of paid_at; not where money moves online.
INSERT INTO temp.part(key, order_id, part, type, first, second, gateway, amount, currency, at, left_out)
SELECT d.ref || '-O', d.id, 'O', 'RECEIPT', d.method_fold, coalesce(f.method, 'offline'),
       coalesce(nullif(d.provider, ''), f.gateway, ''), d.worth - coalesce(c.amount, 0), d.currency,
       coalesce(d.date_modified, d.date_created),
       CASE WHEN d.payment_status = 'declined' THEN 'the order''s payment was declined'
            WHEN d.on_account THEN d.method_fold || ' is on credit terms (line ' || d.line || ' of payments.csv)'
            WHEN d.missing > 0 AND d.in_time THEN 'its transactions are not listed yet: they are asked for again'
            WHEN d.line IS NULL THEN iif(d.status_id IN (2, 3, 4, 10, 14)
                 OR d.payment_status IN ('captured', 'paid', 'partially refunded', 'refunded'), NULL,
                 'no money has moved in BigCommerce, and no line of payments.csv says when it counts as paid')
            WHEN d.missing > 0 THEN NULL
            WHEN d.paid_at = '' THEN iif(d.payment_status IN ('captured', 'paid'),
                 'paid offline, which never counts (payments.csv, paid_at is empty)', 'no money has moved in BigCommerce')
            WHEN instr(d.paid_at, '|' || d.status_id || '|') = 0 THEN 'offline, and not paid in this status (payments.csv, paid_at)'
            END
  FROM temp.todo d
  LEFT JOIN (SELECT order_id, min(method) AS method, min(gateway) AS gateway FROM temp.seen
              WHERE offline AND left_out IS NULL GROUP BY order_id) f ON f.order_id = d.id
  LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM temp.part WHERE part IN ('C', 'G') GROUP BY order_id) c
    ON c.order_id = d.id
 WHERE d.worth > coalesce(c.amount, 0)
   AND NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.order_id = d.id AND NOT s.own AND NOT s.offline
                      AND (s.left_out IS NULL OR s.event = 'pending'
                           OR d.paid_at = '' AND s.left_out IS NOT 'it failed (status error)'));
-- The order says that it is paid, and when its transactions were read again and again they did not tell how; or nothing
-- says when its method counts as paid.  All orders of a method wait for one line, which goes before the one that there is.
DROP TABLE IF EXISTS temp.unlisted;
CREATE TEMP TABLE unlisted AS
SELECT p.order_id, 'payment:' || p.order_id || ':O' AS record, d.missing > 0 AS missing, d.method_fold, d.line, p.gateway, p.currency,
       printf('%d.%02d %s', p.amount / 10000, p.amount % 10000 / 100, p.currency) AS shown, d.payment_status, d.says, d.listed, d.short_since,
       w.method || ',' || iif(d.line IS NULL AND NOT w.by_gateway, '*', w.gateway) || ',' || iif(d.line IS NULL AND NOT w.by_gateway, '*', p.currency) AS new,
       w.own, w.becomes, w.with_transactions
  FROM temp.part p
  JOIN temp.todo d ON d.id = p.order_id
  JOIN (SELECT p.key, cell(coalesce(nullif(d.method_fold, ''), '*')) AS method,
               coalesce(nullif(cell(p.gateway), ''), '*') AS gateway,
               lower(m.method || ',' || m.gateway || ',' || m.currency) AS own,
               coalesce(m.becomes_id, 'CODE') AS becomes,
               EXISTS (SELECT 1 FROM map_payments o WHERE o.method_like = '%' AND o.named / 1000 = 1) AS by_gateway,
               EXISTS (SELECT 1 FROM map_column c WHERE c.file = 'payments.csv' AND c.name = 'transactions') AS with_transactions
          FROM temp.part p JOIN temp.todo d ON d.id = p.order_id LEFT JOIN map_payments m ON m.line = d.line WHERE p.part = 'O') w ON w.key = p.key
 WHERE p.part = 'O' AND p.left_out IS NULL AND (d.line IS NULL OR d.paid_at = '')
   AND NOT EXISTS (SELECT 1 FROM out_payment x WHERE x.key = p.key AND x.state IN ('claimed', 'done', 'ignored'));
INSERT INTO temp.common
SELECT 'method:' || method_fold || ',' || gateway || ',' || currency, record, iif(missing, 'paid_unlisted', 'no_payment_line'),
       iif(missing, printf('BigCommerce says that its %s %s (%s), but lists %s: no payment by %s, gateway %s, was listed since %s UTC', shown,
                           iif(says = 'held', 'are authorised', 'were paid'), payment_status,
                           iif(listed > 0, printf('transactions of %d.%02d', listed / 10000, listed % 10000 / 100), 'no transaction'),
                           coalesce(nullif(method_fold, ''), '(none)'), coalesce(nullif(gateway, ''), '(none)'),
                           strftime('%Y-%m-%d %H:%M', short_since, 'unixepoch')),
           printf('%s: no line of payments.csv fits %s, gateway %s', shown, method_fold, gateway)),
       iif(missing, 'its transactions are asked for again once a day, and at once by ./run.sh retry ' || record || '; where BigCommerce lists none'
           || ' of such payments, say so: none at transactions, and at paid_at in which statuses they count as paid'
           || iif(own = lower(new), ', in line ' || line || ' of payments.csv', ''),
           'add a line for it; where it is paid outside of BigCommerce, paid_at says in which statuses it counts as paid'),
       iif(own = lower(new), NULL,
           'mappings/payments.csv: ' || new || ',yes,' || iif(missing, 'Awaiting Fulfillment|Awaiting Shipment|Awaiting Pickup|Partially Shipped|Shipped|Completed', '')
           || ',' || becomes || ',' || iif(missing AND with_transactions, ',none,', ''))
  FROM temp.unlisted;
INSERT INTO temp.problem(key, reason) SELECT record, iif(missing, 'paid_unlisted', 'no_payment_line') FROM temp.unlisted;

-- Of the order's money some is listed and some is not.
INSERT INTO temp.part(key, order_id, part, type, first, gateway, amount, currency, at, left_out)
SELECT d.ref || '-rest', d.id, 'rest', 'RECEIPT', d.method_fold, d.provider, d.missing, d.currency, d.date_created,
       iif(d.in_time, 'not all of its transactions are listed yet: they are asked for again', NULL)
  FROM temp.todo d
 WHERE d.missing > 0 AND NOT EXISTS (SELECT 1 FROM temp.part p WHERE p.order_id = d.id AND p.part = 'O');
INSERT INTO temp.problem
SELECT 'payment:' || p.order_id || ':rest', 'paid_in_part',
       printf('BigCommerce says that its %d.%02d %s %s (%s), but since %s UTC lists transactions of %d.%02d only: %d.%02d of it went nowhere',
              (d.listed + d.missing) / 10000, (d.listed + d.missing) % 10000 / 100, d.currency, iif(d.says = 'held', 'are authorised', 'were paid'),
              d.payment_status, strftime('%Y-%m-%d %H:%M', d.short_since, 'unixepoch'), d.listed / 10000, d.listed % 10000 / 100,
              d.missing / 10000, d.missing % 10000 / 100),
       'its transactions are asked for again once a day, and at once by ./run.sh retry payment:' || p.order_id || ':rest; see at the payment'
       || ' provider whether the rest was paid: if so, enter it in Brightpearl; then, as where the order was made larger after it was paid,'
       || ' ./run.sh ignore payment:' || p.order_id || ':rest --why TEXT', NULL
  FROM temp.part p JOIN temp.todo d ON d.id = p.order_id WHERE p.part = 'rest' AND p.left_out IS NULL;
