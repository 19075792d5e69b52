-- The orders to be composed -> temp.todo, with all that selects among mapping lines; their addresses
-- and lines -> temp.order_address, temp.line; lines whose product is not known -> temp.problem.
-- First of the orders job's transform scripts (jobs/orders/transform.c has their order).  All are
-- rerunnable, and all that follow hang on temp.todo alone.  Amounts are ten-thousandths.
DROP TABLE IF EXISTS temp.problem;
CREATE TEMP TABLE problem(key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);

-- That an edit of a sent order is ignored says nothing about the next one.
DELETE FROM decision
 WHERE job = 'orders' AND what = 'ignored' AND key GLOB 'order:[0-9]*'
   AND edit_sha256 <> (SELECT o.lines_sha256 FROM stg_bc_order o WHERE o.id = CAST(substr(key, 7) AS INTEGER));

-- Addresses of an order as Brightpearl takes them: 0 = billing, 1, 2, ... = deliveries.  Texts have
-- no documented limit: cut at 250 letters rather than refused.
DROP VIEW IF EXISTS temp.order_address;
CREATE TEMP VIEW order_address AS
SELECT order_id, position,
       (SELECT json_group_object(key, substr(trim(value), 1, 250)) FROM json_each(json_object(
               'addressFullName', coalesce(first, '') || ' ' || coalesce(last, ''),
               'companyName', company, 'addressLine1', street_1, 'addressLine2', street_2,
               'addressLine3', city, 'addressLine4', state, 'postalCode', zip, 'countryIsoCode', iso3,
               'telephone', phone, 'email', email)) WHERE trim(value) <> '') AS address
  FROM (SELECT id AS order_id, 0 AS position, bill_first AS first, bill_last AS last,
               bill_company AS company, bill_street_1 AS street_1, bill_street_2 AS street_2,
               bill_city AS city, bill_state AS state, bill_zip AS zip, bill_iso3 AS iso3,
               bill_phone AS phone, bill_email AS email FROM stg_bc_order
        UNION ALL
        SELECT order_id, position, first, last, company, street_1, street_2, city, state, zip, iso3,
               phone, email FROM stg_bc_order_address WHERE kind = 'shipping');

-- sent = it is a sales order already, and was edited since.  Position 1 is the delivery.
DROP TABLE IF EXISTS temp.todo;
CREATE TEMP TABLE todo AS
SELECT o.id, c.sent, o.inclusive, o.total_inc, o.total_tax, o.discount + o.coupon AS discounts,
       lower(o.currency) AS currency, o.channel_id, c.status_line,
       lower(coalesce(a.country, o.bill_country, '')) AS country,
       lower(coalesce(a.country, o.bill_country, '')) || '/'
       || coalesce(a.state_fold, lower(a.state), o.bill_state_fold, lower(o.bill_state), '') AS at,
       lower(coalesce(o.bill_country, '')) || '/' || coalesce(o.bill_state_fold, lower(o.bill_state), '') AS bill_at,
       a.method, a.method_fold, a.position IS NOT NULL AS delivered,
       CASE o.customer_id WHEN 0 THEN -1 ELSE coalesce(k.group_id, 0) END AS group_id,
       coalesce(g.name_fold, '') AS group_name, coalesce(h.name_fold, '') AS channel_name
  FROM order_choice c
  JOIN stg_bc_order o ON o.id = c.id
  LEFT JOIN stg_bc_order_address a ON a.order_id = o.id AND a.position = 1
  LEFT JOIN stg_bc_customer k ON k.id = o.customer_id
  LEFT JOIN ref_list g ON g.system = 'bigcommerce' AND g.list = 'customer_group' AND g.id = k.group_id
  LEFT JOIN ref_list h ON h.system = 'bigcommerce' AND h.list = 'channel' AND h.id = o.channel_id
 WHERE c.skipped IS NULL AND o.unreadable IS NULL
   AND NOT o.lines_missing AND NOT o.addresses_missing;
CREATE UNIQUE INDEX temp.todo_id ON todo(id);

-- Lines: after = the line after its discounts, tax included; tax_after = its tax, if the tax told is
-- still that of the undiscounted line; part = a component of a bundle that is a line as well.
-- at = country/region in lower case: digital goods are taxed where they are billed, others where they go.
DROP TABLE IF EXISTS temp.line;
CREATE TEMP TABLE line AS
SELECT l.*, p.product_id AS found_id, p.matches, p.catalogued, p.key, p.bc_key, p.named_id, p.sku_line, p.shown, p.bad,
       coalesce(l.discounted_inc, l.total_inc - l.discount) AS after,
       iif(l.total_inc = 0, l.total_tax,
           l.total_tax * coalesce(l.discounted_inc, l.total_inc - l.discount) / l.total_inc) AS tax_after,
       EXISTS (SELECT 1 FROM stg_bc_order_line b
                WHERE b.order_id = l.order_id AND b.id = l.parent_id AND b.quantity > 0) AS part,
       CASE WHEN l.type = 'digital' THEN t.bill_at
            WHEN a.id IS NULL THEN t.at
            ELSE lower(coalesce(a.country, '')) || '/' || coalesce(a.state_fold, lower(a.state), '') END AS at
  FROM temp.todo t
  JOIN stg_bc_order_line l ON l.order_id = t.id
  JOIN line_product p ON p.order_id = l.order_id AND p.id = l.id
  LEFT JOIN stg_bc_order_address a ON a.order_id = l.order_id AND a.id = l.address_id AND a.kind = 'shipping'
 WHERE l.quantity > 0;
CREATE INDEX temp.line_order ON line(order_id);

-- A product that cannot be told is one cause for all orders that have it: temp.common, a row for each.
DROP TABLE IF EXISTS temp.common;
CREATE TEMP TABLE common(cause TEXT, key TEXT, reason TEXT, message TEXT, hint TEXT, csv_line TEXT);
DROP TABLE IF EXISTS temp.untold;
CREATE TEMP TABLE untold AS
SELECT order_id, coalesce('product:' || nullif(key, ''), printf('product:%d.%d', product_id, coalesce(variant_id, 0))) AS cause,
       CASE WHEN bad IS NOT NULL THEN 'sku_keys_line' WHEN matches > 1 THEN 'ambiguous_sku' ELSE 'unknown_sku' END AS reason,
       (SELECT value FROM setting WHERE name = 'products.bigcommerce_key') AS bc_kind,
       (SELECT value FROM setting WHERE name = 'products.brightpearl_key') AS bp_kind,
       key, bc_key, named_id, sku_line, bad, min(shown) AS shown, min(sku) AS sku, min(coalesce(nullif(name, ''), 'no name')) AS name,
       product_id, coalesce(variant_id, 0) AS variant_id
  FROM temp.line
 WHERE catalogued AND found_id IS NULL
   AND (bad IS NOT NULL OR (SELECT value FROM setting WHERE name = 'orders.missing_sku') = 'hold')
 GROUP BY order_id, 2, 3;

INSERT INTO temp.common
SELECT cause, 'order:' || order_id, reason,
       CASE WHEN reason = 'sku_keys_line' THEN printf('%s (product "%s")', bad, name)
            WHEN reason = 'ambiguous_sku' THEN printf('several Brightpearl products share %s "%s": %s', bp_kind,
                 iif(lower(shown) = key, shown, key),
                 (SELECT group_concat(printf('%d "%s" (%s)', b.id, coalesce(b.name, ''), coalesce(nullif(b.status, ''), 'status not told')), ', ')
                    FROM (SELECT * FROM ref_bp_product b WHERE b.key_fold = u.key ORDER BY b.id LIMIT 20) b))
            WHEN named_id IS NOT NULL THEN printf('Brightpearl has no product %d, which line %d of sku_keys.csv names for "%s"', named_id, sku_line, name)
            WHEN coalesce(key, '') = '' THEN printf('the product "%s" has no %s in BigCommerce, so Brightpearl has no product with its key', name, bc_kind)
            ELSE printf('Brightpearl has no product with %s "%s" (%s)', bp_kind, iif(lower(shown) = key, shown, key), name) END,
       CASE WHEN reason = 'sku_keys_line' THEN 'mend that line'
            WHEN sku_line IS NOT NULL THEN printf('change line %d of mappings/sku_keys.csv to %s%s', sku_line,
                 coalesce((SELECT cell(m.bigcommerce)
                             FROM map_sku_keys m WHERE m.line = sku_line), ''),
                 iif(reason = 'ambiguous_sku', ',id: and the number of the right one,', ',THE_KEY_IN_BRIGHTPEARL,'))
            WHEN reason = 'ambiguous_sku' THEN 'give each a ' || bp_kind
                 || ' of its own, or name the right one in mappings/sku_keys.csv by its number, as in id:1001'
            ELSE 'correct it in either system, name the right one in mappings/sku_keys.csv by its ' || bp_kind
                 || ' or its number, as in id:1001, or set orders.missing_sku to text_row' END,
       -- a key that a mapping cell cannot hold is named by the product's or variant's number
       iif(sku_line IS NOT NULL OR reason = 'sku_keys_line', NULL, printf('mappings/sku_keys.csv: %s,THE_KEY_IN_BRIGHTPEARL,', CASE
           WHEN coalesce(bc_key, '') = '' OR cell(iif(bc_kind = 'sku', sku, bc_key)) IS NULL OR bc_key GLOB '*[*]*'
                OR bc_key GLOB 'product:*' OR bc_key GLOB 'variant:*'
           THEN iif((SELECT count(*) FROM ref_bc_product x WHERE x.product_id = u.product_id AND x.variant_id > 0) > 1 AND variant_id > 0,
                    printf('variant:%d', variant_id), printf('product:%d', product_id))
           ELSE cell(iif(bc_kind = 'sku', sku, bc_key)) END))
  FROM temp.untold u;
INSERT INTO temp.problem SELECT DISTINCT key, reason, NULL, NULL, NULL FROM temp.common;
