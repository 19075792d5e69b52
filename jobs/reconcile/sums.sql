-- Counts and sums of both sides, order by order to the penny -> reconcile_sum.  After transform.sql; rerunnable, plain SQLite.
-- A sales order without a partner is counted under its own day, and as (none) otherwise.
DELETE FROM reconcile_sum;

DROP TABLE IF EXISTS temp.mine;
CREATE TEMP TABLE mine AS
SELECT p.*, a.left_out IS NOT NULL AS is_left,
       coalesce((SELECT day FROM reconcile_day d WHERE p.date_created >= d.from_at AND p.date_created < d.until_at), '?')
       AS day, coalesce(r.name, 'status ' || p.status_id) AS status,
       iif(p.method = '', '(none)', p.method) AS payment,
       CASE WHEN a.left_out IS NOT NULL THEN bc_paid WHEN f.key IS NOT NULL THEN bc_paid - bp_paid ELSE 0 END AS left_paid
  FROM temp.pair p
  LEFT JOIN temp.finding f ON f.kind = 'payment' AND f.key = 'order:' || p.id AND f.expected IS NOT NULL
  LEFT JOIN temp.absent a ON a.id = p.id
  LEFT JOIN ref_list r ON r.system = 'bigcommerce' AND r.list = 'status' AND r.id = p.status_id
 WHERE p.total IS NOT NULL;

-- The sales orders of this time: partners, doubles, and those that BigCommerce does not have.
DROP TABLE IF EXISTS temp.theirs;
CREATE TEMP TABLE theirs AS
SELECT s.id, coalesce(s.currency, '') AS currency, iif(p.n = 1, w.total, s.total) AS total, iif(p.n = 1, w.paid,
       coalesce((SELECT sum(y.paid) FROM reconcile_bp_payment y WHERE y.sale_id = s.id), 0)) AS paid,
       coalesce((SELECT day FROM reconcile_day d WHERE s.placed_on >= d.from_at AND s.placed_on < d.until_at), m.day, '?') AS day,
       coalesce(m.status, '(none)') AS status, coalesce(m.payment, '(none)') AS payment
  FROM temp.partner p
  JOIN reconcile_bp_order s ON s.id = p.sale_id
  LEFT JOIN temp.worth w ON w.sale_id = p.sale_id
  LEFT JOIN temp.mine m ON m.id = p.order_id
 WHERE (m.id IS NOT NULL OR s.asked = 0) AND (p.n = 1 OR NOT p.cancelled);

INSERT INTO reconcile_sum
SELECT section, name, currency, sum(bc_count), sum((bc_sum + 50) / 100 * 100), sum(left_count),
       sum((left_sum + 50) / 100 * 100), sum(bp_count), sum((bp_sum + 50) / 100 * 100)
  FROM (SELECT 'day' AS section, day AS name, currency, NOT is_left AS bc_count, iif(is_left, 0, bc_total) AS bc_sum,
               is_left AS left_count, iif(is_left, bc_total, 0) AS left_sum, 0 AS bp_count, 0 AS bp_sum FROM temp.mine
        UNION ALL SELECT 'day', day, currency, 0, 0, 0, 0, 1, coalesce(total, 0) FROM temp.theirs
        UNION ALL
        SELECT 'status', status, currency, NOT is_left, iif(is_left, 0, bc_total), is_left, iif(is_left, bc_total, 0),
               0, 0 FROM temp.mine
        UNION ALL SELECT 'status', status, currency, 0, 0, 0, 0, 1, coalesce(total, 0) FROM temp.theirs
        UNION ALL
        SELECT 'payment', payment, currency, bc_paid <> left_paid, bc_paid - left_paid, left_paid <> 0, left_paid, 0, 0
          FROM temp.mine WHERE bc_paid <> 0
        UNION ALL SELECT 'payment', payment, currency, 0, 0, 0, 0, 1, paid FROM temp.theirs WHERE paid <> 0)
 GROUP BY section, name, currency;
