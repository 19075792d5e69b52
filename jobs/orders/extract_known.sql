-- What can only be known of an order with its lines and addresses, for the orders in temp.touched.
-- Rerunnable.
UPDATE stg_bc_order AS o SET unreadable = CASE
       WHEN date_created IS NULL THEN 'date_created'
       WHEN status_id IS NULL THEN 'status_id'
       WHEN total_inc IS NULL THEN 'total_inc_tax'
       WHEN total_tax IS NULL THEN 'total_tax'
       WHEN currency IS NULL OR length(currency) <> 3 THEN 'default_currency_code'
       WHEN (SELECT count(*) FROM stg_bc_order_line l WHERE l.order_id = o.id AND
             (total_inc IS NULL OR total_ex IS NULL OR total_tax IS NULL)) > 0
            THEN 'total_inc_tax, total_ex_tax or total_tax of a line'
       WHEN EXISTS (SELECT 1 FROM stg_bc_order_line l
                     WHERE l.order_id = o.id AND (id < 0 OR quantity IS NULL OR quantity < 0))
            THEN 'id or quantity of a line' END,
       is_digital = iif(EXISTS (SELECT 1 FROM stg_bc_order_line l WHERE l.order_id = o.id AND quantity > 0),
              NOT EXISTS (SELECT 1 FROM stg_bc_order_line l
                           WHERE l.order_id = o.id AND quantity > 0 AND type <> 'digital'), is_digital)
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
