-- Statuses of the linked orders and what statuses.csv makes of them -> temp.merging, temp.pair for the
-- merge.  Rerunnable.
DROP TABLE IF EXISTS temp.merging;
CREATE TEMP TABLE merging AS
SELECT (SELECT value FROM setting WHERE name = 'statuses.conflict') AS conflict,
       (SELECT c.done_until FROM cursor c JOIN setting s ON s.name = c.feed
         WHERE s.name = 'statuses.to_brightpearl.enabled' AND s.value <> 'no') AS brightpearl_since,
       (SELECT c.done_until FROM cursor c JOIN setting s ON s.name = c.feed
         WHERE s.name = 'statuses.to_bigcommerce.enabled' AND s.value <> 'no') AS bigcommerce_since;

-- Every status that a linked order has, and the line that decides what becomes of it.  An order
-- that is here follows `becomes` from BigCommerce whatever its `sync`.
DROP TABLE IF EXISTS temp.becoming;
CREATE TEMP TABLE becoming AS
SELECT u.system, u.status_id, coalesce(r.name, 'status ' || u.status_id) AS name,
       (SELECT m.line FROM map_statuses m
         WHERE m."from" = u.system AND (m.status_id = u.status_id
               OR (m.status_id IS NULL AND (u.system = 'brightpearl' OR u.status_id <> 0)
                   AND coalesce(r.name_fold, '') LIKE m.status_like ESCAPE '\'))
         ORDER BY m.named DESC, m.status_id IS NULL, m.line LIMIT 1) AS line
  FROM (SELECT DISTINCT 'bigcommerce' AS system, 'status' AS list, o.status_id
          FROM link_order k JOIN stg_bc_order o ON o.id = k.order_id WHERE o.status_id IS NOT NULL
        UNION ALL
        SELECT DISTINCT 'brightpearl', 'order_status', s.status_id
          FROM link_order k JOIN stg_bp_sale s ON s.id = k.sales_order_id WHERE s.status_id IS NOT NULL) u
  LEFT JOIN ref_list r ON r.system = u.system AND r.list = u.list AND r.id = u.status_id;

DROP TABLE IF EXISTS temp.become;
CREATE TEMP TABLE become AS
SELECT b.system, b.status_id, b.name, b.line,
       iif(m.sync OR b.system = 'bigcommerce', CAST(m.becomes_id AS TEXT), NULL) AS becomes,
       CASE WHEN b.line IS NULL AND NOT (b.system = 'bigcommerce' AND b.status_id = 0) THEN 'no_status_line'
            WHEN m.becomes = '(hold)' AND (m.sync OR b.system = 'bigcommerce') THEN 'held_by_mapping'
            END AS waits
  FROM temp.becoming b LEFT JOIN map_statuses m ON m.line = b.line;

DROP TABLE IF EXISTS temp.pair;
CREATE TEMP TABLE pair AS
SELECT k.order_id, 'status' AS field, CAST(o.status_id AS TEXT) AS bigcommerce,
       CAST(s.status_id AS TEXT) AS brightpearl, b.becomes AS for_brightpearl, p.becomes AS for_bigcommerce,
       b.waits AS brightpearl_waits,
       coalesce(p.waits, iif(o.is_deleted, 'archived in BigCommerce', NULL)) AS bigcommerce_waits,
       CASE WHEN s.gone THEN 'gone from Brightpearl'
            WHEN o.status_id IS NULL OR s.status_id IS NULL THEN 'not read yet' END AS unknown
  FROM link_order k
  LEFT JOIN stg_bc_order o ON o.id = k.order_id
  LEFT JOIN stg_bp_sale s ON s.id = k.sales_order_id
  LEFT JOIN temp.become b ON b.system = 'bigcommerce' AND b.status_id = o.status_id
  LEFT JOIN temp.become p ON p.system = 'brightpearl' AND p.status_id = s.status_id;
