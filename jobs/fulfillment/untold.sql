-- Sales orders of ours whose notes are read by order -> temp.untold(id, unexplained); unexplained = more
-- is shipped than the notes known tell, or with the trigger order_status a tracking number is wanted.
-- What last changed before fulfillment began is not asked about: none of it is sent.
-- temp.limits(stale, most): when a reading is too old, how many open orders are read in a run.
DROP TABLE IF EXISTS temp.untold;
CREATE TEMP TABLE untold AS
WITH counted AS (
	SELECT s.id, s.shipping_status, s.changed_run, s.updated_on, n.read_at,
	       (SELECT sum(r.quantity) / 10000 FROM stg_bp_sale_row r LEFT JOIN ref_bp_product p ON p.id = r.product_id
	         WHERE r.sale_id = s.id AND r.product_id <> 1000 AND NOT r.bundle_parent
	           AND coalesce(p.stock_tracked, 1)) AS wanted,
	       coalesce((SELECT sum(r.quantity) FROM stg_bp_goods_out_note g
	                   JOIN stg_bp_goods_out_row r ON r.kind = g.kind AND r.note_id = g.id
	                  WHERE g.sale_id = s.id AND g.shipped_on IS NOT NULL AND NOT g.gone), 0) AS told
	  FROM stg_bp_sale s LEFT JOIN stg_bp_sale_notes n ON n.sale_id = s.id
	 WHERE s.shipping_status IN ('SPS', 'ASS') AND s.type = 'SO' AND NOT s.gone
	   AND coalesce(s.updated_on, s.created_on, 0) >= coalesce((SELECT at FROM fulfillment_start), 0) - 86400
	   AND (n.read_at IS NULL OR n.read_at < coalesce(s.updated_on, 0) + 60))
SELECT id, 1 AS unexplained FROM counted
 WHERE (shipping_status = 'ASS' AND told < wanted) OR told = 0;

INSERT INTO temp.untold
SELECT s.id, 1 FROM stg_bp_sale s LEFT JOIN stg_bp_sale_notes n ON n.sale_id = s.id
 WHERE (SELECT value FROM setting WHERE name = 'fulfillment.trigger') = 'order_status'
   AND instr((SELECT value FROM setting WHERE name = 'fulfillment.statuses'), '|' || s.status_id || '|')
   AND NOT s.gone AND s.id NOT IN (SELECT id FROM temp.untold)
   AND s.id IN (SELECT sale_id FROM stg_bp_sale_unshipped)
   AND (n.read_at IS NULL OR n.read_at < coalesce(s.updated_on, 0) + 60)
   AND NOT EXISTS (SELECT 1 FROM out_shipment x WHERE x.sale_id = s.id AND x.state IN ('done', 'ignored'));

INSERT INTO temp.untold
SELECT s.id, 0
  FROM stg_bp_sale s LEFT JOIN stg_bp_sale_notes n ON n.sale_id = s.id
 WHERE (SELECT value FROM setting WHERE name = 'fulfillment.trigger') = 'goods_out_note'
   AND s.shipping_status IN ('SNS', 'SPS') AND s.closed_on IS NULL AND NOT s.gone AND s.type = 'SO'
   AND s.id NOT IN (SELECT id FROM temp.untold)
   AND (coalesce(n.read_at, s.created_on, 0) < (SELECT stale FROM temp.limits)
        OR EXISTS (SELECT 1 FROM stg_bp_goods_out_note WHERE kind = 'DSN'))
 ORDER BY coalesce(n.read_at, 0), s.id LIMIT (SELECT most FROM temp.limits);
