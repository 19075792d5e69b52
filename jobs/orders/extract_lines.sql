-- temp.line_record (order_id, position, payload: one line of BigCommerce as received) of the orders
-- in temp.touched (id) -> stg_bc_order_line.  Rerunnable.  A line whose id cannot be read is kept
-- under a negative one, so that the order is told as unreadable instead of losing a line.
DELETE FROM stg_bc_order_line WHERE order_id IN (SELECT id FROM temp.touched);
INSERT OR REPLACE INTO stg_bc_order_line(order_id, id, position, address_id, type, product_id,
       variant_id, sku, sku_fold, upc, upc_fold, name, options, quantity, shipped, refunded, total_inc, total_ex, total_tax,
       discounted_inc, discount, parent_id, wrap_name, wrap_inc, wrap_ex, wrap_tax)
SELECT order_id, coalesce(whole(payload -> '$.id'), -position), position, whole(payload -> '$.order_address_id'),
       coalesce(payload ->> '$.type', 'physical'), coalesce(whole(payload -> '$.product_id'), 0),
       coalesce(whole(payload -> '$.variant_id'), 0),
       single(payload ->> '$.sku'), fold(plain(payload ->> '$.sku')), tidy(payload ->> '$.upc'), fold(payload ->> '$.upc'),
       single(coalesce(payload ->> '$.name', payload ->> '$.name_merchant')),
       (SELECT group_concat(single(p.value ->> '$.display_name') || ': '
                            || single(p.value ->> '$.display_value'), ', ')
          FROM json_each(payload, '$.product_options') p WHERE p.type = 'object'),
       whole(payload -> '$.quantity'), coalesce(whole(payload -> '$.quantity_shipped'), 0),
       coalesce(whole(payload -> '$.quantity_refunded'), 0),
       money(payload -> '$.total_inc_tax'), money(payload -> '$.total_ex_tax'),
       money(payload -> '$.total_tax'), money(payload -> '$.discounted_total_inc_tax'),
       coalesce((SELECT sum(money(d.value -> '$.amount'))
                   FROM json_each(payload, '$.applied_discounts') d WHERE d.type = 'object'), 0),
       nullif(whole(payload -> '$.parent_order_product_id'), 0),
       single(payload ->> '$.wrapping_name'), money(payload -> '$.wrapping_cost_inc_tax'),
       money(payload -> '$.wrapping_cost_ex_tax'),
       coalesce(money(payload -> '$.wrapping_cost_tax'), 0)
  FROM temp.line_record
 WHERE type = 'object' AND payload ->> '$.quantity' IS NOT NULL;

-- A list that was cut at 50 without a word about it, or left out, shows in the number of items.
UPDATE stg_bc_order AS o SET lines_missing = 1
 WHERE id IN (SELECT id FROM temp.touched)
   AND lines_missing = 0
   AND (SELECT coalesce(sum(quantity), 0) FROM stg_bc_order_line l WHERE l.order_id = o.id) < o.items_total
   AND (EXISTS (SELECT 1 FROM stg_bc_order_line l WHERE l.order_id = o.id
                 GROUP BY l.address_id HAVING count(*) >= 50)
        OR NOT EXISTS (SELECT 1 FROM stg_bc_order_line l WHERE l.order_id = o.id));
