-- temp.page (orders as BigCommerce lists them) -> reconcile_bc_order.  Rerunnable; uses lib/func.h.
INSERT OR REPLACE INTO reconcile_bc_order(id, date_created, date_modified, status_id, customer_id, email, method,
       method_fold, provider, payment_status, currency, total, credit, gift, is_deleted, is_digital, items_shipped)
SELECT whole(payload -> '$.id'), instant(payload -> '$.date_created'), instant(payload -> '$.date_modified'),
       coalesce(whole(payload -> '$.status_id'), 0), coalesce(whole(payload -> '$.customer_id'), 0),
       coalesce(fold(payload ->> '$.billing_address.email'), ''),
       coalesce(single(payload ->> '$.payment_method'), ''), coalesce(fold(plain(payload ->> '$.payment_method')), ''),
       coalesce(fold(payload ->> '$.payment_provider_id'), ''), coalesce(fold(payload ->> '$.payment_status'), ''),
       upper(coalesce(payload ->> '$.default_currency_code', payload ->> '$.currency_code', '')),
       money(payload -> '$.total_inc_tax'), coalesce(money(payload -> '$.store_credit_amount'), 0),
       coalesce(money(payload -> '$.gift_certificate_amount'), 0),
       coalesce(payload ->> '$.is_deleted' IN (1, 'true'), 0), coalesce(payload ->> '$.order_is_digital' IN (1, 'true'), 0),
       coalesce(whole(payload -> '$.items_shipped'), 0)
  FROM temp.page
 WHERE whole(payload -> '$.id') IS NOT NULL
   AND instant(payload -> '$.date_created') >= (SELECT from_at FROM reconcile_run ORDER BY id DESC LIMIT 1)
   AND instant(payload -> '$.date_created') < (SELECT until_at FROM reconcile_run ORDER BY id DESC LIMIT 1);
