-- out_payment rows still to be sent + stg_bp_payment of their orders -> temp.there(key, payment_id): the
-- payment that is there already; temp.over(key, paid, may_be_paid): rows with which more would be
-- paid on the order than it comes to.  Rerunnable; plain SQLite.
--
-- A payment that somebody or another program entered is ours when its order, kind and amount agree:
-- pairs are made in the order of their dates, each payment once.
DROP TABLE IF EXISTS temp.there;
CREATE TEMP TABLE there AS
WITH ours AS (
	SELECT x.key, x.type, x.amount, x.at, coalesce(x.body ->> '$.orderId', 0) AS sales_order_id,
	       CASE x.type WHEN 'CAPTURE' THEN 'RECEIPT' ELSE x.type END AS class
	  FROM out_payment x WHERE x.kind = 'payment' AND x.state = 'pending' AND x.waits_for IS NULL),
theirs AS (
	SELECT p.id, p.sales_order_id, p.transaction_ref, p.at, iif(p.type IN ('AUTH', 'VOID'), p.authorized, p.paid) AS amount,
	       CASE p.type WHEN 'CAPTURE' THEN 'RECEIPT' ELSE p.type END AS class
	  FROM stg_bp_payment p
	 WHERE NOT EXISTS (SELECT 1 FROM out_payment x WHERE x.kind = 'payment' AND x.remote_id = p.id)),
named AS (
	SELECT o.key, min(t.id) AS payment_id FROM ours o
	  JOIN theirs t ON t.transaction_ref = o.key AND t.sales_order_id = o.sales_order_id
	   AND t.class = o.class AND abs(t.amount - o.amount) <= 50
	 GROUP BY o.key)
SELECT key, payment_id FROM named
UNION ALL
SELECT o.key, t.id
  FROM (SELECT *, row_number() OVER (PARTITION BY sales_order_id, class, (amount + 50) / 100 ORDER BY at, key) AS n
          FROM ours WHERE key NOT IN (SELECT key FROM named)) o
  JOIN (SELECT *, row_number() OVER (PARTITION BY sales_order_id, class, (amount + 50) / 100 ORDER BY at, id) AS n
          FROM theirs WHERE id NOT IN (SELECT payment_id FROM named)
           AND coalesce(transaction_ref, '') NOT IN (SELECT key FROM out_payment)) t
    ON t.sales_order_id = o.sales_order_id AND t.class = o.class AND (t.amount + 50) / 100 = (o.amount + 50) / 100 AND t.n = o.n;

DROP TABLE IF EXISTS temp.over;
CREATE TEMP TABLE over AS
SELECT key, paid, may_be_paid
  FROM (SELECT x.key, x.may_be_paid,
               sum(x.amount) OVER (PARTITION BY x.order_id ORDER BY x.at, x.key)
               + coalesce((SELECT sum(iif(p.type = 'PAYMENT', -p.paid, p.paid)) FROM stg_bp_payment p
                            WHERE p.sales_order_id = x.body ->> '$.orderId' AND p.type IN ('RECEIPT', 'CAPTURE', 'PAYMENT')), 0)
               AS paid
          FROM out_payment x
         WHERE x.kind = 'payment' AND x.state = 'pending' AND x.waits_for IS NULL AND x.type IN ('RECEIPT', 'CAPTURE')
           AND x.key NOT IN (SELECT key FROM temp.there)
           AND EXISTS (SELECT 1 FROM stg_bp_payment p WHERE p.sales_order_id = x.body ->> '$.orderId'))
 WHERE paid > may_be_paid + 50;
