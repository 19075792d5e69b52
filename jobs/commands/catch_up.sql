-- What going live left as it was -> temp.left_over(key, job, order_id, field, email, at, mails, pieces, told, why,
-- place): why = it stays so, NULL = it may be carried; place = its turn among those that may, the oldest first, asked
-- for before ones before all.  temp.wish(job, from_at, now) says what is asked for.  After
-- jobs/fulfillment/scope.sql; rerunnable.
DROP TABLE IF EXISTS temp.found_over;
CREATE TEMP TABLE found_over AS
SELECT CASE a.field WHEN 'status' THEN 'status:' || a.order_id WHEN 'customer_note' THEN printf('note:%d:customer', a.order_id)
            ELSE printf('note:%d:staff', a.order_id) END AS key,
       w.job, a.order_id, a.field, o.date_created AS at,
       w.job = 'statuses' AND (SELECT value FROM setting WHERE name = 'statuses.to_bigcommerce.enabled') = 'yes' AS mails,
       1 AS pieces,
       iif(a.field = 'status', printf('%s in BigCommerce, %s in Brightpearl', coalesce(b.name, a.bigcommerce),
           coalesce(p.name, a.brightpearl)), 'the two notes differ') AS told,
       iif(a.differed = 3 AND (SELECT value FROM setting WHERE name = w.job || '.to_bigcommerce.enabled') <> 'yes',
           w.job || '.to_bigcommerce is not on yes', NULL) AS why
  FROM temp.wish w
  JOIN agreed a ON a.differed IN (1, 3) AND (a.field = 'status') = (w.job = 'statuses') AND w.job IN ('notes', 'statuses')
  JOIN link_order k ON k.order_id = a.order_id
  JOIN stg_bc_order o ON o.id = a.order_id
  LEFT JOIN ref_list b ON b.system = 'bigcommerce' AND b.list = 'status' AND b.id = a.bigcommerce
  LEFT JOIN ref_list p ON p.system = 'brightpearl' AND p.list = 'order_status' AND p.id = a.brightpearl;

INSERT INTO temp.found_over
SELECT 'shipment:' || t.kind || t.note_id, 'shipments', t.order_id, '', t.shipped_on, 1,
       max(1, (SELECT count(*) FROM stg_bc_order_address d WHERE d.order_id = t.order_id AND d.kind = 'shipping')),
       iif(t.kind = 'SO', 'the sales order is shipped by its status',
           printf('%s %d, shipped on %s UTC', iif(t.kind = 'GON', 'goods-out note', 'drop-ship note'), t.note_id,
                  strftime('%Y-%m-%d %H:%M', t.shipped_on, 'unixepoch'))), NULL
  FROM temp.wish w
  JOIN temp.todo t ON w.job = 'shipments' AND NOT coalesce(t.transfer, 0)
   AND iif(t.kind = 'SO', t.sale_id NOT IN (SELECT sale_id FROM stg_bp_sale_unshipped),
           t.shipped_on < (SELECT at FROM fulfillment_start))
 WHERE NOT EXISTS (SELECT 1 FROM out_shipment x WHERE x.kind = t.kind AND x.note_id = t.note_id
                      AND x.state IN ('done', 'claimed', 'ignored'));

DROP TABLE IF EXISTS temp.left_over;
CREATE TEMP TABLE left_over AS
SELECT f.key, f.job, f.order_id, f.field, coalesce(nullif(o.email, ''), 'order ' || o.id) AS email, f.at, f.mails, f.pieces,
       f.told,
       CASE WHEN f.at < w.now - 14 * 86400 THEN 'older than 14 days'
            WHEN o.is_deleted THEN 'archived in BigCommerce'
            WHEN o.status_id IN (2, 10) THEN 'already Shipped or Completed in BigCommerce'
            WHEN o.status_id IN (4, 5, 6) THEN 'refunded, cancelled or declined in BigCommerce'
            ELSE f.why END AS why,
       EXISTS (SELECT 1 FROM catch_up c WHERE c.key = f.key) AS waits
  FROM temp.found_over f JOIN temp.wish w JOIN stg_bc_order o ON o.id = f.order_id
 WHERE f.at >= w.from_at;

DROP TABLE IF EXISTS temp.turn;
CREATE TEMP TABLE turn AS
SELECT key, order_id, field, job, email, mails, told,
       sum(pieces) OVER (ORDER BY NOT waits, at, key) - pieces AS before, pieces
  FROM temp.left_over WHERE why IS NULL;
