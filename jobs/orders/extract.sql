-- temp.page (one order of BigCommerce per row, as received) -> stg_bc_order and its lines,
-- addresses and fees.  Rerunnable; an order whose payload is the same writes nothing but stg_seen.
-- Uses the functions of lib/func.h.
DROP TABLE IF EXISTS temp.incoming;
CREATE TEMP TABLE incoming AS
SELECT whole(payload -> '$.id') AS id, payload, sha256(payload) AS sha256 FROM temp.page;

INSERT INTO stg_seen(record, id, first_at, last_at)
SELECT 'bc_order', id, unixepoch(), unixepoch() FROM temp.incoming WHERE id IS NOT NULL
    ON CONFLICT DO UPDATE SET last_at = excluded.last_at;

DELETE FROM temp.incoming
 WHERE id IS NULL OR EXISTS (SELECT 1 FROM stg_bc_order o
                              WHERE o.id = incoming.id AND o.sha256 = incoming.sha256);

INSERT INTO stg_history(record, id, replaced_at, payload, sha256)
SELECT 'bc_order', o.id, unixepoch(), o.payload, o.sha256
  FROM stg_bc_order o JOIN temp.incoming i ON i.id = o.id;

-- Consignments: one object, or the older list of such objects; or only a link, which says nothing.
DROP TABLE IF EXISTS temp.consignments;
CREATE TEMP TABLE consignments AS
SELECT i.id AS order_id, 0 AS position, i.payload -> '$.consignments' AS value
  FROM temp.incoming i WHERE json_type(i.payload, '$.consignments') = 'object'
UNION ALL
SELECT i.id, c.key, c.value
  FROM temp.incoming i JOIN json_each(i.payload, '$.consignments') c
 WHERE json_type(i.payload, '$.consignments') = 'array' AND c.type = 'object';

ALTER TABLE temp.incoming ADD COLUMN addressed;
UPDATE temp.incoming AS i
   SET addressed = EXISTS (SELECT 1 FROM temp.consignments c
                            WHERE c.order_id = i.id AND json_type(c.value, '$.shipping') = 'array')
   AND NOT EXISTS (SELECT 1 FROM temp.consignments c JOIN json_each(c.value, '$.shipping') s
                    WHERE c.order_id = i.id AND json_type(s.value, '$.id') IS NULL);

INSERT INTO stg_bc_order(id, payload, sha256, changed_run, date_created, date_modified, status_id,
       customer_id, email, channel_id, source, payment_method, is_deleted, is_digital, inclusive, currency,
       store_currency, rate_to_store, total_inc, total_ex, total_tax,
       subtotal_inc, subtotal_ex, subtotal_tax, shipping_inc, shipping_ex, shipping_tax,
       handling_inc, handling_ex, handling_tax, wrapping_inc, wrapping_ex, wrapping_tax,
       discount, coupon, items_total,
       bill_first, bill_last, bill_company, bill_street_1, bill_street_2, bill_city, bill_state,
       bill_zip, bill_country, bill_iso3, bill_phone, bill_email, bill_state_fold,
       store_credit_amount, gift_certificate_amount, customer_message, customer_message_bare,
       staff_notes, staff_notes_bare, lines_missing, addresses_missing)
SELECT i.id, i.payload, i.sha256, (SELECT id FROM current_run),
       instant(payload -> '$.date_created'), instant(payload -> '$.date_modified'),
       whole(payload -> '$.status_id'), coalesce(whole(payload -> '$.customer_id'), 0),
       coalesce(fold(payload ->> '$.billing_address.email'), ''),
       coalesce(whole(payload -> '$.channel_id'), 1), lower(tidy(payload ->> '$.order_source')), single(payload ->> '$.payment_method'),
       coalesce(payload ->> '$.is_deleted' IN (1, 'true'), 0),
       coalesce(payload ->> '$.order_is_digital' IN (1, 'true'), 0),
       coalesce(payload ->> '$.is_tax_inclusive_pricing' IN (1, 'true'), 0),
       upper(tidy(coalesce(payload ->> '$.default_currency_code', payload ->> '$.currency_code'))),
       coalesce(upper(tidy(payload ->> '$.store_default_currency_code')), ''),
       invert(payload -> '$.store_default_to_transactional_exchange_rate'),
       money(payload -> '$.total_inc_tax'), money(payload -> '$.total_ex_tax'),
       money(payload -> '$.total_tax'),
       money(payload -> '$.subtotal_inc_tax'), money(payload -> '$.subtotal_ex_tax'),
       money(payload -> '$.subtotal_tax'),
       coalesce(money(payload -> '$.shipping_cost_inc_tax'), 0),
       coalesce(money(payload -> '$.shipping_cost_ex_tax'), 0),
       coalesce(money(payload -> '$.shipping_cost_tax'), 0),
       coalesce(money(payload -> '$.handling_cost_inc_tax'), 0),
       coalesce(money(payload -> '$.handling_cost_ex_tax'), 0),
       coalesce(money(payload -> '$.handling_cost_tax'), 0),
       coalesce(money(payload -> '$.wrapping_cost_inc_tax'), 0),
       coalesce(money(payload -> '$.wrapping_cost_ex_tax'), 0),
       coalesce(money(payload -> '$.wrapping_cost_tax'), 0),
       coalesce(money(payload -> '$.discount_amount'), 0),
       coalesce(money(payload -> '$.coupon_discount'), 0),
       whole(payload -> '$.items_total'),
       single(payload ->> '$.billing_address.first_name'),
       single(payload ->> '$.billing_address.last_name'),
       single(payload ->> '$.billing_address.company'),
       single(payload ->> '$.billing_address.street_1'),
       single(payload ->> '$.billing_address.street_2'),
       single(payload ->> '$.billing_address.city'),
       single(payload ->> '$.billing_address.state'),
       single(payload ->> '$.billing_address.zip'),
       iso2(payload ->> '$.billing_address.country_iso2', payload ->> '$.billing_address.country'),
       iso3(payload ->> '$.billing_address.country_iso2', payload ->> '$.billing_address.country'),
       single(payload ->> '$.billing_address.phone'),
       tidy(payload ->> '$.billing_address.email'),
       fold(plain(payload ->> '$.billing_address.state')),
       coalesce(money(payload -> '$.store_credit_amount'), 0),
       coalesce(money(payload -> '$.gift_certificate_amount'), 0),
       coalesce(plain(payload ->> '$.customer_message'), ''),
       coalesce(bare(payload ->> '$.customer_message'), ''),
       coalesce(plain(payload ->> '$.staff_notes'), ''),
       coalesce(bare(payload ->> '$.staff_notes'), ''),
       instr(payload, '"__warning__":') > 0 OR NOT i.addressed, NOT i.addressed
  FROM temp.incoming i
 WHERE true
    ON CONFLICT(id) DO UPDATE SET
       payload = excluded.payload, sha256 = excluded.sha256, changed_run = excluded.changed_run,
       date_created = excluded.date_created, date_modified = excluded.date_modified,
       status_id = excluded.status_id, customer_id = excluded.customer_id, email = excluded.email,
       channel_id = excluded.channel_id, source = excluded.source, payment_method = excluded.payment_method,
       is_deleted = excluded.is_deleted, is_digital = excluded.is_digital,
       inclusive = excluded.inclusive, currency = excluded.currency,
       store_currency = excluded.store_currency, rate_to_store = excluded.rate_to_store,
       total_inc = excluded.total_inc, total_ex = excluded.total_ex, total_tax = excluded.total_tax,
       subtotal_inc = excluded.subtotal_inc, subtotal_ex = excluded.subtotal_ex,
       subtotal_tax = excluded.subtotal_tax, shipping_inc = excluded.shipping_inc,
       shipping_ex = excluded.shipping_ex, shipping_tax = excluded.shipping_tax,
       handling_inc = excluded.handling_inc, handling_ex = excluded.handling_ex,
       handling_tax = excluded.handling_tax, wrapping_inc = excluded.wrapping_inc,
       wrapping_ex = excluded.wrapping_ex, wrapping_tax = excluded.wrapping_tax,
       discount = excluded.discount, coupon = excluded.coupon, items_total = excluded.items_total,
       bill_first = excluded.bill_first, bill_last = excluded.bill_last,
       bill_company = excluded.bill_company, bill_street_1 = excluded.bill_street_1,
       bill_street_2 = excluded.bill_street_2, bill_city = excluded.bill_city,
       bill_state = excluded.bill_state, bill_zip = excluded.bill_zip,
       bill_country = excluded.bill_country, bill_iso3 = excluded.bill_iso3,
       bill_phone = excluded.bill_phone, bill_email = excluded.bill_email,
       bill_state_fold = excluded.bill_state_fold,
       store_credit_amount = excluded.store_credit_amount,
       gift_certificate_amount = excluded.gift_certificate_amount,
       customer_message = excluded.customer_message,
       customer_message_bare = excluded.customer_message_bare,
       staff_notes = excluded.staff_notes, staff_notes_bare = excluded.staff_notes_bare,
       lines_missing = excluded.lines_missing, addresses_missing = excluded.addresses_missing,
       unreadable = NULL, torn = NULL;

-- Addresses as they stand there, one JSON text each.
DROP TABLE IF EXISTS temp.address_record;
CREATE TEMP TABLE address_record AS
SELECT c.order_id, row_number() OVER (PARTITION BY c.order_id
              ORDER BY k.kind DESC, whole(a.value -> '$.id'), c.position, a.key) AS position, k.kind, a.value AS payload
  FROM temp.consignments c
  JOIN (SELECT 'shipping' AS kind, '$.shipping' AS path
        UNION ALL SELECT 'pickup', '$.pickups') k
  JOIN json_each(c.value, k.path) a
 WHERE json_type(a.value, '$.id') IS NOT NULL;

DELETE FROM stg_bc_order_fee WHERE order_id IN (SELECT id FROM temp.incoming);
INSERT INTO stg_bc_order_fee
SELECT i.id, row_number() OVER (PARTITION BY i.id ORDER BY f.key),
       single(coalesce(f.value ->> '$.display_name_merchant', f.value ->> '$.display_name_customer')),
       money(f.value -> '$.cost_inc_tax'),
       money(coalesce(f.value -> '$.cost_ex_tax', f.value -> '$.cost_exc_tax')),
       coalesce(money(f.value -> '$.cost_tax'), 0)
  FROM temp.incoming i
  JOIN json_each(i.payload, iif(json_type(i.payload, '$.fees.fees') IS NULL, '$.fees', '$.fees.fees')) f
 WHERE f.type = 'object' AND f.value ->> '$.cost_inc_tax' IS NOT NULL;

-- The lines as they stand in the consignments, one JSON text each.
DROP TABLE IF EXISTS temp.line_record;
CREATE TEMP TABLE line_record AS
SELECT i.id AS order_id, row_number() OVER (PARTITION BY i.id ORDER BY t.id, l.key) AS position, l.type, l.value AS payload
  FROM temp.incoming i
  JOIN json_tree(i.payload, '$.consignments') t
  JOIN json_each(i.payload, t.fullkey) l
 WHERE t.key = 'line_items';

-- A line that is only a link, or an object instead of a list, was not included: read /products.
UPDATE stg_bc_order SET lines_missing = 1
 WHERE id IN (SELECT order_id FROM temp.line_record
               WHERE type <> 'object' OR (payload ->> '$.quantity' IS NULL
                                          AND payload ->> '$.__warning__' IS NULL));
