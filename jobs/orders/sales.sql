-- temp.page (sales orders as GET order answers them, one per row) -> stg_bp_sale, its rows and custom
-- fields.  temp.read_now(at) holds the server's time.  Rerunnable; uses the functions of lib/func.h.
DROP TABLE IF EXISTS temp.incoming;
CREATE TEMP TABLE incoming AS
SELECT whole(payload -> '$.id') AS id, payload, sha256(payload) AS sha256
  FROM temp.page WHERE whole(payload -> '$.id') IS NOT NULL;

UPDATE stg_bp_sale SET read_at = (SELECT at FROM temp.read_now), gone = 0
 WHERE id IN (SELECT id FROM temp.incoming);
DELETE FROM temp.incoming
 WHERE EXISTS (SELECT 1 FROM stg_bp_sale s WHERE s.id = incoming.id AND s.sha256 = incoming.sha256);

INSERT INTO stg_history(record, id, replaced_at, payload, sha256)
SELECT 'bp_sale', s.id, unixepoch(), s.payload, s.sha256
  FROM stg_bp_sale s JOIN temp.incoming i ON i.id = s.id;

INSERT OR REPLACE INTO stg_bp_sale(id, payload, sha256, changed_run, read_at, gone, type, external_ref,
       customer_ref, parent_id, contact_id, status_id, version, channel_id, warehouse_id,
       shipping_method_id, currency, total, total_tax, price_mode, invoiced, payment_status,
       stock_status, allocation_status, shipping_status, placed_on, created_on, updated_on, closed_on)
SELECT id, payload, sha256, (SELECT id FROM current_run), (SELECT at FROM temp.read_now), 0,
       payload ->> '$.orderTypeCode', payload ->> '$.externalRef', payload ->> '$.reference',
       nullif(whole(payload -> '$.parentOrderId'), 0), whole(payload -> '$.parties.customer.contactId'),
       whole(payload -> '$.orderStatus.orderStatusId'), whole(payload -> '$.version'),
       whole(payload -> '$.assignment.current.channelId'), whole(payload -> '$.warehouseId'),
       nullif(whole(payload -> '$.delivery.shippingMethodId'), 0),
       payload ->> '$.currency.orderCurrencyCode', money(payload -> '$.totalValue.total'),
       money(payload -> '$.totalValue.taxAmount'), payload ->> '$.priceModeCode',
       coalesce(payload ->> '$.state.tax' = 'INVOICED', 0)
       OR coalesce(payload ->> '$.invoices[0].invoiceReference', '') <> '',
       payload ->> '$.orderPaymentStatus', payload ->> '$.stockStatusCode',
       payload ->> '$.allocationStatusCode', payload ->> '$.shippingStatusCode',
       instant(payload ->> '$.placedOn'), instant(payload ->> '$.createdOn'),
       instant(payload ->> '$.updatedOn'), instant(payload ->> '$.closedOn')
  FROM temp.incoming;

DELETE FROM stg_bp_sale_row WHERE sale_id IN (SELECT id FROM temp.incoming);
INSERT INTO stg_bp_sale_row(sale_id, id, sequence, external_ref, product_id, sku, name, quantity, net,
       tax, tax_code, nominal_code, bundle_parent, bundle_child, parent_row_id)
SELECT i.id, CAST(r.key AS INTEGER), whole(r.value -> '$.orderRowSequence'), r.value ->> '$.externalRef',
       whole(r.value -> '$.productId'), r.value ->> '$.productSku', r.value ->> '$.productName',
       money(r.value -> '$.quantity.magnitude'), money(r.value -> '$.rowValue.rowNet.value'),
       money(r.value -> '$.rowValue.rowTax.value'), r.value ->> '$.rowValue.taxCode',
       r.value ->> '$.nominalCode', coalesce(flag(r.value ->> '$.composition.bundleParent'), 0),
       coalesce(flag(r.value ->> '$.composition.bundleChild'), 0),
       nullif(whole(r.value -> '$.composition.parentOrderRowId'), 0)
  FROM temp.incoming i JOIN json_each(i.payload, '$.orderRows') r
 WHERE r.type = 'object' AND CAST(r.key AS INTEGER) > 0;

-- Rows of ours, once they are seen: from now on their ids tell them.
UPDATE link_row AS l
   SET row_id = (SELECT min(r.id) FROM link_order k JOIN stg_bp_sale_row r ON r.sale_id = k.sales_order_id
                  WHERE k.order_id = l.order_id AND r.external_ref = l.ref AND NOT r.bundle_child)
 WHERE l.row_id IS NULL
   AND l.order_id IN (SELECT k.order_id FROM link_order k JOIN temp.incoming i ON i.id = k.sales_order_id);

-- A text field's value is text, a choice {"id", "value"}; a field without a value is absent or null.
DELETE FROM stg_bp_sale_field WHERE sale_id IN (SELECT id FROM temp.incoming);
INSERT INTO stg_bp_sale_field(sale_id, code, value, bare)
SELECT id, key, value, bare(value)
  FROM (SELECT i.id, f.key, plain(coalesce(iif(f.type = 'object', f.value ->> '$.value', NULL), f.value)) AS value
          FROM temp.incoming i JOIN json_each(i.payload, '$.customFields') f
         WHERE f.type NOT IN ('null', 'array'));
