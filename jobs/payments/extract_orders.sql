-- What the orders that are in Brightpearl, or on their way there, say of their payment ->
-- stg_bc_order_money.  An order is read again only when it changed.  Rerunnable; uses lib/func.h.
INSERT INTO stg_bc_order_money(order_id, order_sha256, payment_status, method_fold, provider, refunded_told)
SELECT o.id, o.sha256, coalesce(fold(o.payload ->> '$.payment_status'), ''),
       coalesce(fold(o.payment_method), ''), coalesce(fold(o.payload ->> '$.payment_provider_id'), ''),
       max(0, coalesce(money(o.payload -> '$.refunded_amount'), 0))
  FROM (SELECT order_id AS id FROM link_order
        UNION SELECT id FROM order_choice WHERE skipped IS NULL) w
  JOIN stg_bc_order o ON o.id = w.id
  LEFT JOIN stg_bc_order_money m ON m.order_id = o.id
 WHERE o.sha256 IS NOT m.order_sha256 AND o.payload IS NOT NULL
    ON CONFLICT DO UPDATE SET order_sha256 = excluded.order_sha256, payment_status = excluded.payment_status,
       method_fold = excluded.method_fold, provider = excluded.provider, refunded_told = excluded.refunded_told;

-- Orders whose transactions do not add up yet, or may still move -> temp.short, and since when that is so.
DROP TABLE IF EXISTS temp.short;
CREATE TEMP TABLE short AS SELECT id, missing, moving FROM order_adds_up WHERE missing > 0 OR moving;
CREATE UNIQUE INDEX temp.short_id ON short(id);
UPDATE stg_bc_order_money SET short_since = NULL, asked = 0
 WHERE short_since IS NOT NULL AND order_id NOT IN (SELECT id FROM temp.short WHERE missing > 0);
UPDATE stg_bc_order_money
   SET short_since = min(coalesce(read_at, (SELECT at FROM temp.read_now)), (SELECT at FROM temp.read_now))
 WHERE order_id IN (SELECT id FROM temp.short WHERE missing > 0) AND read_for IS NOT NULL
   AND (short_since IS NULL OR short_since > (SELECT at FROM temp.read_now));

-- Orders whose transactions were asked for as they are now, and answered by something else -> temp.resting, those that
-- are not to be asked for yet: the next run does, then an hour, four and 24 hours after the last time.
DROP TABLE IF EXISTS temp.resting;
CREATE TEMP TABLE resting AS
SELECT v.id FROM order_money v JOIN stg_bc_order_money m ON m.order_id = v.id JOIN temp.read_now n
 WHERE m.odd_for IS v.digest AND v.silent IS NULL AND m.odd_at <= n.at AND NOT EXISTS (SELECT 1 FROM order_named)
   AND n.at < m.odd_at - 300 + 3600 * CASE m.odd_asked WHEN 1 THEN 0 WHEN 2 THEN 1 WHEN 3 THEN 4 ELSE 24 END;
CREATE UNIQUE INDEX temp.resting_id ON resting(id);

-- Orders whose transactions are to be read now -> temp.cut: those that are new or changed, and those that a person
-- named.  What does not add up is asked for again in the next run, an hour, four and 24 hours after it was first read,
-- and then, as what may still move, every api.reference_hours; read_at NULL: a person wants it asked for now.  That ends
-- when the order has been in Brightpearl for 60 days: no authorisation lasts so long.  All of it may use a tenth of
-- what BigCommerce's smaller quota (150 in 30 s) lets through in an hour; what was asked for least goes first.
DROP TABLE IF EXISTS temp.cut;
CREATE TEMP TABLE cut AS
SELECT id FROM order_money
 WHERE silent IS NULL AND (read_for IS NOT digest OR id IN (SELECT id FROM order_named))
   AND id NOT IN (SELECT id FROM temp.resting)
UNION
SELECT id
  FROM (SELECT s.id
          FROM temp.short s
          JOIN stg_bc_order_money m ON m.order_id = s.id
          JOIN temp.read_now n
          LEFT JOIN link_order k ON k.order_id = s.id
         WHERE m.read_for IS NOT NULL AND NOT EXISTS (SELECT 1 FROM order_named) AND s.id NOT IN (SELECT id FROM temp.resting)
           AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.job = 'payments' AND d.what = 'ignored'
                              AND d.key IN ('payment:' || s.id || ':O', 'payment:' || s.id || ':rest'))
           AND (m.read_at IS NULL OR m.read_at > n.at
                OR s.missing > 0 AND m.asked < 4
                   AND n.at >= m.short_since - 300 + 3600 * CASE m.asked WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 2 THEN 4 ELSE 24 END
                   AND n.at >= m.read_at - 300 + 3600 * min(m.asked, 4)
                OR (s.moving OR m.asked >= 4) AND coalesce(k.at, n.at) >= n.at - 60 * 86400
                   AND n.at >= m.read_at + 3600 * (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'api.reference_hours'))
         ORDER BY m.read_at IS NOT NULL, m.asked, m.read_at, s.id
         LIMIT (SELECT 18 * CAST(value AS INTEGER) FROM setting WHERE name = 'api.bigcommerce_share'));
CREATE INDEX temp.cut_id ON cut(id);
