-- temp.page(order_id, payload): shipments of BigCommerce as answered -> stg_bc_shipment.  Rerunnable;
-- uses the functions of lib/func.h.
INSERT OR REPLACE INTO stg_bc_shipment(id, order_id, payload, address_id, date_created, tracking, words)
SELECT whole(payload -> '$.id'), order_id, payload, whole(payload -> '$.order_address_id'),
       instant(payload ->> '$.date_created'), tidy(coalesce(payload ->> '$.tracking_number', '')),
       ' ' || single(coalesce(payload ->> '$.comments', '')) || ' '
  FROM temp.page WHERE whole(payload -> '$.id') IS NOT NULL;
