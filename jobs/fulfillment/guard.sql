-- The orders whose shipments in BigCommerce must be known before anything is shipped -> temp.asked: those
-- with something to ship (temp.todo) where more is shipped than we know of, or where BigCommerce refused a
-- shipment; unless they were read since the order last changed there.  Rerunnable.
DROP TABLE IF EXISTS temp.asked;
CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO temp.asked
SELECT o.id
  FROM (SELECT DISTINCT order_id FROM temp.todo) t
  JOIN stg_bc_order o ON o.id = t.order_id
  LEFT JOIN stg_bc_shipment_read d ON d.order_id = o.id
 WHERE coalesce((SELECT sum(l.shipped) FROM stg_bc_order_line l WHERE l.order_id = o.id), 0)
       > coalesce((SELECT sum(i.value ->> '$.quantity') FROM out_shipment x JOIN json_each(x.sent, '$.items') i
                    WHERE x.order_id = o.id AND x.state = 'done'), 0)
   AND (d.read_at IS NULL OR d.order_sha256 IS NOT o.sha256)
    OR EXISTS (SELECT 1 FROM out_shipment x
                WHERE x.order_id = o.id AND x.state = 'rejected' AND x.attempts > 0
                  AND x.claimed_at >= coalesce(d.read_at, 0));
