-- temp.address_record (order_id, position, kind, payload: one address or pick-up of BigCommerce as
-- received) of the orders in temp.touched (id) -> stg_bc_order_address.  Rerunnable.
DELETE FROM stg_bc_order_address WHERE order_id IN (SELECT id FROM temp.touched);
INSERT OR REPLACE INTO stg_bc_order_address(order_id, position, id, kind, first, last, company,
       street_1, street_2, city, state, zip, country, iso3, phone, email, method, method_fold,
       cost_inc, cost_ex, cost_tax, state_fold)
SELECT order_id, position, whole(payload -> '$.id'), kind,
       single(payload ->> '$.first_name'), single(payload ->> '$.last_name'),
       single(coalesce(payload ->> '$.company', payload ->> '$.location.name')),
       single(coalesce(payload ->> '$.street_1', payload ->> '$.location.address_line_1')),
       single(coalesce(payload ->> '$.street_2', payload ->> '$.location.address_line_2')),
       single(coalesce(payload ->> '$.city', payload ->> '$.location.city')),
       single(coalesce(payload ->> '$.state', payload ->> '$.location.state')),
       single(coalesce(payload ->> '$.zip', payload ->> '$.location.postal_code')),
       iso2(coalesce(payload ->> '$.country_iso2', payload ->> '$.location.country_alpha2'),
            payload ->> '$.country'),
       iso3(coalesce(payload ->> '$.country_iso2', payload ->> '$.location.country_alpha2'),
            payload ->> '$.country'),
       single(coalesce(payload ->> '$.phone', payload ->> '$.location.phone')),
       tidy(coalesce(payload ->> '$.email', payload ->> '$.location.email')),
       single(coalesce(payload ->> '$.shipping_method', payload ->> '$.pickup_method_display_name')),
       fold(plain(coalesce(payload ->> '$.shipping_method',
                           payload ->> '$.pickup_method_display_name'))),
       money(payload -> '$.cost_inc_tax'), money(payload -> '$.cost_ex_tax'),
       money(payload -> '$.cost_tax'),
       fold(plain(coalesce(payload ->> '$.state', payload ->> '$.location.state')))
  FROM temp.address_record;
