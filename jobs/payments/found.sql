-- out_payment rows still to be sent + stg_bp_payment of their orders -> temp.there(key, payment_id): the
-- payment that is there already; temp.over(key, paid, may_be_paid): rows with which more would be
-- paid on the order than it comes to.  Rerunnable; plain SQLite.
--
-- A payment that somebody or another program entered is ours when its order, kind and amount agree:
-- pairs are made in the order of their dates, each payment once.  One that was taken back in Brightpearl is
-- none, unless the shop's own refund explains that.
DROP TABLE IF EXISTS temp.ours;
CREATE TEMP TABLE ours AS
SELECT x.key, x.order_id, x.amount, x.at, coalesce(x.body ->> '$.orderId', 0) AS sales_order_id,
       CASE x.type WHEN 'CAPTURE' THEN 'RECEIPT' ELSE x.type END AS class
  FROM out_payment x WHERE x.kind = 'payment' AND x.state = 'pending' AND x.waits_for IS NULL;
CREATE INDEX temp.ours_sale ON ours(sales_order_id);
DROP TABLE IF EXISTS temp.theirs;
CREATE TEMP TABLE theirs AS
SELECT p.id, p.sales_order_id, p.transaction_ref, p.at, p.amount, p.class
  FROM bp_payment p
 WHERE p.sales_order_id IN (SELECT sales_order_id FROM temp.ours)
   AND p.id NOT IN (SELECT x.remote_id FROM out_payment x WHERE x.kind = 'payment' AND x.remote_id IS NOT NULL);
CREATE INDEX temp.theirs_sale ON theirs(sales_order_id);

DROP TABLE IF EXISTS temp.named;
CREATE TEMP TABLE named AS
SELECT o.key, min(t.id) AS payment_id FROM temp.ours o
  JOIN temp.theirs t ON t.transaction_ref = o.key AND t.sales_order_id = o.sales_order_id
   AND t.class = o.class AND abs(t.amount - o.amount) <= 50
 GROUP BY o.key;
DELETE FROM temp.theirs WHERE id IN (SELECT payment_id FROM temp.named) OR transaction_ref IN (SELECT key FROM out_payment);

-- What staff took back of what they had entered: so many receipts of that amount are none.
DROP TABLE IF EXISTS temp.taken_back;
CREATE TEMP TABLE taken_back AS
SELECT t.sales_order_id, (t.amount + 50) / 100 AS cents, count(*)
       - (SELECT count(*) FROM temp.ours o WHERE o.sales_order_id = t.sales_order_id AND o.class = 'PAYMENT'
             AND (o.amount + 50) / 100 = (t.amount + 50) / 100) AS receipts
  FROM temp.theirs t
  JOIN link_order k ON k.sales_order_id = t.sales_order_id
  LEFT JOIN stg_bc_order_money m ON m.order_id = k.order_id
 WHERE t.class = 'PAYMENT' AND coalesce(m.payment_status, '') NOT LIKE '%refunded'
   AND NOT EXISTS (SELECT 1 FROM stg_bc_refund r WHERE r.order_id = k.order_id)
   AND NOT EXISTS (SELECT 1 FROM stg_bc_transaction r WHERE r.order_id = k.order_id AND r.event = 'refund')
 GROUP BY t.sales_order_id, (t.amount + 50) / 100;
DELETE FROM temp.theirs WHERE id IN (
SELECT id FROM (SELECT t.id, row_number() OVER (PARTITION BY t.sales_order_id, b.cents ORDER BY t.at, t.id) AS n, b.receipts
                  FROM temp.theirs t JOIN temp.taken_back b ON b.sales_order_id = t.sales_order_id AND b.cents = (t.amount + 50) / 100
                 WHERE t.class = 'RECEIPT') WHERE n <= receipts);

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

DROP TABLE IF EXISTS temp.over;
CREATE TEMP TABLE over AS
SELECT key, paid, may_be_paid
  FROM (SELECT x.key, x.may_be_paid,
               sum(x.amount) OVER (PARTITION BY x.order_id ORDER BY x.at, x.key)
               + coalesce((SELECT sum(p.balance) FROM bp_payment p WHERE p.sales_order_id = x.body ->> '$.orderId'), 0)
               AS paid
          FROM out_payment x
         WHERE x.kind = 'payment' AND x.state = 'pending' AND x.waits_for IS NULL AND x.type IN ('RECEIPT', 'CAPTURE')
           AND x.key NOT IN (SELECT key FROM temp.there)
           AND EXISTS (SELECT 1 FROM stg_bp_payment p WHERE p.sales_order_id = x.body ->> '$.orderId'))
 WHERE paid > may_be_paid + 50;
