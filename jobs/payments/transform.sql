-- temp.part + mappings -> out_payment, one body each; what cannot be mapped -> temp.problem.  Runs
-- last; rerunnable.  A row in flight, and one that may have been sent, keeps its method and body.

-- The line of payments.csv: by the first name where a line names it, else the most named.
DROP TABLE IF EXISTS temp.choice;
CREATE TEMP TABLE choice AS
SELECT p.key, m.line,
       row_number() OVER (PARTITION BY p.key
              ORDER BY coalesce(m.method_like <> '%' AND p.first LIKE m.method_like ESCAPE '\', 0) DESC,
                       m.named DESC, m.line) AS n
  FROM temp.part p
  JOIN map_payments m
    ON (p.first LIKE m.method_like ESCAPE '\' OR p.second LIKE m.method_like ESCAPE '\')
   AND p.gateway LIKE m.gateway_like ESCAPE '\' AND lower(p.currency) LIKE m.currency_like ESCAPE '\';
CREATE INDEX temp.choice_key ON choice(key, n);

DROP TABLE IF EXISTS temp.fate;
CREATE TEMP TABLE fate AS
SELECT p.*, d.ref, d.sales_order_id, d.total, d.order_body, 'payment:' || p.order_id || ':' || p.part AS record,
       x.state, x.amount AS sent_amount, x.attempts, h.line,
       printf('%d.%02d %s', abs(p.amount) / 10000, abs(p.amount) % 10000 / 100, coalesce(p.currency, d.currency))
       || iif(p.type = 'PAYMENT', ' paid back', '') AS shown,
       coalesce(json_extract(d.order_body, '$.currency.code'), d.sale_currency) AS order_currency,
       coalesce(json_extract(d.order_body, '$.currency.exchangeRate'), d.sale_rate) AS rate
  FROM temp.part p
  JOIN temp.todo d ON d.id = p.order_id
  LEFT JOIN temp.choice h ON h.key = p.key AND h.n = 1
  LEFT JOIN out_payment x ON x.key = p.key;
ALTER TABLE temp.fate ADD COLUMN fate TEXT; -- unchanged, planned, skipped, problem, send

UPDATE temp.fate SET fate = CASE
       WHEN state IN ('done', 'ignored') THEN 'unchanged'
       WHEN state = 'claimed' OR (state = 'pending' AND attempts > 0) THEN 'planned'
       WHEN record IN (SELECT key FROM temp.problem) THEN 'problem'
       WHEN left_out IS NOT NULL THEN 'skipped'
       WHEN kind = 'payment' AND (SELECT NOT m.sync OR m.becomes = '(account)' FROM map_payments m WHERE m.line = fate.line)
            THEN 'skipped' END;
-- Money that came in a moment ago may have to wait.
UPDATE temp.fate AS f SET fate = 'skipped', left_out = 'younger than delay_minutes (line ' || f.line || ' of payments.csv): a later run sends it'
 WHERE fate IS NULL AND kind = 'payment' AND type <> 'PAYMENT' AND type <> 'VOID'
   AND at > (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run)) + (SELECT seconds FROM clock_ahead)
            - 60 * (SELECT m.delay_minutes FROM map_payments m WHERE m.line = f.line AND m.delay_minutes > 0);
UPDATE temp.fate AS f
   SET left_out = coalesce(left_out, (SELECT m.method || iif(m.sync, ' is on credit terms (line ' || m.line || ' of payments.csv)',
                                                ' is not sent (line ' || m.line || ' of payments.csv says sync no)')
                                        FROM map_payments m WHERE m.line = f.line))
 WHERE fate = 'skipped';
CREATE UNIQUE INDEX temp.fate_key ON fate(key);
CREATE INDEX temp.fate_order ON fate(order_id);

-- Sent once, and different now: told, never sent again.
INSERT INTO temp.problem
SELECT record, 'changed_after',
       iif(left_out IS NULL, printf('Brightpearl was told %d.%02d, BigCommerce now says %d.%02d', sent_amount / 10000,
           sent_amount % 10000 / 100, amount / 10000, amount % 10000 / 100),
           printf('Brightpearl was told %d.%02d, but BigCommerce now says: %s', sent_amount / 10000,
           sent_amount % 10000 / 100, left_out)),
       'correct the payment in Brightpearl by hand', NULL
  FROM temp.fate
 WHERE state = 'done' AND kind = 'payment'
   AND (amount <> sent_amount AND type NOT IN ('VOID') AND part NOT LIKE 'V%'
        OR left_out IN ('a test transaction', 'it failed (status error)', 'the order''s payment was declined', 'no amount',
                        'declined by the payment provider', 'it voids nothing that was paid')
        OR left_out LIKE 'pending:%' OR left_out LIKE 'a refund:%');
UPDATE temp.fate SET fate = 'problem' WHERE fate = 'unchanged' AND record IN (SELECT key FROM temp.problem);

INSERT INTO temp.problem
SELECT record, 'other_currency', printf('%s: that is not the currency of its order, %s', shown, order_currency),
       'enter it in Brightpearl by hand', NULL
  FROM temp.fate WHERE fate IS NULL AND currency IS NOT order_currency AND order_currency IS NOT NULL;
UPDATE temp.fate SET fate = 'problem' WHERE fate IS NULL AND record IN (SELECT key FROM temp.problem);

INSERT INTO temp.problem
SELECT record, 'no_payment_line',
       printf('%s: no line of payments.csv fits %s, gateway %s, currency %s', shown, coalesce(nullif(first, ''), second), gateway, currency),
       'add the line that names the Brightpearl payment method, or write no at sync',
       'mappings/payments.csv: ' || cell(named) || ','
       || iif(EXISTS (SELECT 1 FROM map_payments o WHERE o.method_like = '%' AND o.named / 1000 = 1),
              coalesce(nullif(cell(gateway), ''), '*') || ',' || currency, '*,*') || ',yes,,CODE,'
  FROM (SELECT *, coalesce(nullif(first, ''), nullif(second, ''), '*') AS named FROM temp.fate)
 WHERE fate IS NULL AND kind = 'payment' AND line IS NULL;

-- A line as it stands in payments.csv, but for its payment method.
DROP TABLE IF EXISTS temp.as_written;
CREATE TEMP TABLE as_written AS
SELECT line, 'mappings/payments.csv: ' || cell(method) || ','
       || cell(gateway) || ',' || currency || ',yes,'
       || coalesce((SELECT group_concat(name, '|') FROM (SELECT name FROM ref_list
                     WHERE system = 'bigcommerce' AND list = 'status' AND instr(m.paid_at, '|' || id || '|') ORDER BY name)), '')
       || ',CODE,' AS csv_line
  FROM map_payments m;

INSERT INTO temp.problem
SELECT f.record, 'held_by_mapping', printf('%s: line %d of payments.csv names no Brightpearl payment method', f.shown, m.line),
       'name one in that line, or write no at sync', iif(m.becomes = '(hold)', NULL, w.csv_line)
  FROM temp.fate f JOIN map_payments m ON m.line = f.line JOIN temp.as_written w ON w.line = f.line
 WHERE f.fate IS NULL AND f.kind = 'payment' AND m.becomes_id IS NULL;

-- One without a bank account in the currency is sent all the same: Brightpearl then makes no journal.
INSERT INTO temp.problem
SELECT f.record, 'method_unusable',
       printf('%s: Brightpearl''s payment method %s %s', f.shown, m.becomes_id, iif(r.id IS NULL, 'is not there', 'is not active')),
       'mend the payment method in Brightpearl, or name another one in line ' || m.line || ' of payments.csv', NULL
  FROM temp.fate f
  JOIN map_payments m ON m.line = f.line
  LEFT JOIN ref_list r ON r.system = 'brightpearl' AND r.list = 'payment_method' AND r.id = m.becomes_id
 WHERE f.fate IS NULL AND f.kind = 'payment' AND m.becomes_id IS NOT NULL
   AND (r.id IS NULL OR NOT r.usable OR json_type(r.detail) = 'array' AND json_extract(r.detail, '$[3]') IN (0, 'false'));

INSERT INTO temp.problem
SELECT record, 'locked_period', shown || ': it is dated on or before orders.lock_date', 'move orders.lock_date, or enter it by hand', NULL
  FROM temp.fate
 WHERE fate IS NULL AND (SELECT value FROM setting WHERE name = 'orders.lock_date') GLOB '[0-9]*'
   AND at <= CAST((SELECT value FROM setting WHERE name = 'orders.lock_date') AS INTEGER);
UPDATE temp.fate SET fate = 'problem' WHERE fate IS NULL AND record IN (SELECT key FROM temp.problem);
UPDATE temp.fate SET fate = 'send' WHERE fate IS NULL;

-- What may be paid in all: the order's total, and what went back since, but no more than came in by what
-- BigCommerce tells.  What is there comes first.
DROP TABLE IF EXISTS temp.came_in;
CREATE TEMP TABLE came_in AS
SELECT order_id, sum(amount) AS amount
  FROM (SELECT key, order_id, amount FROM temp.part
         WHERE type IN ('RECEIPT', 'CAPTURE') AND (left_out IS NULL OR part = 'rest') AND amount > 0
        UNION ALL
        SELECT x.key, x.order_id, x.amount FROM out_payment x
         WHERE x.type IN ('RECEIPT', 'CAPTURE') AND (x.state IN ('claimed', 'done') OR x.state = 'pending' AND x.attempts > 0)
           AND NOT EXISTS (SELECT 1 FROM temp.part p WHERE p.key = x.key AND p.left_out IS NULL AND p.amount > 0))
 GROUP BY order_id;
CREATE UNIQUE INDEX temp.came_in_order ON came_in(order_id);
DROP TABLE IF EXISTS temp.room;
CREATE TEMP TABLE room AS
SELECT d.id, min(coalesce((SELECT amount FROM temp.came_in c WHERE c.order_id = d.id AND d.unlisted = 0), 9000000000000000),
       d.total
       + max(coalesce((SELECT sum(p.amount) FROM stg_bc_refund r JOIN stg_bc_refund_payment p ON p.refund_id = r.id
                        WHERE r.order_id = d.id AND NOT p.declined), 0),
             coalesce((SELECT sum(t.amount) FROM stg_bc_transaction t WHERE t.order_id = d.id AND t.event = 'refund'
                          AND NOT t.is_test AND NOT t.failed), 0))
       + coalesce((SELECT sum(f.amount) FROM temp.fate f WHERE f.order_id = d.id AND f.part LIKE 'V%'
                      AND f.type = 'PAYMENT' AND (f.state = 'done' OR f.fate = 'send')), 0)) AS may_be_paid
  FROM temp.todo d;
CREATE UNIQUE INDEX temp.room_id ON room(id);

DROP TABLE IF EXISTS temp.over;
CREATE TEMP TABLE over AS
SELECT record, paid, may_be_paid
  FROM (SELECT m.record, m.added, r.may_be_paid,
               sum(m.amount) OVER (PARTITION BY m.order_id ORDER BY m.added, m.at, m.key) AS paid
          FROM (SELECT order_id, key, NULL AS record, amount, at, 0 AS added FROM out_payment
                 WHERE type IN ('RECEIPT', 'CAPTURE')
                   AND (state IN ('claimed', 'done') OR state = 'pending' AND attempts > 0)
                UNION ALL
                SELECT order_id, key, record, amount, at, 1 FROM temp.fate
                 WHERE fate = 'send' AND type IN ('RECEIPT', 'CAPTURE')) m
          JOIN temp.room r ON r.id = m.order_id)
 WHERE added AND paid > may_be_paid + 50;
INSERT INTO temp.problem
SELECT record, 'overpaid',
       printf('with it %d.%02d would be paid on the order, which comes to %d.%02d', paid / 10000, paid % 10000 / 100,
              may_be_paid / 10000, may_be_paid % 10000 / 100),
       'compare the order''s payments in both systems', NULL
  FROM temp.over;
UPDATE temp.fate SET fate = 'problem' WHERE record IN (SELECT record FROM temp.over);

-- Nothing waits for what does not go.  A capture whose authorisation does not is money all the same; what would
-- follow a reject is told by that; and what was paid back of money that Brightpearl is not told of stays out.
DROP TABLE IF EXISTS temp.goes;
CREATE TEMP TABLE goes AS
SELECT key, order_id, type FROM temp.fate
 WHERE fate IN ('send', 'planned') OR state IN ('claimed', 'done')
UNION
SELECT key, order_id, type FROM out_payment WHERE state IN ('claimed', 'done') AND order_id IN (SELECT id FROM temp.todo);
DELETE FROM temp.goes WHERE key IN (SELECT c.key FROM temp.part c JOIN decision i ON i.job = 'payments' AND i.what = 'ignored'
                                     AND i.key = 'payment:' || c.order_id || ':' || c.part WHERE c.kind = 'credit');
CREATE INDEX temp.goes_key ON goes(key);
CREATE INDEX temp.goes_order ON goes(order_id);
UPDATE temp.fate SET type = 'RECEIPT', code = NULL, after = NULL
 WHERE fate = 'send' AND type = 'CAPTURE' AND after NOT IN (SELECT key FROM temp.goes);
-- Money went back, and a person said that there is to be no credit of ours: it is told until they say the same of it.
INSERT INTO temp.problem
SELECT f.record, 'credit_ignored', printf('%s: its sales credit, payment:%d:%s, is ignored, so nothing of this refund goes to Brightpearl',
       f.shown, c.order_id, c.part),
       printf('see that Brightpearl has it, then ./run.sh ignore %s --why TEXT', f.record), NULL
  FROM temp.fate f JOIN temp.part c ON c.key = f.after AND c.kind = 'credit'
  LEFT JOIN out_payment x ON x.key = c.key
 WHERE f.fate = 'send' AND f.after NOT IN (SELECT key FROM temp.goes)
   AND (x.state = 'ignored' OR EXISTS (SELECT 1 FROM decision i WHERE i.job = 'payments' AND i.what = 'ignored'
                                          AND i.key = 'payment:' || c.order_id || ':' || c.part));
UPDATE temp.fate SET fate = 'problem' WHERE fate = 'send' AND record IN (SELECT key FROM temp.problem WHERE reason = 'credit_ignored');
UPDATE temp.fate AS f SET fate = 'skipped', left_out = 'what it takes back is not in Brightpearl: see ' ||
       coalesce((SELECT 'payment:' || p.order_id || ':' || p.part FROM temp.part p WHERE p.key = f.after), f.after)
 WHERE fate = 'send' AND after IS NOT NULL AND after NOT IN (SELECT key FROM temp.goes);
UPDATE temp.fate AS f SET fate = 'unpaid'
 WHERE fate = 'send' AND type = 'PAYMENT' AND part LIKE 'R%' AND after IS NULL
   AND NOT EXISTS (SELECT 1 FROM temp.goes g WHERE g.order_id = f.order_id AND g.type IN ('RECEIPT', 'CAPTURE'));
INSERT INTO temp.problem
SELECT record, 'receipt_first', printf('%d.%02d was paid back, but the order''s own payment is not in Brightpearl yet', amount / 10000,
       amount % 10000 / 100), 'mend the reject of that payment: this one follows by itself', NULL
  FROM temp.fate f
 WHERE fate = 'unpaid' AND EXISTS (SELECT 1 FROM temp.fate r WHERE r.order_id = f.order_id AND r.fate = 'problem'
                                      AND r.type IN ('RECEIPT', 'CAPTURE'));
UPDATE temp.fate SET fate = 'problem' WHERE fate = 'unpaid' AND record IN (SELECT key FROM temp.problem);
UPDATE temp.fate SET fate = 'skipped', left_out = 'no receipt of the order goes to Brightpearl' WHERE fate = 'unpaid';

-- What was tried, is not there and goes once more, goes to the sales order that is linked now.
UPDATE out_payment AS x SET body = json_set(x.body, '$.orderId', d.sales_order_id)
  FROM temp.todo d
 WHERE d.id = x.order_id AND x.kind = 'payment' AND x.state = 'pending' AND x.attempts > 0
   AND x.body ->> '$.orderId' IS NOT d.sales_order_id AND d.sales_order_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM out_payment c WHERE c.key = x.after AND c.kind = 'credit');

-- Not to be sent as things are.  Orders whose transactions are still to be read keep their rows.
DELETE FROM out_payment
 WHERE (state = 'pending' AND attempts = 0 OR state = 'rejected')
   AND key NOT IN (SELECT key FROM temp.fate WHERE fate = 'send')
   AND (order_id IN (SELECT id FROM temp.todo)
        OR NOT EXISTS (SELECT 1 FROM link_order k WHERE k.order_id = out_payment.order_id)
           AND NOT EXISTS (SELECT 1 FROM out_order o WHERE o.order_id = out_payment.order_id
                              AND o.state IN ('pending', 'claimed')));

-- Amounts and rates are JSON numbers; a credit's body is made by credit.sql.
DROP TABLE IF EXISTS temp.composed;
CREATE TEMP TABLE composed AS
SELECT f.key, m.becomes_id AS method, json_patch('{}', json_object(
       'transactionRef', f.key, 'transactionCode', f.code, 'paymentMethodCode', m.becomes_id,
       'paymentType', f.type, 'orderId', iif(EXISTS (SELECT 1 FROM temp.part c WHERE c.key = f.after AND c.kind = 'credit'),
              a.remote_id, f.sales_order_id),
       'currencyIsoCode', f.currency, 'exchangeRate', iif(json_valid(f.rate), json(f.rate), NULL),
       'amountAuthorized', iif(f.type IN ('AUTH', 'VOID'), json(n.number), NULL),
       'amountPaid', iif(f.type IN ('AUTH', 'VOID'), NULL, json(n.number)),
       'authorizationExpiry', iif(f.type = 'AUTH', strftime('%Y-%m-%dT%H:%M:%SZ', f.at + 7 * 86400, 'unixepoch'), NULL),
       'paymentDate', strftime('%Y-%m-%dT%H:%M:%SZ', f.at, 'unixepoch'))) AS body
  FROM temp.fate f
  JOIN (SELECT key, iif(amount % 100, printf('%d.%04d', amount / 10000, amount % 10000),
                        printf('%d.%02d', amount / 10000, amount % 10000 / 100)) AS number FROM temp.fate) n ON n.key = f.key
  JOIN map_payments m ON m.line = f.line
  LEFT JOIN out_payment a ON a.key = f.after
 WHERE f.fate = 'send' AND f.kind = 'payment'
UNION ALL
SELECT f.key, NULL, c.body FROM temp.fate f JOIN temp.credit c ON c.key = f.key
 WHERE f.fate = 'send' AND f.kind = 'credit';

INSERT INTO out_payment(key, order_id, part, kind, body, state, type, method, amount, at, may_be_paid, waits_for,
       after, changed_run)
SELECT f.key, f.order_id, f.part, f.kind, c.body, 'pending', f.type, c.method, f.amount, f.at, r.may_be_paid,
       iif(f.sales_order_id IS NULL, 'order:' || f.order_id, NULL), f.after, (SELECT id FROM current_run)
  FROM temp.fate f
  JOIN temp.composed c ON c.key = f.key
  JOIN temp.room r ON r.id = f.order_id
 WHERE f.fate = 'send'
    ON CONFLICT(key) DO UPDATE SET body = excluded.body, type = excluded.type, method = excluded.method,
       amount = excluded.amount, at = excluded.at, may_be_paid = excluded.may_be_paid, waits_for = excluded.waits_for,
       after = excluded.after, changed_run = excluded.changed_run, state = 'pending', message = NULL
 WHERE (state = 'pending' AND attempts = 0 OR state = 'rejected' AND attempts <= 1)
   AND (body IS NOT excluded.body OR waits_for IS NOT excluded.waits_for OR after IS NOT excluded.after
        OR state = 'pending' AND may_be_paid IS NOT excluded.may_be_paid);

DELETE FROM skip WHERE job = 'payments';
INSERT INTO skip(job, key, reason, amount)
SELECT 'payments', record, left_out, iif(type = 'PAYMENT', -amount, amount) FROM temp.fate WHERE fate = 'skipped';

DROP TABLE IF EXISTS temp.books;
CREATE TEMP TABLE books AS
SELECT (SELECT count(*) FROM (SELECT key FROM temp.fate
                              UNION SELECT key FROM out_payment WHERE state IN ('pending', 'claimed', 'rejected')))
       AS considered,
       (SELECT count(*) FROM out_payment WHERE state IN ('pending', 'claimed')) AS planned,
       (SELECT count(*) FROM temp.fate WHERE fate = 'unchanged') AS unchanged,
       (SELECT count(*) FROM skip WHERE job = 'payments') AS skipped,
       (SELECT count(*) FROM temp.fate WHERE fate = 'problem')
       + (SELECT count(*) FROM out_payment WHERE state = 'rejected') AS rejected;
