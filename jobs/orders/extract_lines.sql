-- temp.line_record (order_id, position, payload: one line of BigCommerce as received) of the orders
-- in temp.touched (id) -> stg_bc_order_line; then what can only be known of an order with its
-- lines.  Rerunnable.
DELETE FROM stg_bc_order_line WHERE order_id IN (SELECT id FROM temp.touched);
INSERT OR REPLACE INTO stg_bc_order_line
SELECT order_id, whole(payload -> '$.id'), position, whole(payload -> '$.order_address_id'),
       coalesce(payload ->> '$.type', 'physical'), coalesce(whole(payload -> '$.product_id'), 0),
       coalesce(whole(payload -> '$.variant_id'), 0),
       trim(payload ->> '$.sku'), fold(payload ->> '$.sku'), trim(payload ->> '$.upc'),
       plain(coalesce(payload ->> '$.name', payload ->> '$.name_merchant')),
       (SELECT group_concat(plain(p.value ->> '$.display_name') || ': '
                            || plain(p.value ->> '$.display_value'), ', ')
          FROM json_each(payload, '$.product_options') p WHERE p.type = 'object'),
       whole(payload -> '$.quantity'),
       money(payload -> '$.total_inc_tax'), money(payload -> '$.total_ex_tax'),
       money(payload -> '$.total_tax'), money(payload -> '$.discounted_total_inc_tax'),
       coalesce((SELECT sum(money(d.value -> '$.amount'))
                   FROM json_each(payload, '$.applied_discounts') d WHERE d.type = 'object'), 0)
  FROM temp.line_record
 WHERE type = 'object' AND whole(payload -> '$.id') IS NOT NULL AND whole(payload -> '$.quantity') IS NOT NULL;

-- A list cut at 50 without a word about it shows in the number of items.
UPDATE stg_bc_order AS o SET lines_missing = 1
 WHERE id IN (SELECT id FROM temp.touched)
   AND lines_missing = 0
   AND EXISTS (SELECT 1 FROM stg_bc_order_line l WHERE l.order_id = o.id
                GROUP BY l.address_id HAVING count(*) >= 50)
   AND (SELECT sum(quantity) FROM stg_bc_order_line l WHERE l.order_id = o.id) < o.items_total;

UPDATE stg_bc_order AS o SET unreadable = CASE
       WHEN date_created IS NULL THEN 'date_created'
       WHEN status_id IS NULL THEN 'status_id'
       WHEN total_inc IS NULL THEN 'total_inc_tax'
       WHEN total_tax IS NULL THEN 'total_tax'
       WHEN currency IS NULL OR length(currency) <> 3 THEN 'default_currency_code'
       WHEN (SELECT count(*) FROM stg_bc_order_line l WHERE l.order_id = o.id AND
             (total_inc IS NULL OR total_ex IS NULL OR total_tax IS NULL)) > 0
            THEN 'total_inc_tax, total_ex_tax or total_tax of a line' END
 WHERE id IN (SELECT id FROM temp.touched);

-- What an edit is: lines, addresses, shipping, totals; not statuses, notes or shipped quantities.
UPDATE stg_bc_order AS o SET lines_sha256 = sha256(json_array(
       total_inc, total_tax, shipping_inc, handling_inc, wrapping_inc, discount, coupon, inclusive,
       currency, email, bill_first, bill_last, bill_company, bill_street_1, bill_street_2, bill_city,
       bill_state, bill_zip, bill_country, bill_phone,
       (SELECT json_group_array(json_array(id, sku, quantity, total_inc, total_tax, discount))
          FROM (SELECT * FROM stg_bc_order_line l WHERE l.order_id = o.id ORDER BY l.id)),
       (SELECT json_group_array(json_array(id, first, last, company, street_1, street_2, city, state,
                                           zip, country, phone, method))
          FROM (SELECT * FROM stg_bc_order_address a WHERE a.order_id = o.id ORDER BY position))))
 WHERE id IN (SELECT id FROM temp.touched);
