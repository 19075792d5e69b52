-- The orders whose shipments in BigCommerce must be known before anything is shipped, or told to be missing
-- -> temp.asked: those with something to ship (temp.todo) where more is shipped than we know of, where
-- something finds no place, or is shipped again after we sent it (somebody may have deleted a shipment), or
-- where BigCommerce refused a shipment; unless they were read since both orders last changed.  After
-- pieces.sql; rerunnable.
DROP TABLE IF EXISTS temp.asked;
CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO temp.asked
SELECT o.id
  FROM (SELECT DISTINCT order_id FROM temp.todo) t
  JOIN stg_bc_order o ON o.id = t.order_id
  LEFT JOIN stg_bc_shipment_read d ON d.order_id = o.id
 WHERE coalesce((SELECT sum(l.shipped) FROM stg_bc_order_line l WHERE l.order_id = o.id), 0)
       > coalesce((SELECT sum(i.value ->> '$.quantity') FROM out_shipment x JOIN json_each(x.sent, '$.items') i
                    WHERE x.order_id = o.id AND x.state = 'done' AND x.key NOT IN (SELECT key FROM temp.deleted)), 0)
   AND (d.read_at IS NULL OR d.order_sha256 IS NOT o.sha256)
    OR EXISTS (SELECT 1 FROM out_shipment x
                WHERE x.order_id = o.id AND x.state = 'rejected' AND x.attempts > 0
                  AND x.claimed_at >= coalesce(d.read_at, 0))
    OR EXISTS (SELECT 1 FROM out_shipment x WHERE x.order_id = o.id AND x.state = 'done')
   AND (d.read_at IS NULL OR d.order_sha256 IS NOT o.sha256
        OR EXISTS (SELECT 1 FROM temp.todo c JOIN stg_bp_goods_out_note n ON n.kind = c.kind AND n.id = c.note_id
                    WHERE c.order_id = o.id AND n.changed_run = (SELECT id FROM current_run)))
   AND (EXISTS (SELECT 1 FROM temp.untold_piece u WHERE u.order_id = o.id)
        OR EXISTS (SELECT 1 FROM temp.todo c JOIN out_shipment x ON x.kind = c.kind AND x.note_id = c.note_id
                    WHERE c.order_id = o.id AND x.state = 'done' AND c.kind <> 'SO' AND c.shipped_on > x.claimed_at + (SELECT seconds FROM clock_ahead)));
INSERT OR IGNORE INTO temp.asked
SELECT w.order_id FROM temp.withdrawn w
  JOIN stg_bc_order o ON o.id = w.order_id
  LEFT JOIN stg_bc_shipment_read d ON d.order_id = o.id
 WHERE d.read_at IS NULL OR d.order_sha256 IS NOT o.sha256;
