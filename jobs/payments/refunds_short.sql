-- Orders that say that more went back than their refunds list -> stg_bc_order_money.back_since; those whose refunds are
-- to be asked for now, by their ids -> temp.cut: those that a person named, the others in the next run, an hour, four
-- and 24 hours after that was first seen, then every api.reference_hours, until they have been in Brightpearl for 60
-- days; back_at NULL: a person wants it asked for now.  Rerunnable; plain SQLite; temp.read_now(at) is this moment.
DROP TABLE IF EXISTS temp.short;
CREATE TEMP TABLE short AS SELECT id FROM order_adds_up WHERE back_missing > 0;
UPDATE stg_bc_order_money SET back_since = NULL, back_asked = 0, back_at = NULL
 WHERE back_since IS NOT NULL AND order_id NOT IN (SELECT id FROM temp.short);
UPDATE stg_bc_order_money SET back_since = (SELECT at FROM temp.read_now)
 WHERE back_since > (SELECT at FROM temp.read_now);

DROP TABLE IF EXISTS temp.cut;
CREATE TEMP TABLE cut AS
SELECT id FROM order_named
UNION
SELECT id
  FROM (SELECT s.id
          FROM temp.short s
          JOIN stg_bc_order_money m ON m.order_id = s.id AND m.back_since IS NOT NULL
          JOIN temp.read_now n
          LEFT JOIN link_order k ON k.order_id = s.id
         WHERE NOT EXISTS (SELECT 1 FROM order_named)
           AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.job = 'payments' AND d.what = 'ignored'
                              AND d.key IN ('payment:' || s.id || ':back', 'payment:' || s.id || ':refunds'))
           AND (m.back_at IS NULL OR m.back_at > n.at
                OR m.back_asked < 4
                   AND n.at >= m.back_since - 300 + 3600 * CASE m.back_asked WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 2 THEN 4 ELSE 24 END
                   AND n.at >= m.back_at - 300 + 3600 * min(m.back_asked, 4)
                OR m.back_asked >= 4 AND coalesce(k.at, n.at) >= n.at - 60 * 86400
                   AND n.at >= m.back_at + 3600 * (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'api.reference_hours'))
         ORDER BY m.back_at IS NOT NULL, m.back_asked, m.back_at, s.id
         LIMIT 5000);

UPDATE stg_bc_order_money SET back_since = (SELECT at FROM temp.read_now), back_at = (SELECT at FROM temp.read_now)
 WHERE back_since IS NULL AND order_id IN (SELECT id FROM temp.short);
