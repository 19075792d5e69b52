-- What both sides hold in the end, for comparison: no ids that Brightpearl made up, no times, no runs.
-- Run on a store's database, with the sandbox's attached as `remote`.
.mode list
.nullvalue NULL

SELECT 'integrity', * FROM pragma_integrity_check;
SELECT 'foreign key', * FROM pragma_foreign_key_check;

-- Brightpearl: every order and contact, so that one made twice shows as one line more.
SELECT 'bp order', o.external_ref, o.instance_id, o.order_type, o.ref, c.email, b.email, o.status_id, o.channel_id,
       o.warehouse_id, o.price_list_id, o.price_mode, o.currency, o.exchange_rate, o.fixed_rate, o.placed_on,
       o.tax_date, o.shipping_method_id, o.total_net, o.total_tax, o.total, o.version,
       o.customer_address, o.billing_address, o.delivery_address
  FROM remote.bp_order o
  LEFT JOIN remote.bp_contact c ON c.id = o.contact_id
  LEFT JOIN remote.bp_contact b ON b.id = o.billing_contact_id
 ORDER BY o.external_ref, o.ref, o.id;
SELECT 'bp row', o.external_ref, r.external_ref, r.sequence, r.product_id, r.name, r.quantity, r.tax_code, r.net,
       r.tax, r.nominal_code
  FROM remote.bp_order_row r JOIN remote.bp_order o ON o.id = r.order_id
 ORDER BY o.external_ref, o.id, r.sequence, r.id;
SELECT 'bp contact', c.email, c.first_name, c.last_name, c.company, c.phone, c.is_customer, c.is_supplier,
       c.is_staff, (SELECT group_concat(line1 || '/' || line2 || '/' || line3 || '/' || line4 || '/' || postal_code
                                        || '/' || country_id)
                      FROM remote.bp_address a
                     WHERE a.id IN (c.def_address_id, c.bil_address_id, c.del_address_id))
  FROM remote.bp_contact c
 ORDER BY c.email, c.id;
SELECT 'bp payment', p.transaction_ref, p.transaction_code, p.method, p.type, o.external_ref, p.currency, p.amount_authorized,
       p.amount_paid, p.payment_date
  FROM remote.bp_payment p LEFT JOIN remote.bp_order o ON o.id = p.order_id ORDER BY p.transaction_ref, p.id;
SELECT 'bp note', o.external_ref, n.text, n.is_public, n.status_id
  FROM remote.bp_order_note n JOIN remote.bp_order o ON o.id = n.order_id ORDER BY o.external_ref, n.text, n.id;
SELECT 'bp field', o.external_ref, f.code, f.value
  FROM remote.bp_order_field f JOIN remote.bp_order o ON o.id = f.order_id ORDER BY o.external_ref, f.code;
SELECT 'bp reservation', o.external_ref, v.warehouse_id, r.product_id, sum(r.quantity)
  FROM remote.bp_reservation v JOIN remote.bp_reservation_row r ON r.order_id = v.order_id
  JOIN remote.bp_order o ON o.id = v.order_id GROUP BY o.external_ref, v.warehouse_id, r.product_id ORDER BY 2, 3, 4;

-- BigCommerce: what we may change there.
SELECT 'bc order', id, status_id, staff_notes, customer_message FROM remote.bc_order ORDER BY id;
SELECT 'bc shipment', order_id, json_remove(body, '$.id', '$.date_created') FROM remote.bc_shipment ORDER BY 2, 3;
SELECT 'bc stock', variant_id, location_id, onhand FROM remote.bc_stock ORDER BY 2, 3;

-- Ours: what is there, and that it names the right record over there.
SELECT 'customer', x.key, x.body, x.state, x.sent, c.email, x.message
  FROM out_customer x LEFT JOIN remote.bp_contact c ON c.id = x.remote_id ORDER BY x.key;
SELECT 'order', x.key, x.order_id, json_remove(x.body, '$.customer.id'), x.state,
       json_remove(x.sent, '$.customer.id'), o.external_ref, x.waits_for, x.total, x.channel_id, x.source_sha256,
       x.sent_sha256, x.message
  FROM out_order x LEFT JOIN remote.bp_order o ON o.id = x.remote_id ORDER BY x.key;
SELECT 'customer link', k.email, c.email
  FROM link_customer k LEFT JOIN remote.bp_contact c ON c.id = k.contact_id ORDER BY k.email;
SELECT 'order link', k.order_id, o.external_ref
  FROM link_order k LEFT JOIN remote.bp_order o ON o.id = k.sales_order_id ORDER BY k.order_id;
SELECT 'payment', key, order_id, state, message FROM out_payment ORDER BY key;
SELECT 'agreed', order_id, field, bigcommerce, brightpearl, differed FROM agreed ORDER BY order_id, field;
SELECT 'note', key, state, value, message FROM out_note ORDER BY key;
SELECT 'status', key, state, target, value, message FROM out_status ORDER BY key;
SELECT 'shipment', key, order_id, state, message FROM out_shipment ORDER BY key;
SELECT 'shipment link', key, order_id FROM link_shipment ORDER BY key;
SELECT 'stock', key, quantity, state, message FROM out_stock ORDER BY key;
SELECT 'reservation', key, state, substr(message, 1, 27) FROM out_reservation ORDER BY key;
SELECT 'order note', key, state, message FROM out_order_note ORDER BY key;
SELECT 'skip', * FROM skip ORDER BY job, key;
SELECT 'reject', job, key, reason, message, hint, csv_line, by_load, count(*) FROM reject WHERE closed_at IS NULL
 GROUP BY job, key, reason ORDER BY job, key, reason;
SELECT 'staged order', id, sha256, lines_sha256, lines_missing, status_id, email, total_inc FROM stg_bc_order ORDER BY id;
SELECT 'staged line', * FROM stg_bc_order_line ORDER BY order_id, id;
SELECT 'staged address', * FROM stg_bc_order_address ORDER BY order_id, position;
SELECT 'staged lines', order_id, page, sha256 FROM stg_bc_order_products ORDER BY order_id, page;
SELECT 'staged customer', id, sha256, group_id FROM stg_bc_customer ORDER BY id;
SELECT 'earlier versions', count(*) FROM stg_history WHERE record LIKE 'bc%';
SELECT 'list', system, list, id, name, usable, rate FROM ref_list ORDER BY system, list, id;
SELECT 'product', id, sku, name, status, stock_tracked, key_fold FROM ref_bp_product ORDER BY id;
SELECT 'product', product_id, variant_id, sku, upc, mpn, gtin, tax_class_id FROM ref_bc_product ORDER BY 2, 3;
SELECT 'lists read', system, list, unavailable FROM ref_read ORDER BY system, list;
SELECT 'complaint', file, line, message FROM map_complaint WHERE message NOT LIKE 'is % days ago:%' ORDER BY file, line, message;
SELECT 'setting', setting, value FROM map_settings ORDER BY setting;
SELECT 'open window', feed FROM cursor WHERE window_from IS NOT NULL;
SELECT 'run left', state FROM run WHERE id = (SELECT max(id) FROM run) AND state <> 'done';
