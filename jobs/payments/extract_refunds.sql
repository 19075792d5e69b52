-- temp.page (refunds as BigCommerce lists them) -> stg_bc_refund, its payments and items.
-- Rerunnable; uses the functions of lib/func.h.
DROP TABLE IF EXISTS temp.incoming;
CREATE TEMP TABLE incoming AS
SELECT whole(payload -> '$.id') AS id, payload, sha256(payload) AS sha256
  FROM temp.page WHERE whole(payload -> '$.id') IS NOT NULL AND whole(payload -> '$.order_id') IS NOT NULL;

DELETE FROM temp.incoming
 WHERE EXISTS (SELECT 1 FROM stg_bc_refund r WHERE r.id = incoming.id AND r.sha256 = incoming.sha256);

INSERT INTO stg_history(record, id, replaced_at, payload, sha256)
SELECT 'bc_refund', r.id, unixepoch(), r.payload, r.sha256
  FROM stg_bc_refund r JOIN temp.incoming i ON i.id = r.id;

DELETE FROM stg_bc_refund_payment WHERE refund_id IN (SELECT id FROM temp.incoming);
DELETE FROM stg_bc_refund_item WHERE refund_id IN (SELECT id FROM temp.incoming);

INSERT INTO stg_bc_refund(id, order_id, payload, sha256, changed_run, at, total, total_tax, unreadable)
SELECT id, whole(payload -> '$.order_id'), payload, sha256, (SELECT id FROM current_run),
       instant(payload -> '$.created'), money(payload -> '$.total_amount'),
       coalesce(money(payload -> '$.total_tax'), 0),
       CASE WHEN instant(payload -> '$.created') IS NULL THEN 'created'
            WHEN money(payload -> '$.total_amount') IS NULL THEN 'total_amount'
            WHEN EXISTS (SELECT 1 FROM json_each(payload, '$.payments') p
                          WHERE p.type = 'object' AND money(p.value -> '$.amount') IS NULL)
                 THEN 'amount of a payment' END
  FROM temp.incoming WHERE true
    ON CONFLICT(id) DO UPDATE SET order_id = excluded.order_id, payload = excluded.payload,
       sha256 = excluded.sha256, changed_run = excluded.changed_run, at = excluded.at,
       total = excluded.total, total_tax = excluded.total_tax, unreadable = excluded.unreadable;

INSERT INTO stg_bc_refund_payment(refund_id, position, id, provider, amount, offline, declined, transaction_ref)
SELECT i.id, p.key + 1, whole(p.value -> '$.id'), coalesce(fold(p.value ->> '$.provider_id'), ''),
       money(p.value -> '$.amount'), coalesce(p.value ->> '$.offline' IN (1, 'true'), 0),
       coalesce(p.value ->> '$.is_declined' IN (1, 'true'), 0), p.value ->> '$.transaction_id'
  FROM temp.incoming i JOIN json_each(i.payload, '$.payments') p
 WHERE p.type = 'object';

INSERT INTO stg_bc_refund_item(refund_id, position, type, item_id, quantity, amount)
SELECT i.id, t.key + 1, upper(coalesce(t.value ->> '$.item_type', '')), whole(t.value -> '$.item_id'),
       whole(t.value -> '$.quantity'), money(t.value -> '$.requested_amount')
  FROM temp.incoming i JOIN json_each(i.payload, '$.items') t
 WHERE t.type = 'object';
