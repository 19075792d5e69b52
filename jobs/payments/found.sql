-- out_payment rows still to be sent + stg_bp_payment of their orders -> temp.there(key, payment_id): the
-- payment that is there already; temp.over(key, class, paid, may_be): rows with which more would be
-- received, or paid back, than BigCommerce tells of the order; temp.unread(key, payment_id, sales_order_id): rows of orders with
-- a payment that cannot be read: what is there is not known, so nothing is sent.  Rerunnable; plain SQLite.
--
-- A payment that somebody or another program entered is ours when its order, kind and amount agree:
-- pairs are made in the order of their dates, each payment once.  So are all that were entered by one method on one
-- day, where these are the only ones that add up to it, and it is the only one to which they do.  One that was taken back in Brightpearl, in one
-- or in several amounts, is none, unless the shop's own refunds explain that.
DROP TABLE IF EXISTS temp.ours;
CREATE TEMP TABLE ours AS
SELECT x.key, x.order_id, x.amount, x.at, coalesce(x.body ->> '$.orderId', 0) AS sales_order_id,
       CASE x.type WHEN 'CAPTURE' THEN 'RECEIPT' ELSE x.type END AS class
  FROM out_payment x WHERE x.kind = 'payment' AND x.state = 'pending' AND x.waits_for IS NULL;
CREATE INDEX temp.ours_sale ON ours(sales_order_id);
DROP TABLE IF EXISTS temp.theirs;
CREATE TEMP TABLE theirs AS
SELECT p.id, p.sales_order_id, p.transaction_ref, p.at, p.amount, p.class, p.method, p.currency, p.odd
  FROM bp_payment p
 WHERE p.sales_order_id IN (SELECT sales_order_id FROM temp.ours)
   AND p.id NOT IN (SELECT x.remote_id FROM out_payment x WHERE x.kind = 'payment' AND x.remote_id IS NOT NULL)
   AND p.id NOT IN (SELECT payment_id FROM payment_part);
CREATE INDEX temp.theirs_sale ON theirs(sales_order_id);
DROP TABLE IF EXISTS temp.unread;
CREATE TEMP TABLE unread AS
SELECT o.key, min(t.id) AS payment_id, o.sales_order_id FROM temp.ours o
  JOIN temp.theirs t ON t.sales_order_id = o.sales_order_id AND t.odd GROUP BY o.key;
DELETE FROM temp.theirs WHERE odd;

DROP TABLE IF EXISTS temp.named;
CREATE TEMP TABLE named AS
SELECT o.key, min(t.id) AS payment_id FROM temp.ours o
  JOIN temp.theirs t ON t.transaction_ref = o.key AND t.sales_order_id = o.sales_order_id
   AND t.class = o.class AND abs(t.amount - o.amount) <= 50
 GROUP BY o.key;
DELETE FROM temp.theirs WHERE id IN (SELECT payment_id FROM temp.named) OR transaction_ref IN (SELECT key FROM out_payment);

-- What the shop itself paid back on the order, as far as it is told: by its refunds, and by what was voided
-- after it was sent.  rest = what of it no payment of ours stands for.
DROP TABLE IF EXISTS temp.shop_back;
CREATE TEMP TABLE shop_back AS
SELECT k.order_id, k.sales_order_id, m.payment_status LIKE '%refunded' AS refunded, CAST(0 AS INTEGER) AS rest,
       max(coalesce((SELECT sum(p.amount) FROM stg_bc_refund r JOIN stg_bc_refund_payment p ON p.refund_id = r.id
                      WHERE r.order_id = k.order_id AND NOT p.declined), 0),
           coalesce((SELECT sum(t.amount) FROM stg_bc_transaction t WHERE t.order_id = k.order_id AND t.event = 'refund'
                        AND NOT t.is_test AND NOT t.failed), 0)) AS refunds,
       coalesce((SELECT sum(x.amount) FROM out_payment x WHERE x.order_id = k.order_id AND x.type = 'PAYMENT'
                    AND x.part LIKE 'V%' AND x.state <> 'rejected'), 0) AS voids
  FROM link_order k LEFT JOIN stg_bc_order_money m ON m.order_id = k.order_id
 WHERE k.order_id IN (SELECT order_id FROM temp.ours);
CREATE UNIQUE INDEX temp.shop_back_order ON shop_back(order_id);
-- Where only the status tells of refunds, all was paid back, or less than all.
UPDATE temp.shop_back AS b SET refunds = CASE
       WHEN (SELECT payment_status FROM stg_bc_order_money WHERE order_id = b.order_id) = 'refunded'
            THEN (SELECT total_inc FROM stg_bc_order WHERE id = b.order_id)
       ELSE max(0, coalesce((SELECT sum(t.amount) FROM temp.theirs t WHERE t.sales_order_id = b.sales_order_id
                                AND t.class = 'RECEIPT'), 0) - 100) END
 WHERE refunds = 0 AND refunded;
UPDATE temp.shop_back AS b SET rest = refunds + voids
       - coalesce((SELECT sum(x.amount) FROM out_payment x WHERE x.order_id = b.order_id AND x.type = 'PAYMENT'
                      AND (x.state IN ('claimed', 'done') OR x.key IN (SELECT key FROM temp.named))), 0);

-- What staff took back: what the shop's own refunds and voids do not explain, piece by piece.
DROP TABLE IF EXISTS temp.taken_back;
CREATE TEMP TABLE taken_back AS
SELECT id, sales_order_id, amount,
       row_number() OVER (PARTITION BY sales_order_id, (amount + 50) / 100 ORDER BY id) AS n
  FROM (SELECT t.*, b.rest, sum(t.amount) OVER (PARTITION BY t.sales_order_id
                     ORDER BY NOT (EXISTS (SELECT 1 FROM stg_bc_refund r JOIN stg_bc_refund_payment p ON p.refund_id = r.id
                                            WHERE r.order_id = b.order_id AND NOT p.declined AND abs(p.amount - t.amount) <= 50)
                                   OR EXISTS (SELECT 1 FROM temp.ours o WHERE o.order_id = b.order_id AND o.class = 'PAYMENT'
                                                 AND abs(o.amount - t.amount) <= 50)), t.amount, t.id) AS so_far
          FROM temp.theirs t JOIN temp.shop_back b ON b.sales_order_id = t.sales_order_id
         WHERE t.class = 'PAYMENT')
 WHERE so_far > rest + 50;

-- It takes out the receipts of its amounts; what remains of it takes the one of that amount, else the oldest ones, and
-- one that is taken back in part counts as none.
DROP TABLE IF EXISTS temp.taken;
CREATE TEMP TABLE taken AS
SELECT t.id, t.sales_order_id, t.amount
  FROM (SELECT *, row_number() OVER (PARTITION BY sales_order_id, (amount + 50) / 100 ORDER BY at, id) AS n
          FROM temp.theirs WHERE class = 'RECEIPT') t
  JOIN temp.taken_back b ON b.sales_order_id = t.sales_order_id AND (b.amount + 50) / 100 = (t.amount + 50) / 100 AND b.n = t.n;
DROP TABLE IF EXISTS temp.remains;
CREATE TEMP TABLE remains AS
SELECT b.sales_order_id, sum(b.amount) AS back,
       sum(b.amount) - coalesce((SELECT sum(t.amount) FROM temp.taken t WHERE t.sales_order_id = b.sales_order_id), 0) AS amount
  FROM temp.taken_back b GROUP BY b.sales_order_id;
INSERT INTO temp.taken
SELECT id, sales_order_id, amount
  FROM (SELECT t.*, m.amount AS remains, sum(t.amount) OVER (PARTITION BY t.sales_order_id
                      ORDER BY abs(t.amount - m.amount) > 50, t.at, t.id) AS so_far
          FROM temp.theirs t JOIN temp.remains m ON m.sales_order_id = t.sales_order_id
         WHERE t.class = 'RECEIPT' AND t.id NOT IN (SELECT id FROM temp.taken))
 WHERE so_far - amount < remains - 50;
DELETE FROM temp.theirs WHERE id IN (SELECT id FROM temp.taken);

-- What Brightpearl has in all.  Taken back in whole receipts, money counts on neither side; where that does not come
-- out even, on both: then nothing is sent that could be too much.
DROP TABLE IF EXISTS temp.has;
CREATE TEMP TABLE has AS
SELECT p.sales_order_id, sum(iif(p.class = 'RECEIPT', p.amount, 0)) - even AS received,
       sum(iif(p.class = 'PAYMENT', p.amount, 0)) - even AS paid_back
  FROM (SELECT p.*, coalesce((SELECT m.back FROM temp.remains m WHERE m.sales_order_id = p.sales_order_id
                                 AND abs(m.back - (SELECT sum(t.amount) FROM temp.taken t
                                                    WHERE t.sales_order_id = p.sales_order_id)) <= 50), 0) AS even
          FROM bp_payment p WHERE p.sales_order_id IN (SELECT sales_order_id FROM temp.ours)) p
 GROUP BY p.sales_order_id;
CREATE UNIQUE INDEX temp.has_sale ON has(sales_order_id);

DROP TABLE IF EXISTS temp.there;
CREATE TEMP TABLE there AS
SELECT key, payment_id FROM temp.named
UNION ALL
SELECT o.key, t.id
  FROM (SELECT *, row_number() OVER (PARTITION BY sales_order_id, class, (amount + 50) / 100 ORDER BY at, key) AS n
          FROM temp.ours WHERE key NOT IN (SELECT key FROM temp.named)) o
  JOIN (SELECT *, row_number() OVER (PARTITION BY sales_order_id, class, (amount + 50) / 100 ORDER BY at, id) AS n
          FROM temp.theirs) t
    ON t.sales_order_id = o.sales_order_id AND t.class = o.class AND (t.amount + 50) / 100 = (o.amount + 50) / 100 AND t.n = o.n;

-- What was entered in parts.
DROP TABLE IF EXISTS temp.parts;
CREATE TEMP TABLE parts AS
SELECT sales_order_id, class, method, currency, at / 86400 AS day, sum(amount) AS amount, min(id) AS first
  FROM temp.theirs WHERE id NOT IN (SELECT payment_id FROM temp.there)
 GROUP BY sales_order_id, class, method, currency, at / 86400 HAVING count(*) > 1;
DROP TABLE IF EXISTS temp.whole;
CREATE TEMP TABLE whole AS
SELECT o.key, p.sales_order_id, p.class, p.method, p.currency, p.day, p.first,
       count(*) OVER (PARTITION BY o.key) AS sums, count(*) OVER (PARTITION BY p.first) AS meant
  FROM temp.ours o
  JOIN temp.parts p ON p.sales_order_id = o.sales_order_id AND p.class = o.class AND abs(p.amount - o.amount) <= 50
 WHERE o.key NOT IN (SELECT key FROM temp.there);
DELETE FROM temp.whole WHERE sums > 1 OR meant > 1;
DROP TABLE IF EXISTS temp.part_of;
CREATE TEMP TABLE part_of AS
SELECT t.id AS payment_id, w.key
  FROM temp.whole w
  JOIN temp.theirs t ON t.sales_order_id = w.sales_order_id AND t.class = w.class AND t.method IS w.method
   AND t.currency IS w.currency AND t.at / 86400 IS w.day
 WHERE t.id NOT IN (SELECT payment_id FROM temp.there);
INSERT INTO temp.there SELECT key, first FROM temp.whole;

DROP TABLE IF EXISTS temp.over;
CREATE TEMP TABLE over AS
SELECT key, class, paid, may_be
  FROM (SELECT o.key, o.class, iif(o.class = 'RECEIPT', x.may_be_paid, b.refunds + b.voids) AS may_be,
               iif(o.class = 'RECEIPT', h.received, h.paid_back)
               + sum(o.amount) OVER (PARTITION BY o.sales_order_id, o.class ORDER BY o.at, o.key) AS paid
          FROM temp.ours o
          JOIN out_payment x ON x.key = o.key
          JOIN temp.has h ON h.sales_order_id = o.sales_order_id
          LEFT JOIN temp.shop_back b ON b.order_id = o.order_id
         WHERE o.class IN ('RECEIPT', 'PAYMENT') AND o.key NOT IN (SELECT key FROM temp.there))
 WHERE paid > may_be + 50 AND key NOT IN (SELECT key FROM temp.unread);
DELETE FROM temp.unread WHERE key IN (SELECT key FROM temp.there);
