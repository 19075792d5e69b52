-- Edits in temp.edited(order_id, sale_id, before, after: bodies) against the sales order as it was read
-- last (stg_bp_sale) -> temp.edit_row, temp.edit_state: how far it is as it was sent, or as it
-- should become.  Rerunnable; used by the transform and, once more, by the load.

-- Rows of both bodies; amounts there have a fixed number of decimals.
DROP TABLE IF EXISTS temp.edit_row;
CREATE TEMP TABLE edit_row AS
SELECT e.order_id, e.sale_id, s.side, r.key AS position, r.value AS row, r.value ->> '$.externalRef' AS ref,
       r.value ->> '$.productId' AS product_id, r.value ->> '$.name' AS name, r.value ->> '$.taxCode' AS tax_code,
       10000 * CAST(r.value ->> '$.quantity' AS INTEGER) AS quantity,
       CAST(replace(r.value ->> '$.net', '.', '') AS INTEGER) AS net,
       100 * CAST(replace(r.value ->> '$.tax', '.', '') AS INTEGER) AS tax
  FROM temp.edited e
  JOIN (SELECT 'before' AS side UNION ALL SELECT 'after') s
  JOIN json_each(iif(s.side = 'before', e.before, e.after), '$.rows') r;
CREATE INDEX temp.edit_row_ref ON edit_row(order_id, side, ref);

-- Fields of addresses, and the shipping method, that the edit changes.
DROP TABLE IF EXISTS temp.edit_field;
CREATE TEMP TABLE edit_field AS
SELECT e.order_id, e.sale_id, p.party, f.field, e.before ->> p.path ->> f.field AS before, e.after ->> p.path ->> f.field AS after
  FROM temp.edited e
  JOIN (SELECT 'customer' AS party, '$.customer.address' AS path
        UNION ALL SELECT 'billing', '$.billing.address'
        UNION ALL SELECT 'delivery', '$.delivery.address') p
  JOIN (SELECT value AS field FROM json_each('["addressFullName", "companyName", "addressLine1", "addressLine2",
        "addressLine3", "addressLine4", "postalCode", "countryIsoCode", "telephone", "email"]')) f
 WHERE e.before ->> p.path ->> f.field IS NOT e.after ->> p.path ->> f.field
   AND (f.field <> 'email' OR lower(e.before ->> p.path ->> f.field) IS NOT lower(e.after ->> p.path ->> f.field))
UNION ALL
SELECT order_id, sale_id, 'method', 'shippingMethodId', before ->> '$.delivery.shippingMethodId',
       after ->> '$.delivery.shippingMethodId'
  FROM temp.edited WHERE before ->> '$.delivery.shippingMethodId' IS NOT after ->> '$.delivery.shippingMethodId';

-- An order that another hand made is compared with what Brightpearl has.
DELETE FROM temp.edit_field AS f
 WHERE EXISTS (SELECT 1 FROM temp.edited e JOIN stg_bp_sale s ON s.id = e.sale_id
                WHERE e.order_id = f.order_id AND e.before -> '$.rows' IS NULL
                  AND (f.party = 'customer'
                       OR f.party = 'method' AND coalesce(s.shipping_method_id, 0) = coalesce(f.after, 0)
                       OR lower(trim(coalesce(s.payload ->> ('$.parties.' || f.party) ->> f.field, ''))) = lower(coalesce(f.after, ''))
                       OR f.field = 'countryIsoCode'
                          AND s.payload ->> ('$.parties.' || f.party) ->> 'countryIsoCode3' = f.after));
UPDATE temp.edit_field AS f
   SET before = iif(f.party = 'method', s.shipping_method_id, s.payload ->> ('$.parties.' || f.party) ->> f.field)
  FROM temp.edited e JOIN stg_bp_sale s ON s.id = e.sale_id
 WHERE e.order_id = f.order_id AND e.before -> '$.rows' IS NULL;

-- Each of our rows, by its reference, is in Brightpearl as it was (2), as it becomes (1), both (3), or
-- neither (0): then a person changed it.  Half a penny may be missing, and it is the nearer of the two.
DROP TABLE IF EXISTS temp.edit_match;
CREATE TEMP TABLE edit_match AS
SELECT r.order_id, r.ref, s.id IS NOT NULL AND s.bundle_parent AS bundle, b.ref IS NOT NULL AS before, a.ref IS NOT NULL AS after,
       a.quantity IS NOT b.quantity OR a.net IS NOT b.net OR a.tax IS NOT b.tax OR a.name IS NOT b.name AS changes,
       iif(a.ref IS NULL OR s.id IS NULL, a.ref IS NULL AND s.id IS NULL,
           a.product_id IS s.product_id AND a.quantity = s.quantity AND a.tax_code IS s.tax_code
           AND abs(a.net - s.net) <= 50 AND abs(a.tax - s.tax) <= 50 AND abs(a.net - s.net) <= abs(coalesce(b.net, 0) - s.net))
       + 2 * iif(b.ref IS NULL OR s.id IS NULL, b.ref IS NULL AND s.id IS NULL,
           b.product_id IS s.product_id AND b.quantity = s.quantity AND b.tax_code IS s.tax_code
           AND abs(b.net - s.net) <= 50 AND abs(b.tax - s.tax) <= 50 AND abs(b.net - s.net) <= abs(coalesce(a.net, 0) - s.net)) AS fits
  FROM (SELECT DISTINCT order_id, sale_id, ref FROM temp.edit_row) r
  LEFT JOIN temp.edit_row b ON b.order_id = r.order_id AND b.side = 'before' AND b.ref = r.ref
  LEFT JOIN temp.edit_row a ON a.order_id = r.order_id AND a.side = 'after' AND a.ref = r.ref
  LEFT JOIN stg_bp_sale_row s ON s.sale_id = r.sale_id AND s.external_ref = r.ref AND NOT s.bundle_child;

-- Pieces and worth of each product, by whomever its rows were made: a person who makes the same change
-- may do so with other rows.
DROP TABLE IF EXISTS temp.edit_product;
CREATE TEMP TABLE edit_product AS
SELECT p.order_id, p.product_id, p.quantity_before, p.quantity, p.worth_before, p.worth,
       coalesce(sum(s.quantity), 0) AS quantity_there, coalesce(sum(s.net + s.tax), 0) AS worth_there
  FROM (SELECT order_id, sale_id, product_id,
               coalesce(sum(quantity) FILTER (WHERE side = 'before'), 0) AS quantity_before,
               coalesce(sum(net + tax) FILTER (WHERE side = 'before'), 0) AS worth_before,
               coalesce(sum(quantity) FILTER (WHERE side = 'after'), 0) AS quantity,
               coalesce(sum(net + tax) FILTER (WHERE side = 'after'), 0) AS worth
          FROM temp.edit_row WHERE product_id <> 1000 GROUP BY order_id, product_id) p
  LEFT JOIN stg_bp_sale_row s ON s.sale_id = p.sale_id AND s.product_id = p.product_id AND NOT s.bundle_child
 GROUP BY p.order_id, p.product_id;

-- Of an edit's two halves, the addresses and all else (rows, costs, shipping method): ..._change = it makes a
-- difference to what we send; ..._there = Brightpearl has it already: our rows as they become, or others that
-- come to the same where that can be told.
DROP TABLE IF EXISTS temp.edit_state;
CREATE TEMP TABLE edit_state AS
WITH sums AS (
	SELECT order_id, sum(iif(side = 'before', net + tax, 0)) AS total_before, sum(iif(side = 'after', net + tax, 0)) AS total,
	       sum(iif(side = 'before', tax, 0)) AS tax_before, sum(iif(side = 'after', tax, 0)) AS tax
	  FROM temp.edit_row GROUP BY order_id),
fields AS (
	SELECT e.order_id, EXISTS (SELECT 1 FROM temp.edit_field f WHERE f.order_id = e.order_id AND f.party <> 'method') AS address_change,
	       EXISTS (SELECT 1 FROM temp.edit_field f WHERE f.order_id = e.order_id AND f.party = 'delivery') AS delivery_changes,
	       EXISTS (SELECT 1 FROM temp.edit_field f WHERE f.order_id = e.order_id AND f.party = 'method') AS method_changes,
	       NOT EXISTS (SELECT 1 FROM temp.edit_field f
	                    WHERE f.order_id = e.order_id AND f.party IN ('billing', 'delivery')
	                      AND lower(trim(coalesce(s.payload ->> ('$.parties.' || f.party) ->> f.field, '')))
	                          <> lower(coalesce(f.after, ''))
	                      AND (f.field <> 'countryIsoCode'
	                           OR coalesce(s.payload ->> ('$.parties.' || f.party) ->> 'countryIsoCode3', '') <> coalesce(f.after, '')))
	       AS address_there,
	       NOT EXISTS (SELECT 1 FROM temp.edit_field f
	                    WHERE f.order_id = e.order_id AND f.party = 'method'
	                      AND coalesce(s.shipping_method_id, 0) <> coalesce(f.after, 0)) AS method_there
	  FROM temp.edited e LEFT JOIN stg_bp_sale s ON s.id = e.sale_id),
rows_of AS (
	SELECT order_id, max(changes) AS rows_change, min(fits > 0) AND count(*) = count(DISTINCT ref) AS rows_ours, min(fits IN (1, 3)) AS rows_there,
	       max(bundle AND changes AND before AND after) AS bundle_changes
	  FROM temp.edit_match GROUP BY order_id),
products AS (
	SELECT order_id, max(quantity <> quantity_before OR worth <> worth_before) AS products_change,
	       min(quantity = quantity_there AND (worth = worth_before
	              OR (abs(worth - worth_there) <= 100 AND abs(worth - worth_there) < abs(worth_before - worth_there)))) AS products_there
	  FROM temp.edit_product GROUP BY order_id)
SELECT e.order_id, coalesce(s.sha256 <> '', 0) AS is_read, coalesce(s.gone, 0) AS gone, t.total_before, t.total,
       f.address_change, f.delivery_changes, coalesce(rows_change, 0) OR f.method_changes AS lines_change, f.address_there,
       rows_ours, bundle_changes, coalesce(rows_change, 0) AS rows_change,
       f.method_there AND (NOT coalesce(rows_change, 0) OR rows_there
              OR (abs(s.total - t.total) <= 50 AND abs(s.total_tax - t.tax) <= 200
                  AND (t.tax = t.tax_before OR abs(s.total_tax - t.tax) < abs(s.total_tax - t.tax_before)) AND coalesce(products_there, 1)
                  AND (t.total <> t.total_before OR t.tax <> t.tax_before OR coalesce(products_change, 0)))) AS lines_there,
       coalesce(s.invoiced, 0) OR s.closed_on IS NOT NULL AS invoiced,
       s.shipping_status IN ('SPS', 'ASS') OR coalesce(g.shipped, 0) AS shipped,
       coalesce(g.picked, 0) AS picked, coalesce(g.noted, 0) AS noted,
       coalesce(s.status_id = (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration
                                WHERE name = 'cancelledOrderStatusId'), 0) AS cancelled
  FROM temp.edited e
  JOIN fields f ON f.order_id = e.order_id
  LEFT JOIN sums t ON t.order_id = e.order_id
  LEFT JOIN rows_of r ON r.order_id = e.order_id
  LEFT JOIN products p ON p.order_id = e.order_id
  LEFT JOIN stg_bp_sale s ON s.id = e.sale_id
  LEFT JOIN stg_bp_sale_goods g ON g.sale_id = e.sale_id;

-- Why the sales order is not changed, for its addresses and for all else: NULL = it may be.  A goods-out note
-- carries its address from the moment it is made.
DROP VIEW IF EXISTS temp.edit_reason;
CREATE TEMP VIEW edit_reason AS
SELECT order_id, address_reason, lines_reason,
       coalesce(iif(address_change, address_reason, NULL), iif(lines_change, lines_reason, NULL)) AS reason
  FROM (SELECT s.*, CASE WHEN s.noted AND s.delivery_changes
                    THEN 'this is urgent: it has a goods-out note, made out to the old address'
                    WHEN s.noted THEN 'it has a goods-out note' ELSE l.always END AS address_reason,
               CASE WHEN l.always IS NOT NULL THEN l.always
                    WHEN s.picked THEN 'goods of it were picked'
                    WHEN s.rows_change AND NOT s.rows_ours THEN 'rows that we sent were changed in Brightpearl'
                    WHEN s.bundle_changes THEN 'the parts of a bundle cannot be changed safely' END AS lines_reason
          FROM temp.edit_state s
          JOIN (SELECT e.order_id, CASE WHEN s.invoiced THEN 'it is invoiced'
                       WHEN s.shipped THEN 'goods of it were shipped'
                       WHEN s.cancelled THEN 'it is cancelled in Brightpearl'
                       WHEN (SELECT value FROM setting WHERE name = 'orders.lock_date') GLOB '[0-9]*'
                        AND o.date_created <= CAST((SELECT value FROM setting WHERE name = 'orders.lock_date') AS INTEGER)
                       THEN 'it is dated on or before orders.lock_date'
                       WHEN e.before -> '$.rows' IS NULL THEN 'it was not Pearlbridge that made it' END AS always
                  FROM temp.edited e
                  JOIN temp.edit_state s ON s.order_id = e.order_id
                  JOIN stg_bc_order o ON o.id = e.order_id) l ON l.order_id = s.order_id);
