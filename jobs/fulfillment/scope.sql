-- What is still to be looked at -> temp.todo: notes that are new, changed, or not settled, each with the
-- BigCommerce order it belongs to; with the trigger order_status sales orders in such a status stand in
-- for them.  First of the fulfillment job's transform scripts; rerunnable.

-- A sales order is shipped by its status only when it was seen in another one before, or made by us in
-- another one since: what had that status when fulfillment began was shipped by somebody else; unless a person
-- asks for it (catch_up).
INSERT OR IGNORE INTO stg_bp_sale_unshipped(sale_id)
SELECT s.id FROM stg_bp_sale s
 WHERE (SELECT value FROM setting WHERE name = 'fulfillment.trigger') = 'order_status'
   AND s.type = 'SO' AND NOT s.gone
   AND s.id NOT IN (SELECT sale_id FROM stg_bp_sale_unshipped)
   AND (EXISTS (SELECT 1 FROM catch_up c WHERE c.key = 'shipment:SO' || s.id)
        OR NOT instr((SELECT value FROM setting WHERE name = 'fulfillment.statuses'), '|' || s.status_id || '|')
        OR EXISTS (SELECT 1 FROM link_order k JOIN out_order x ON x.order_id = k.order_id
                    WHERE k.sales_order_id = s.id AND k.how = 'created'
                      AND k.at >= (SELECT at FROM fulfillment_start)
                      AND NOT instr((SELECT value FROM setting WHERE name = 'fulfillment.statuses'), '|'
                              || coalesce(x.sent ->> '$.statusId', (SELECT value FROM ref_bp_configuration
                                           WHERE name = 'newSalesOrderStatusId'), '') || '|')));

-- Notes that BigCommerce was told of, and which are not shipped any more.
DROP TABLE IF EXISTS temp.withdrawn;
CREATE TEMP TABLE withdrawn AS
SELECT x.key, x.kind, x.note_id, x.order_id, x.remote_id, x.sent, n.gone
  FROM stg_bp_goods_out_note n
  JOIN out_shipment x ON x.kind = n.kind AND x.note_id = n.id AND x.state = 'done'
 WHERE (n.gone OR n.shipped_on IS NULL) AND n.ours = 1
   AND NOT EXISTS (SELECT 1 FROM shipment_deleted d WHERE d.key = x.key);

DROP TABLE IF EXISTS temp.wanted;
CREATE TEMP TABLE wanted AS
SELECT n.kind, n.id AS note_id, n.sale_id, n.shipped_on, n.payload IS NOT NULL AS was_read, n.transfer,
       n.shipping_method_id, n.numbers, n.tracking, n.tracking_query
  FROM stg_bp_goods_out_note n
 WHERE (SELECT value FROM setting WHERE name = 'fulfillment.trigger') = 'goods_out_note'
   AND n.ours = 1 AND n.shipped_on IS NOT NULL AND NOT n.gone
   AND (n.changed_run = (SELECT id FROM current_run)
        OR EXISTS (SELECT 1 FROM shipment_rest u WHERE u.kind = n.kind AND u.note_id = n.id)
        OR NOT EXISTS (SELECT 1 FROM out_shipment x WHERE x.kind = n.kind AND x.note_id = n.id)
        OR EXISTS (SELECT 1 FROM out_shipment x LEFT JOIN out_tracking t ON t.key = x.key
                    WHERE x.kind = n.kind AND x.note_id = n.id
                      AND (x.state NOT IN ('done', 'ignored') OR t.state NOT IN ('done', 'ignored'))));
INSERT INTO temp.wanted
SELECT 'SO', s.id, s.id, coalesce(s.updated_on, s.created_on, 0), 1, 0,
       coalesce((SELECT max(n.shipping_method_id) FROM stg_bp_goods_out_note n
                  WHERE n.sale_id = s.id AND n.shipped_on IS NOT NULL), s.shipping_method_id),
       coalesce(g.numbers, ''), coalesce(g.tracking, ''), coalesce(g.tracking_query, '')
  FROM stg_bp_sale s
  LEFT JOIN (SELECT sale_id, group_concat(numbers, ' ') AS numbers, tracking, tracking_query,
                    max(shipped_on) -- whose tracking number it is
               FROM (SELECT * FROM stg_bp_goods_out_note ORDER BY kind, id)
              WHERE shipped_on IS NOT NULL AND NOT gone AND numbers <> '' GROUP BY sale_id) g
    ON g.sale_id = s.id
 WHERE (SELECT value FROM setting WHERE name = 'fulfillment.trigger') = 'order_status'
   AND s.type = 'SO' AND NOT s.gone
   AND instr((SELECT value FROM setting WHERE name = 'fulfillment.statuses'), '|' || s.status_id || '|')
   AND (NOT EXISTS (SELECT 1 FROM out_shipment x WHERE x.kind = 'SO' AND x.note_id = s.id)
        OR EXISTS (SELECT 1 FROM shipment_rest u WHERE u.kind = 'SO' AND u.note_id = s.id)
        OR EXISTS (SELECT 1 FROM out_shipment x
                    WHERE x.kind = 'SO' AND x.note_id = s.id AND x.state NOT IN ('done', 'ignored')));

DROP TABLE IF EXISTS temp.todo;
CREATE TEMP TABLE todo AS
WITH RECURSIVE up(sale_id, at, depth) AS (
	SELECT DISTINCT sale_id, sale_id, 0 FROM temp.wanted
	UNION
	SELECT u.sale_id, coalesce(s.parent_id, o.parent_id, p.parent_id), u.depth + 1
	  FROM up u
	  LEFT JOIN stg_bp_sale s ON s.id = u.at
	  LEFT JOIN stg_bp_order o ON o.id = u.at
	  LEFT JOIN order_taken_over p ON p.id = u.at
	 WHERE u.at NOT IN (SELECT sales_order_id FROM link_order) AND u.depth < 10
	   AND coalesce(s.parent_id, o.parent_id, p.parent_id) IS NOT NULL)
SELECT w.*, k.order_id
  FROM temp.wanted w
  JOIN up u ON u.sale_id = w.sale_id
  JOIN link_order k ON k.sales_order_id = u.at;
CREATE UNIQUE INDEX temp.todo_note ON todo(kind, note_id);
CREATE INDEX temp.todo_order ON todo(order_id);
CREATE INDEX temp.todo_sale ON todo(sale_id);
