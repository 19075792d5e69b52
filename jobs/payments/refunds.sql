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
            WHEN (SELECT value FROM setting WHERE name = 'payments.refunds') = 'credit'
                 AND EXISTS (SELECT 1 FROM temp.refund_open o WHERE o.refund_id = r.id AND o.followed) THEN 'payment'
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
                              AND p.transaction_ref IN (CAST(t.id AS TEXT), t.gateway_ref) ORDER BY t.id LIMIT 1),
                          (SELECT t.method FROM temp.seen t -- else as the money came
                            WHERE t.order_id = r.order_id AND NOT t.own AND NOT t.offline AND t.odd IS NULL AND t.left_out IS NULL
                            ORDER BY t.event NOT IN ('purchase', 'capture', 'settled'), t.id LIMIT 1), '') END,
       p.provider, p.amount, r.currency, r.at, iif(r.mode = 'credit', r.ref || '.R' || r.id, NULL),
       CASE WHEN p.declined THEN 'declined by the payment provider'
            WHEN p.amount = 0 THEN 'no amount'
            WHEN r.mode = 'off' THEN 'payments.refunds is off' END
  FROM temp.refund r JOIN stg_bc_refund_payment p ON p.refund_id = r.id
 WHERE r.unreadable IS NULL;

INSERT INTO temp.part(key, order_id, part, kind, type, amount, currency, at)
SELECT ref || '.R' || id, order_id, 'credit' || id, 'credit', 'CREDIT', paid, currency, at
  FROM temp.refund WHERE mode = 'credit' AND paid > 0 AND unreadable IS NULL;

INSERT OR IGNORE INTO temp.part(key, order_id, part, type, amount, at, left_out)
SELECT ref || '-R' || id, order_id, 'R' || id, 'PAYMENT', coalesce(total, 0), at,
       CASE WHEN mode = 'off' THEN 'payments.refunds is off' WHEN unreadable IS NULL AND total = 0 THEN 'no amount' END
  FROM temp.refund r
 WHERE unreadable IS NOT NULL OR NOT EXISTS (SELECT 1 FROM stg_bc_refund_payment p WHERE p.refund_id = r.id);

-- Never a credit for what can still be shipped.
INSERT INTO temp.problem
SELECT 'payment:' || r.order_id || ':credit' || r.id, 'may_still_ship',
       printf('refunded, may still ship: %s; sales order %d has it on no goods-out note, so there is no sales credit of %d.%02d %s',
              o.pieces, r.sales_order_id, r.paid / 10000, r.paid % 10000 / 100, r.currency),
       'take it off the sales order in Brightpearl, then the money is entered on the order; if it goes out all the same, the credit follows', NULL
  FROM temp.refund r JOIN temp.refund_open o ON o.refund_id = r.id
 WHERE r.mode = 'credit' AND r.paid > 0 AND o.pieces IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM out_payment x WHERE x.key = r.ref || '.R' || r.id AND x.state IN ('claimed', 'done'));

-- What is refunded, but not how, is told.
INSERT INTO temp.problem
SELECT 'payment:' || order_id || ':R' || id, 'unreadable',
       'BigCommerce sent a refund without a readable ' || unreadable, 'look at the order in BigCommerce', NULL
  FROM temp.refund WHERE unreadable IS NOT NULL AND mode <> 'off';
INSERT INTO temp.problem
SELECT 'payment:' || order_id || ':R' || id, 'unpaid_refund',
       printf('BigCommerce tells a refund of %d.%02d, but not how it was paid back', total / 10000, total % 10000 / 100),
       'see at the payment provider; if money went back, enter it in Brightpearl, then ./run.sh ignore payment:' || order_id
       || ':R' || id || ' --why TEXT', NULL
  FROM temp.refund r
 WHERE unreadable IS NULL AND total > 0 AND mode <> 'off'
   AND NOT EXISTS (SELECT 1 FROM stg_bc_refund_payment p WHERE p.refund_id = r.id);
INSERT INTO temp.problem
SELECT 'payment:' || p.order_id || ':' || p.part, 'below_zero', 'BigCommerce tells a refund with an amount below zero',
       'look at the order in BigCommerce', NULL
  FROM temp.part p WHERE p.part LIKE 'R%' AND p.amount < 0 AND p.left_out IS NULL;

-- Transactions say that more went back than the list of refunds does, as far as that was read.
INSERT INTO temp.part(key, order_id, part, type, amount)
SELECT d.ref || '-refunds', d.id, 'refunds', 'PAYMENT', s.amount - coalesce(r.amount, 0)
  FROM temp.todo d
  JOIN (SELECT s.order_id, sum(s.amount) AS amount
          FROM temp.seen s
          JOIN temp.todo d ON d.id = s.order_id
          JOIN cursor f ON f.feed = 'bc_refunds' AND s.at < coalesce(f.read_until, f.done_until) AND (d.how = 'created' OR s.at >= f.begun_from)
         WHERE s.event = 'refund' AND s.odd IS NULL AND s.left_out LIKE 'a refund:%' GROUP BY s.order_id) s ON s.order_id = d.id
  LEFT JOIN (SELECT r.order_id, sum(p.amount) AS amount FROM stg_bc_refund r JOIN stg_bc_refund_payment p ON p.refund_id = r.id
              WHERE NOT p.declined AND p.amount > 0 GROUP BY r.order_id) r ON r.order_id = d.id
 WHERE s.amount > coalesce(r.amount, 0) AND (SELECT value FROM setting WHERE name = 'payments.refunds') <> 'off';
INSERT INTO temp.problem
SELECT 'payment:' || order_id || ':refunds', 'unlisted_refund',
       printf('its transactions say that %d.%02d more went back than its refunds tell', amount / 10000, amount % 10000 / 100),
       'enter it in Brightpearl by hand, then ./run.sh ignore payment:' || order_id || ':refunds --why TEXT', NULL
  FROM temp.part WHERE part = 'refunds';

-- The order says that more went back than is listed.
INSERT INTO temp.part(key, order_id, part, type, amount, currency, at, left_out)
SELECT d.ref || '-back', d.id, 'back', 'PAYMENT', d.back_missing, d.currency, d.date_created,
       iif(d.back_in_time, 'not all of its refunds are listed yet: they are asked for again', NULL)
  FROM temp.todo d
 WHERE d.back_missing > 0 AND NOT EXISTS (SELECT 1 FROM temp.part p WHERE p.order_id = d.id AND p.part = 'refunds');
INSERT INTO temp.problem
SELECT 'payment:' || p.order_id || ':back', 'refunded_unlisted',
       printf('BigCommerce says that %s (%s), but since %s UTC lists refunds of %d.%02d only',
              iif(d.must_go_back <= 1, 'a part of it was refunded', printf('%d.%02d %s of it were refunded', d.must_go_back / 10000,
                  d.must_go_back % 10000 / 100, d.currency)),
              coalesce((SELECT 'status ' || name FROM ref_list WHERE system = 'bigcommerce' AND list = 'status' AND id = d.status_id
                           AND d.status_id IN (4, 14)), 'payment ' || d.payment_status),
              strftime('%Y-%m-%d %H:%M', d.back_since, 'unixepoch'), d.went / 10000, d.went % 10000 / 100),
       'its refunds are asked for again once a day, and at once by ./run.sh retry payment:' || p.order_id || ':back; if money went back,'
       || ' enter it in Brightpearl; then ./run.sh ignore payment:' || p.order_id || ':back --why TEXT', NULL
  FROM temp.part p JOIN temp.todo d ON d.id = p.order_id WHERE p.part = 'back' AND p.left_out IS NULL;
