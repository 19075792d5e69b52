-- temp.page (orders as GET order answers them) -> reconcile_bp_order.  Rerunnable; uses lib/func.h.
INSERT INTO reconcile_bp_order(id, type_id, external_ref, customer_ref, parent_id, status_id, created_on, read,
       placed_on, currency, total, shipping_status)
SELECT whole(payload -> '$.id'), CASE payload ->> '$.orderTypeCode' WHEN 'SO' THEN 1 WHEN 'SC' THEN 3 ELSE 0 END,
       payload ->> '$.externalRef', payload ->> '$.reference', nullif(whole(payload -> '$.parentOrderId'), 0),
       whole(payload -> '$.orderStatus.orderStatusId'), instant(payload ->> '$.createdOn'), 1,
       instant(payload ->> '$.placedOn'), payload ->> '$.currency.orderCurrencyCode',
       money(payload -> '$.totalValue.total'), payload ->> '$.shippingStatusCode'
  FROM temp.page WHERE whole(payload -> '$.id') IS NOT NULL
    ON CONFLICT(id) DO UPDATE SET type_id = excluded.type_id, status_id = excluded.status_id, read = 1,
       placed_on = excluded.placed_on, currency = excluded.currency, total = excluded.total,
       shipping_status = excluded.shipping_status;
