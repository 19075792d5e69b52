-- Why an order that Brightpearl does not have is not there -> temp.absent: left_out names the setting or
-- mapping by which it does not belong there; waits, why it is not there yet.  After agree.sql;
-- rerunnable, plain SQLite.  It judges the order as it was read just now; view order_choice says the
-- same of orders as they were staged.
DROP TABLE IF EXISTS temp.absent;
CREATE TEMP TABLE absent AS
WITH at AS (SELECT * FROM reconcile_run ORDER BY id DESC LIMIT 1)
SELECT p.id, k.sales_order_id AS gone, CASE
       WHEN d.key IS NOT NULL THEN 'ignored by hand: ' || d.why
       WHEN p.is_deleted THEN 'archived in BigCommerce'
       WHEN (SELECT value FROM setting WHERE name = 'orders.start_date') GLOB '[0-9]*'
            AND p.date_created < CAST((SELECT value FROM setting WHERE name = 'orders.start_date') AS INTEGER)
            AND NOT EXISTS (SELECT 1 FROM backfill b WHERE p.date_created BETWEEN b.from_at AND b.until_at)
            THEN 'before orders.start_date'
       WHEN p.id < CAST((SELECT value FROM setting WHERE name = 'orders.start_id') AS INTEGER)
            AND NOT EXISTS (SELECT 1 FROM backfill b WHERE p.date_created BETWEEN b.from_at AND b.until_at) THEN 'before orders.start_id'
       WHEN p.customer_id = 0 AND (SELECT value FROM setting WHERE name = 'orders.guests') = 'no'
            THEN 'guest order (orders.guests is no)'
       WHEN p.status_id = 0 AND s.line IS NULL THEN 'status Incomplete'
       WHEN k.sales_order_id IS NULL AND s.sync = 0 AND NOT (coalesce(o.is_digital, p.is_digital) AND p.status_id NOT IN (0, 4, 5, 6)
            AND (SELECT value FROM setting WHERE name = 'orders.digital') = 'always')
            THEN 'status ' || s.name || ' (statuses.csv, sync no)'
       WHEN k.sales_order_id IS NULL AND (SELECT x.reason FROM order_left_out x WHERE x.id = p.id) IS NOT NULL
            THEN (SELECT x.reason FROM order_left_out x WHERE x.id = p.id)
       WHEN (SELECT value FROM setting WHERE name = 'orders.enabled') <> 'yes'
            THEN 'orders.enabled is ' || (SELECT value FROM setting WHERE name = 'orders.enabled') END AS left_out,
       coalesce(
       (SELECT 'rejected: ' || min(r.message) FROM reject_told r
         WHERE r.closed_at IS NULL AND r.job = 'orders' AND r.record = 'order:' || p.id),
       (SELECT 'rejected: ' || min(r.message) FROM reject r
         WHERE r.closed_at IS NULL AND r.job = 'customers' AND r.key = 'customer:' || p.email), CASE
       WHEN x.state = 'claimed' THEN 'it is in doubt: the next run looks it up'
       WHEN x.waits_for IS NOT NULL THEN 'it waits for ' || x.waits_for
       WHEN x.state = 'pending' THEN 'it waits to be sent'
       WHEN k.sales_order_id IS NULL AND p.unseen IS NOT NULL
            THEN 'the list of changes had not shown it (' || p.unseen || '): it was read just now, the next run goes by it'
       WHEN k.sales_order_id IS NULL AND x.state IS NULL
            AND EXISTS (SELECT 1 FROM order_choice c WHERE c.id = p.id AND c.skipped IS NULL AND c.state IS NULL)
            THEN 'it was read since the last run: the next one brings it over'
       WHEN k.sales_order_id IS NULL AND coalesce(p.date_modified, p.date_created) > (SELECT seen_until FROM at)
            AND (o.id IS NULL OR o.status_id IS NOT p.status_id) THEN 'the last run had not seen it: the next one does' END) AS waits
  FROM temp.pair p
  LEFT JOIN stg_bc_order o ON o.id = p.id
  LEFT JOIN status_choice s ON s.status_id = p.status_id
  LEFT JOIN link_order k ON k.order_id = p.id
  LEFT JOIN out_order x ON x.order_id = p.id AND x.remote_id IS NULL
  LEFT JOIN (SELECT key, min(why) AS why FROM decision WHERE job IN ('orders', 'reconcile') AND what = 'ignored'
              GROUP BY key) d ON d.key = 'order:' || p.id
 WHERE p.sale_id IS NULL;
CREATE UNIQUE INDEX temp.absent_id ON absent(id);
