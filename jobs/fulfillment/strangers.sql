-- Shipped notes of a sales order that has the reference of an order of ours but is not linked to it, since
-- it may be somebody else's -> temp.problem: whoever the parcel is for, this order's shopper is not told.
-- After transform.sql; rerunnable.
INSERT INTO temp.problem
SELECT 'shipment:' || n.kind || n.id, 'stranger_shipped',
       printf('note %d of Brightpearl order %d was shipped: that has the reference %s, but is not linked to order %d, whose'
              || ' shopper is not told', n.id, n.sale_id, x.key, x.order_id),
       printf('if they are the same: ./run.sh link order %d %d --force; if not: ./run.sh ignore shipment:%s%d --why TEXT',
              x.order_id, n.sale_id, n.kind, n.id), NULL
  FROM out_order x
  JOIN stg_bp_order s ON s.external_ref = x.key
  JOIN stg_bp_goods_out_note n ON n.sale_id = s.id
 WHERE x.state = 'rejected' AND x.remote_id IS NULL AND n.ours IS NOT 1 AND NOT n.gone
   AND n.shipped_on >= (SELECT at FROM fulfillment_start);
