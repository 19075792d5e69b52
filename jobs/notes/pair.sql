-- Customer messages and staff notes of the linked orders -> temp.merging, temp.pair for the merge.
-- A note is kept in step when settings.csv names its custom field.  Rerunnable.
DROP TABLE IF EXISTS temp.merging;
CREATE TEMP TABLE merging AS
SELECT (SELECT value FROM setting WHERE name = 'notes.conflict') AS conflict,
       (SELECT iif(s.value = 'no', NULL, coalesce(c.done_until, (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run))))
          FROM setting s LEFT JOIN cursor c ON c.feed = s.name
         WHERE s.name = 'notes.to_brightpearl.enabled') AS brightpearl_since,
       (SELECT iif(s.value = 'no', NULL, coalesce(c.done_until, (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run))))
          FROM setting s LEFT JOIN cursor c ON c.feed = s.name
         WHERE s.name = 'notes.to_bigcommerce.enabled') AS bigcommerce_since,
       EXISTS (SELECT 1 FROM cursor WHERE feed = 'notes.to_brightpearl.enabled') AS brightpearl_live,
       EXISTS (SELECT 1 FROM cursor WHERE feed = 'notes.to_bigcommerce.enabled') AS bigcommerce_live,
       0 AS mails;

DROP TABLE IF EXISTS temp.noted;
CREATE TEMP TABLE noted AS
SELECT iif(name = 'notes.customer_field', 'customer_note', 'staff_note') AS field, name AS feed, value AS code
  FROM setting WHERE name IN ('notes.customer_field', 'notes.staff_field') AND value <> '';

-- Another custom field is another note: what was agreed on for the old one says nothing of it.
DELETE FROM agreed
 WHERE field IN (SELECT n.field FROM temp.noted n JOIN cursor c ON c.feed = n.feed
                  WHERE c.position <> n.code)
   AND NOT (created AND NOT (SELECT brightpearl_live OR bigcommerce_live FROM temp.merging)) -- it began with none
   AND at < (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run));
INSERT INTO cursor(feed, position) SELECT feed, code FROM temp.noted WHERE true
    ON CONFLICT DO UPDATE SET position = excluded.position WHERE position IS NOT excluded.position;

-- Brightpearl statuses whose orders' notes do not go back.
DROP TABLE IF EXISTS temp.kept;
CREATE TEMP TABLE kept AS
SELECT s.status_id, coalesce(r.name, 'status ' || s.status_id) AS name
  FROM (SELECT DISTINCT status_id FROM stg_bp_sale WHERE status_id IS NOT NULL) s
  LEFT JOIN ref_list r ON r.system = 'brightpearl' AND r.list = 'order_status' AND r.id = s.status_id
 WHERE NOT coalesce((SELECT m.sync FROM map_statuses m
                      WHERE m."from" = 'brightpearl' AND (m.status_id = s.status_id OR (m.status_id IS NULL
                            AND coalesce(r.name_fold, '') LIKE m.status_like ESCAPE '\'))
                      ORDER BY m.named DESC, m.status_id IS NULL, m.line LIMIT 1), 0);

DROP TABLE IF EXISTS temp.pair;
CREATE TEMP TABLE pair AS
SELECT order_id, field, bigcommerce, brightpearl, bigcommerce AS for_brightpearl,
       brightpearl AS for_bigcommerce, NULL AS brightpearl_waits, bigcommerce_waits,
       CASE WHEN gone THEN 'gone from Brightpearl'
            WHEN bigcommerce IS NULL OR brightpearl IS NULL THEN 'not read yet' END AS unknown,
       NULL AS fixed, NULL AS kept, 0 AS untouched, others, 0 AS over, 0 AS followed
  FROM (SELECT k.order_id, n.field, s.gone, k.how IN ('linked', 'adopted') AS others,
               iif(n.field = 'customer_note', o.customer_message_bare, o.staff_notes_bare) AS bigcommerce,
               iif(s.id IS NULL, NULL, coalesce(v.bare, v.value, '')) AS brightpearl,
               CASE WHEN o.is_deleted THEN 'archived in BigCommerce'
                    WHEN q.name IS NOT NULL THEN 'status ' || q.name || ' (statuses.csv, sync no)'
                    END AS bigcommerce_waits
          FROM link_order k
          JOIN temp.noted n
          LEFT JOIN stg_bc_order o ON o.id = k.order_id
          LEFT JOIN stg_bp_sale s ON s.id = k.sales_order_id
          LEFT JOIN stg_bp_sale_field v ON v.sale_id = s.id AND v.code = n.code
          LEFT JOIN temp.kept q ON q.status_id = s.status_id);
