-- temp.page (transactions of the order in temp.reading, as BigCommerce lists them) ->
-- stg_bc_transaction.  Rerunnable; uses the functions of lib/func.h.
DROP TABLE IF EXISTS temp.incoming;
CREATE TEMP TABLE incoming AS
SELECT whole(payload -> '$.id') AS id, payload, sha256(payload) AS sha256
  FROM temp.page WHERE whole(payload -> '$.id') IS NOT NULL;

DELETE FROM temp.incoming
 WHERE EXISTS (SELECT 1 FROM stg_bc_transaction t WHERE t.id = incoming.id AND t.sha256 = incoming.sha256);

INSERT INTO stg_history(record, id, replaced_at, payload, sha256)
SELECT 'bc_transaction', t.id, unixepoch(), t.payload, t.sha256
  FROM stg_bc_transaction t JOIN temp.incoming i ON i.id = t.id;

INSERT OR REPLACE INTO stg_bc_transaction(id, order_id, payload, sha256, changed_run, event, method, gateway,
       amount, currency, at, reference_id, gateway_ref, is_test, failed, strange_status,
       unreadable)
SELECT id, (SELECT order_id FROM temp.reading), payload, sha256, (SELECT id FROM current_run),
       lower(coalesce(payload ->> '$.event', '')), lower(coalesce(payload ->> '$.method', '')),
       coalesce(fold(payload ->> '$.gateway'), ''),
       iif(lower(payload ->> '$.event') = 'void', coalesce(money(payload -> '$.amount'), 0), money(payload -> '$.amount')),
       upper(payload ->> '$.currency'), instant(payload -> '$.date_created'),
       nullif(whole(payload -> '$.reference_transaction_id'), 0), payload ->> '$.gateway_transaction_id',
       coalesce(payload ->> '$.test', 0) IN (1, 'true'), lower(coalesce(payload ->> '$.status', 'ok')) = 'error',
       iif(lower(coalesce(payload ->> '$.status', '')) IN ('', 'ok', 'error'), NULL, payload ->> '$.status'),
       CASE WHEN money(payload -> '$.amount') IS NULL AND NOT (lower(payload ->> '$.event') = 'void'
                 AND coalesce(json_type(payload, '$.amount'), 'null') = 'null') THEN 'amount'
            WHEN instant(payload -> '$.date_created') IS NULL THEN 'date_created'
            WHEN coalesce(payload ->> '$.event', '') = '' THEN 'event' END
  FROM temp.incoming;
