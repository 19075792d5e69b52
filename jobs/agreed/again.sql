-- temp.page (orders of BigCommerce, one per row) -> what of stg_bc_order both sides may change.  A row
-- that differs gives up its hash, so that the feed stages the whole order anew.  Rerunnable; uses the
-- functions of lib/func.h.
DROP TABLE IF EXISTS temp.again;
CREATE TEMP TABLE again AS
SELECT whole(payload -> '$.id') AS id, whole(payload -> '$.status_id') AS status_id,
       coalesce(payload ->> '$.is_deleted', 0) IN (1, 'true') AS is_deleted,
       coalesce(plain(payload ->> '$.customer_message'), '') AS customer_message,
       coalesce(bare(payload ->> '$.customer_message'), '') AS customer_message_bare,
       coalesce(plain(payload ->> '$.staff_notes'), '') AS staff_notes,
       coalesce(bare(payload ->> '$.staff_notes'), '') AS staff_notes_bare
  FROM temp.page WHERE whole(payload -> '$.status_id') IS NOT NULL;

UPDATE stg_bc_order AS o
   SET sha256 = '', status_id = a.status_id, is_deleted = a.is_deleted,
       customer_message = a.customer_message, customer_message_bare = a.customer_message_bare,
       staff_notes = a.staff_notes, staff_notes_bare = a.staff_notes_bare
  FROM temp.again a
 WHERE a.id = o.id
   AND (a.status_id IS NOT o.status_id OR a.is_deleted IS NOT o.is_deleted
        OR a.customer_message IS NOT o.customer_message OR a.staff_notes IS NOT o.staff_notes);
