-- Rows in doubt whose order's shipments were read (temp.asked) -> temp.found(key, shipment_id), NULL: not
-- there.  By the marker in the comments; else the same things to the same address, made since the claim,
-- in a shipment that no row of ours has.  Rerunnable.
DROP TABLE IF EXISTS temp.found;
CREATE TEMP TABLE found AS
SELECT x.key, coalesce(
       (SELECT min(b.id) FROM stg_bc_shipment b
         WHERE b.order_id = x.order_id AND instr(b.words, ' ' || x.key || ' ')),
       (SELECT min(b.id) FROM stg_bc_shipment b
         WHERE b.order_id = x.order_id AND b.address_id = x.sent ->> '$.order_address_id'
           AND b.date_created >= x.claimed_at + (SELECT seconds FROM clock_ahead) - 60
           AND b.id NOT IN (SELECT shipment_id FROM link_shipment)
           AND NOT EXISTS (SELECT 1 FROM out_shipment y WHERE y.order_id = x.order_id AND y.key <> x.key
                              AND instr(b.words, ' ' || y.key || ' '))
           AND NOT EXISTS (
               SELECT value ->> '$.order_product_id', value ->> '$.quantity' FROM json_each(x.sent, '$.items')
               EXCEPT
               SELECT value ->> '$.order_product_id', value ->> '$.quantity' FROM json_each(b.payload, '$.items'))
           AND json_array_length(x.sent, '$.items') = json_array_length(b.payload, '$.items'))) AS shipment_id
  FROM out_shipment x
 WHERE x.state = 'claimed' AND x.order_id IN (SELECT id FROM temp.asked);
