-- What the orders that are in Brightpearl, or on their way there, say of their payment ->
-- stg_bc_order_money.  An order is read again only when it changed.  Rerunnable; uses lib/func.h.
INSERT INTO stg_bc_order_money(order_id, order_sha256, payment_status, method_fold, provider)
SELECT o.id, o.sha256, coalesce(fold(o.payload ->> '$.payment_status'), ''),
       coalesce(fold(o.payment_method), ''), coalesce(fold(o.payload ->> '$.payment_provider_id'), '')
  FROM (SELECT order_id AS id FROM link_order
        UNION SELECT id FROM order_choice WHERE skipped IS NULL) w
  JOIN stg_bc_order o ON o.id = w.id
  LEFT JOIN stg_bc_order_money m ON m.order_id = o.id
 WHERE o.sha256 IS NOT m.order_sha256 AND o.payload IS NOT NULL
    ON CONFLICT DO UPDATE SET order_sha256 = excluded.order_sha256, payment_status = excluded.payment_status,
       method_fold = excluded.method_fold, provider = excluded.provider;

-- Orders whose transactions are to be read now -> temp.cut.  A change that the order does not show is not
-- expected any more when it has been in Brightpearl for 60 days: no authorisation lasts so long; and what is told as paid
-- but not listed after four days is not listed late.
DROP TABLE IF EXISTS temp.cut;
CREATE TEMP TABLE cut AS
SELECT id FROM order_money
 WHERE silent IS NULL
   AND (read_for IS NOT digest
        OR ((moving OR untold) AND NOT EXISTS (SELECT 1 FROM link_order k WHERE k.order_id = order_money.id
                                      AND k.at < (SELECT at FROM temp.read_now) - iif(moving, 60, 4) * 86400)
            AND read_at <= (SELECT at FROM temp.read_now) - 3600 *
                (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'api.reference_hours')));
CREATE INDEX temp.cut_id ON cut(id);
