-- Orders with temp.order_row + mappings -> out_order, one sales order body each; what cannot be
-- mapped -> temp.problem.  Runs last; rerunnable.  A row in flight keeps its state, an
-- order that was sent is never composed again.

-- The rate from an order's currency to the account's base: 1, or what BigCommerce told when the store's
-- default is that base, or the account's own rate.
DROP TABLE IF EXISTS temp.rate;
CREATE TEMP TABLE rate AS
SELECT o.id, CASE WHEN o.currency = b.value THEN '1'
                  WHEN o.store_currency = b.value AND o.rate_to_store IS NOT NULL THEN o.rate_to_store
                  ELSE r.rate END AS rate, b.value AS base
  FROM temp.todo t
  JOIN stg_bc_order o ON o.id = t.id
  LEFT JOIN ref_bp_configuration b ON b.name = 'baseCurrencyCode'
  LEFT JOIN ref_list r ON r.system = 'brightpearl' AND r.list = 'currency' AND r.id = o.currency;

-- The lines of sales.csv, statuses.csv and shipping.csv that decide.
DROP TABLE IF EXISTS temp.chosen;
CREATE TEMP TABLE chosen AS
SELECT t.id, t.status_line,
       (SELECT m.line FROM map_sales m
         WHERE (m.channel_id = t.channel_id OR (m.channel_id IS NULL
                AND t.channel_name LIKE m.channel_like ESCAPE '\'))
           AND (m.customer_group_id = t.group_id OR (m.customer_group_id IS NULL
                AND t.group_name LIKE m.customer_group_like ESCAPE '\'))
           AND t.currency LIKE m.currency_like ESCAPE '\' AND t.country LIKE m.country_like ESCAPE '\'
         ORDER BY m.named DESC, m.line LIMIT 1) AS sales_line,
       (SELECT m.line FROM map_shipping m
         WHERE m."from" = 'bigcommerce' AND t.method_fold LIKE m.method_like ESCAPE '\'
         ORDER BY m.named DESC, length(m.method_like) DESC, m.line LIMIT 1) AS shipping_line
  FROM temp.todo t;

INSERT INTO temp.problem
SELECT 'order:' || c.id, 'unreadable', 'BigCommerce sent an order without a readable ' || o.unreadable,
       'look at the order in BigCommerce', NULL
  FROM order_choice c JOIN stg_bc_order o ON o.id = c.id
 WHERE c.skipped IS NULL AND o.unreadable IS NOT NULL;

INSERT INTO temp.problem
SELECT 'order:' || c.id, 'lines_not_read',
       'not all of its ' || iif(o.lines_missing, 'lines', 'addresses') || ' could be read yet',
       'run again; if it stays, look at the order in BigCommerce', NULL
  FROM order_choice c JOIN stg_bc_order o ON o.id = c.id
 WHERE c.skipped IS NULL AND (o.lines_missing OR o.addresses_missing) AND o.unreadable IS NULL AND c.state IS NOT 'done';

INSERT INTO temp.problem
SELECT 'order:' || c.id, 'no_status_line', 'statuses.csv has no line for the BigCommerce status ' || c.status_name,
       'say whether new orders in it are imported',
       (SELECT printf('mappings/statuses.csv: BigCommerce,%s,no,,,', iif(cell(r.name) IS NOT r.name OR r.name GLOB '*[*|]*' OR r.name GLOB '(*'
                      OR EXISTS (SELECT 1 FROM ref_list o WHERE o.system = r.system AND o.list = r.list AND o.id <> r.id
                                    AND (o.name_fold = r.name_fold OR o.id = r.name)), 'id:' || r.id, r.name))
          FROM ref_list r WHERE r.system = 'bigcommerce' AND r.list = 'status' AND r.id = CAST(c.status_id AS TEXT))
  FROM order_choice c
 WHERE c.skipped IS NULL AND c.state IS NOT 'done' AND c.status_line IS NULL AND NOT c.any_status;

INSERT INTO temp.problem
SELECT 'order:' || t.id, 'no_sales_line',
       printf('no line of sales.csv fits channel %d, currency %s, country %s', t.channel_id,
              upper(t.currency), upper(t.country)),
       'add the line that names the Brightpearl channel for such orders',
       'mappings/sales.csv: *,*,*,*,CHANNEL,,,,,,,'
  FROM temp.todo t JOIN temp.chosen c ON c.id = t.id LEFT JOIN map_sales s ON s.line = c.sales_line
 WHERE NOT t.sent AND s.order_channel_id IS NULL;

INSERT INTO temp.problem
SELECT 'order:' || c.id, 'held_by_mapping',
       printf('line %d of %s says (hold)', iif(s.becomes = '(hold)', coalesce(s.becomes_line, s.line), h.line),
              iif(s.becomes = '(hold)', 'statuses.csv', 'shipping.csv')),
       'decide what becomes of it and edit the line', NULL
  FROM temp.todo t
  JOIN temp.chosen c ON c.id = t.id
  LEFT JOIN map_statuses s ON s.line = c.status_line AND NOT t.sent
  LEFT JOIN map_shipping h ON h.line = c.shipping_line
 WHERE s.becomes = '(hold)' OR (h.becomes = '(hold)' AND h.sync);

INSERT INTO temp.problem
SELECT 'order:' || o.id, 'currency_rate',
       printf('the rate from %s to the account''s %s is not known', o.currency, coalesce(r.base, 'base currency')),
       'add the currency in Brightpearl, or enter this order by hand', NULL
  FROM temp.rate r JOIN stg_bc_order o ON o.id = r.id JOIN temp.todo t ON t.id = r.id
 WHERE NOT t.sent AND (r.rate IS NULL OR r.base IS NULL);

-- A certificate that was sold is owed, not earned: without a nominal code of its own it would be booked as sales.
INSERT INTO temp.problem
SELECT 'order:' || t.id, 'no_gift_certificate_nominal',
       'a gift certificate was sold with it, and orders.gift_certificate_nominal is empty',
       'name the nominal code that sold certificates are booked on', 'mappings/settings.csv: orders.gift_certificate_nominal,CODE,'
  FROM temp.todo t
 WHERE NOT t.sent AND coalesce((SELECT value FROM setting WHERE name = 'orders.gift_certificate_nominal'), '') = ''
   AND EXISTS (SELECT 1 FROM stg_bc_order_line l WHERE l.order_id = t.id AND l.type = 'giftcertificate');

INSERT INTO temp.problem
SELECT 'order:' || o.id, 'locked_period', 'it is dated on or before orders.lock_date',
       'move orders.lock_date, or enter it by hand', NULL
  FROM temp.todo t JOIN stg_bc_order o ON o.id = t.id
 WHERE NOT t.sent AND (SELECT value FROM setting WHERE name = 'orders.lock_date') GLOB '[0-9]*'
   AND o.date_created <= CAST((SELECT value FROM setting WHERE name = 'orders.lock_date') AS INTEGER);

INSERT INTO temp.problem
SELECT 'order:' || t.id, 'no_lines', 'it has no lines', 'look at the order in BigCommerce', NULL
  FROM temp.todo t WHERE NOT EXISTS (SELECT 1 FROM temp.order_row r WHERE r.order_id = t.id);

-- Another connector's order that looks like it but differs: a person says who is who.
INSERT INTO temp.problem
SELECT 'order:' || t.id, 'looks_adopted', d.message,
       printf('if they are the same: ./run.sh link order %d %d --force; if not: ./run.sh retry order:%d', t.id,
              d.sales_order_id, t.id), NULL
  FROM temp.todo t JOIN adopt_differs d ON d.order_id = t.id;

-- Whose order it is: the contact of its e-mail, else the one of customers.if_absent, else it waits.
DROP TABLE IF EXISTS temp.buyer;
CREATE TEMP TABLE buyer AS
SELECT o.id, coalesce(k.contact_id, iif(x.key IS NULL OR x.state = 'ignored', a.contact_id, NULL)) AS contact_id,
       o.email, x.state
  FROM temp.todo t
  JOIN stg_bc_order o ON o.id = t.id
  LEFT JOIN link_customer k ON k.email = o.email AND o.email <> ''
  LEFT JOIN out_customer x ON x.key = o.email
  LEFT JOIN (SELECT CAST(value AS INTEGER) AS contact_id FROM setting
              WHERE name = 'customers.if_absent' AND value GLOB '[0-9]*') a
 WHERE NOT t.sent;

INSERT INTO temp.problem
SELECT 'order:' || id,
       CASE WHEN email = '' THEN 'no_email' WHEN state = 'rejected' THEN 'customer_rejected' ELSE 'customer_absent' END,
       CASE WHEN email = '' THEN 'it has no e-mail, so its customer cannot be told'
            WHEN state = 'rejected' THEN 'its customer was refused by Brightpearl'
            WHEN (SELECT value FROM setting WHERE name = 'customers.enabled') = 'no'
            THEN 'its customer is not known: the job customers is off'
            ELSE 'Brightpearl has no customer with its e-mail' END,
       CASE WHEN email = '' THEN 'name a contact for such orders in customers.if_absent'
            WHEN state = 'rejected' THEN 'see the reject of customer:' || email
            WHEN (SELECT value FROM setting WHERE name = 'customers.enabled') = 'no'
            THEN 'set customers.enabled to yes in mappings/settings.csv, so that the contact is looked for, and made if there is none;'
                 || ' or name a contact for such orders in customers.if_absent'
            ELSE 'create the contact in Brightpearl, or set customers.create to yes' END, NULL
  FROM temp.buyer
 WHERE contact_id IS NULL AND (email = '' OR state IS NULL OR state IN ('rejected', 'ignored'));

-- Not in flight, and not to be sent as things are.
DELETE FROM out_order
 WHERE state IN ('pending', 'rejected') AND remote_id IS NULL
   AND (order_id NOT IN (SELECT id FROM temp.todo)
        OR 'order:' || order_id IN (SELECT key FROM temp.problem));

-- What can be composed, edited orders too.
DROP TABLE IF EXISTS temp.composed;
CREATE TEMP TABLE composed AS
SELECT o.id, t.sent,
       json_patch('{}', json_object(
       'customer', json_object('id', b.contact_id, 'address', json(ba.address)),
       'billing', json_object('address', json(ba.address)),
       'ref', (SELECT prefix FROM order_reference) || o.id,
       'externalRef', (SELECT prefix FROM order_reference) || o.id,
       'placedOn', strftime('%Y-%m-%dT%H:%M:%SZ', o.date_created, 'unixepoch'),
       'taxDate', strftime('%Y-%m-%dT%H:%M:%SZ', o.date_created, 'unixepoch'),
       'statusId', s.becomes_id,
       'warehouseId', coalesce(m.warehouse_id, (SELECT warehouse_id FROM map_warehouses
                                                 WHERE reserve IS NOT NULL ORDER BY reserve LIMIT 1)),
       'channelId', m.order_channel_id, 'priceListId', m.price_list_id, 'leadSourceId', m.lead_source_id,
       'projectId', m.project_id, 'teamId', m.team_id, 'staffOwnerId', m.staff_owner_id,
       'priceModeCode', iif(o.inclusive, 'INC', 'EXC'),
       'currency', json_object('code', o.currency, 'fixedExchangeRate', json('true'), 'exchangeRate',
              f.rate),
       'delivery', json_object('shippingMethodId', iif(h.sync, h.becomes_id, NULL),
              'address', json(coalesce(da.address, ba.address))),
       'rows', json(r.rows))) AS body,
       CASE WHEN NOT t.sent AND b.contact_id IS NULL THEN 'customer:' || b.email
            WHEN EXISTS (SELECT 1 FROM order_named) AND o.id NOT IN (SELECT id FROM order_named)
            THEN 'the next whole run' END AS waits_for,
       g.total, n.text AS note, m.order_channel_id AS channel_id, m.warehouse_id,
       o.lines_sha256 AS source_sha256,
       (SELECT json_group_array(json_object('ref', (SELECT prefix FROM order_reference) || l.order_id || ':' || l.ref,
               'line', l.id, 'quantity', l.quantity, 'product', coalesce(l.found_id, 1000)))
          FROM (SELECT * FROM temp.grouped g WHERE g.order_id = o.id ORDER BY g.id) l) AS lines
  FROM temp.todo t
  JOIN stg_bc_order o ON o.id = t.id
  JOIN temp.reading g ON g.id = o.id
  LEFT JOIN temp.note n ON n.order_id = o.id
  LEFT JOIN temp.buyer b ON b.id = o.id
  JOIN temp.rate f ON f.id = o.id
  JOIN temp.chosen c ON c.id = o.id
  LEFT JOIN map_sales m ON m.line = c.sales_line
  LEFT JOIN map_statuses s ON s.line = c.status_line
  LEFT JOIN map_shipping h ON h.line = c.shipping_line
  JOIN order_address ba ON ba.order_id = o.id AND ba.position = 0
  LEFT JOIN order_address da ON da.order_id = o.id AND da.position = 1
  JOIN (SELECT order_id, json_group_array(json_patch('{}', json_object('productId', product_id,
               'name', name, 'quantity', CAST(quantity AS TEXT), 'taxCode', tax_code,
               'net', printf('%s%d.%04d', iif(net < 0, '-', ''), abs(net) / 10000, abs(net) % 10000),
               'tax', printf('%s%d.%02d', iif(tax_cents < 0, '-', ''), abs(tax_cents) / 100, abs(tax_cents) % 100),
               'nominalCode', coalesce((SELECT nullif(value, '') FROM setting WHERE name = 'orders.' || nominal || '_nominal'),
                      (SELECT value FROM ref_bp_configuration WHERE name =
                       CASE nominal WHEN 'shipping' THEN 'shippingNominalCode' WHEN 'handling' THEN 'shippingNominalCode'
                                    WHEN 'discount' THEN 'discountNominalCode' WHEN 'rounding' THEN 'discountNominalCode'
                                    ELSE iif(nominal IS NULL, NULL, 'salesNominalCode') END)),
               'externalRef', (SELECT prefix FROM order_reference) || order_id || ':' || ref))) AS rows
          FROM (SELECT * FROM temp.order_row ORDER BY order_id, sequence) GROUP BY order_id) r ON r.order_id = o.id
 WHERE 'order:' || o.id NOT IN (SELECT key FROM temp.problem);

INSERT INTO out_order(key, order_id, body, state, waits_for, total, note, channel_id, warehouse_id, source_sha256, lines,
       changed_run)
SELECT (SELECT prefix FROM order_reference) || id, id, body, 'pending', waits_for, total, note, channel_id, warehouse_id,
       source_sha256, lines, (SELECT id FROM current_run)
  FROM temp.composed WHERE NOT sent
    ON CONFLICT(order_id) DO UPDATE SET key = iif(attempts = 0, excluded.key, key), body = excluded.body, waits_for = excluded.waits_for,
       total = excluded.total, note = excluded.note, channel_id = excluded.channel_id,
       warehouse_id = excluded.warehouse_id, source_sha256 = excluded.source_sha256, lines = excluded.lines,
       changed_run = excluded.changed_run, state = iif(state = 'rejected', 'pending', state)
 WHERE state IN ('pending', 'rejected') -- what is in flight stays as it was sent
   AND (body IS NOT excluded.body OR waits_for IS NOT excluded.waits_for OR note IS NOT excluded.note
        OR warehouse_id IS NOT excluded.warehouse_id OR lines IS NOT excluded.lines);
