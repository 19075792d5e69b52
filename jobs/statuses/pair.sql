-- Statuses of the linked orders and what statuses.csv makes of them -> temp.merging, temp.pair for the
-- merge.  Rerunnable.
DROP TABLE IF EXISTS temp.merging;
CREATE TEMP TABLE merging AS
SELECT (SELECT value FROM setting WHERE name = 'statuses.conflict') AS conflict,
       (SELECT iif(s.value = 'no', NULL, coalesce(c.done_until, (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run))))
          FROM setting s LEFT JOIN cursor c ON c.feed = s.name
         WHERE s.name = 'statuses.to_brightpearl.enabled') AS brightpearl_since,
       (SELECT iif(s.value = 'no', NULL, coalesce(c.done_until, (SELECT started_at FROM run WHERE id = (SELECT id FROM current_run))))
          FROM setting s LEFT JOIN cursor c ON c.feed = s.name
         WHERE s.name = 'statuses.to_bigcommerce.enabled') AS bigcommerce_since,
       EXISTS (SELECT 1 FROM cursor WHERE feed = 'statuses.to_brightpearl.enabled') AS brightpearl_live,
       EXISTS (SELECT 1 FROM cursor WHERE feed = 'statuses.to_bigcommerce.enabled') AS bigcommerce_live,
       1 AS mails;

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
SELECT b.system, b.status_id, b.name, coalesce(m.becomes_line, b.line) AS line,
       iif(m.sync OR b.system = 'bigcommerce', CAST(m.becomes_id AS TEXT), NULL) AS becomes,
       CASE WHEN b.line IS NULL AND NOT (b.system = 'bigcommerce' AND b.status_id = 0) THEN 'no_status_line'
            WHEN m.becomes = '(hold)' AND (m.sync OR b.system = 'bigcommerce') THEN 'held_by_mapping'
            END AS waits
  FROM temp.becoming b LEFT JOIN map_statuses m ON m.line = b.line;

-- What a sales order has behind it, which no status takes back: goods that left, its invoice, its end.
DROP TABLE IF EXISTS temp.behind;
CREATE TEMP TABLE behind AS
SELECT k.order_id,
       s.shipping_status = 'ASS'
       OR ((SELECT value FROM setting WHERE name = 'fulfillment.trigger') = 'order_status'
           AND instr((SELECT value FROM setting WHERE name = 'fulfillment.statuses'), '|' || s.status_id || '|')) AS shipped,
       s.shipping_status IN ('SPS', 'ASS')
       OR EXISTS (SELECT 1 FROM stg_bp_goods_out_note g
                   WHERE g.sale_id = s.id AND g.shipped_on IS NOT NULL AND NOT g.gone) AS left_some,
       s.invoiced OR s.status_id = (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration
                                     WHERE name = 'invoicedOrderStatusId') AS invoiced,
       s.status_id = (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration WHERE name = 'cancelledOrderStatusId') AS cancelled
  FROM link_order k JOIN stg_bp_sale s ON s.id = k.sales_order_id
 WHERE s.status_id IS NOT NULL;
CREATE UNIQUE INDEX temp.behind_order ON behind(order_id);

-- Orders of which a shipment of ours is not there yet, or in doubt: a status that says they are shipped would mail
-- the shopper without its tracking number.
DROP TABLE IF EXISTS temp.parcel;
CREATE TEMP TABLE parcel AS
SELECT order_id, min(key) AS key FROM out_shipment
 WHERE state IN ('pending', 'claimed') AND (SELECT value FROM setting WHERE name = 'fulfillment.enabled') = 'yes'
 GROUP BY order_id;
CREATE UNIQUE INDEX temp.parcel_order ON parcel(order_id);

-- Orders that BigCommerce itself may have moved to Partially Shipped, or to Shipped or Completed, for the shipments
-- that we made: that is no news of anybody's.
DROP TABLE IF EXISTS temp.followed;
CREATE TEMP TABLE followed AS
SELECT o.id AS order_id
  FROM agreed a
  JOIN stg_bc_order o ON o.id = a.order_id
 WHERE a.field = 'status' AND o.status_id IN (2, 3, 10) AND a.bigcommerce NOT IN ('2', '10', CAST(o.status_id AS TEXT))
   AND EXISTS (SELECT 1 FROM link_shipment k WHERE k.order_id = o.id)
   AND (o.status_id = 3 OR NOT EXISTS (
       SELECT 1 FROM stg_bc_order_line l
        WHERE l.order_id = o.id AND l.type = 'physical'
          AND l.quantity - l.refunded > max(l.shipped, coalesce((
              SELECT sum(CAST(i.value ->> '$.quantity' AS INTEGER))
                FROM out_shipment x JOIN json_each(x.sent, '$.items') i
               WHERE x.order_id = o.id AND x.state = 'done' AND i.value ->> '$.order_product_id' = l.id), 0))));
CREATE UNIQUE INDEX temp.followed_order ON followed(order_id);

-- Forwards from there is, for BigCommerce's statuses: Shipped, Completed, refunded in part or whole, and
-- Partially Shipped while more is to come.  The shop's order is kept likewise: Refunded, Cancelled and Declined
-- are its end, Shipped and Completed go forwards alone, and of what is shipped in part nothing is unshipped.
DROP TABLE IF EXISTS temp.pair;
CREATE TEMP TABLE pair AS
SELECT k.order_id, 'status' AS field, CAST(o.status_id AS TEXT) AS bigcommerce,
       CAST(s.status_id AS TEXT) AS brightpearl, b.becomes AS for_brightpearl, p.becomes AS for_bigcommerce,
       CASE WHEN b.waits IS NOT NULL THEN b.waits
            WHEN h.cancelled AND b.becomes <> s.status_id AND o.status_id IN (3, 7, 8, 9, 11, 12) THEN 'cancelled_there'
            END AS brightpearl_waits,
       coalesce(p.waits, iif(o.is_deleted, 'archived in BigCommerce', NULL),
                iif(p.becomes IN ('2', '3', '10'), 'waits for shipment:' || c.key, NULL)) AS bigcommerce_waits,
       CASE WHEN s.gone THEN 'gone from Brightpearl'
            WHEN o.status_id IS NULL OR s.status_id IS NULL THEN 'not read yet' END AS unknown,
       CASE WHEN b.becomes = s.status_id THEN NULL
            WHEN h.cancelled THEN iif(o.status_id IN (3, 7, 8, 9, 11, 12), NULL, 'cancelled')
            WHEN h.invoiced THEN 'invoiced'
            WHEN h.shipped AND o.status_id NOT IN (2, 4, 10, 14) THEN 'shipped'
            WHEN h.left_some AND o.status_id NOT IN (2, 3, 4, 10, 14) THEN 'shipped' END AS fixed,
       CASE WHEN p.becomes IS NULL OR p.becomes = o.status_id THEN NULL
            WHEN o.status_id IN (4, 5, 6) OR (o.status_id = 2 AND p.becomes NOT IN ('4', '10', '14'))
                 OR (o.status_id = 10 AND p.becomes NOT IN ('4', '14'))
                 OR (o.status_id = 3 AND p.becomes IN ('0', '1', '7', '8', '9', '11', '12'))
            THEN coalesce(b.name, 'status ' || o.status_id) END AS kept,
       s.updated_on IS NULL AS untouched, k.how IN ('linked', 'adopted') AS others,
       o.status_id IN (2, 4, 5, 6, 10) AS over, f.order_id IS NOT NULL AS followed
  FROM link_order k
  LEFT JOIN stg_bc_order o ON o.id = k.order_id
  LEFT JOIN stg_bp_sale s ON s.id = k.sales_order_id
  LEFT JOIN temp.behind h ON h.order_id = k.order_id
  LEFT JOIN temp.parcel c ON c.order_id = k.order_id
  LEFT JOIN temp.followed f ON f.order_id = k.order_id
  LEFT JOIN temp.become b ON b.system = 'bigcommerce' AND b.status_id = o.status_id
  LEFT JOIN temp.become p ON p.system = 'brightpearl' AND p.status_id = s.status_id;
