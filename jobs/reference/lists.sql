-- ref_list as read -> ref_list as mappings may use it.  Rerunnable.

UPDATE ref_list SET kind = lower(detail ->> '$.type')
 WHERE system = 'bigcommerce' AND list = 'channel' AND json_type(detail, '$.type') = 'text';

-- Only sales order statuses are ours; a hidden or disabled one is refused when it is set.
DELETE FROM ref_list
 WHERE system = 'brightpearl' AND list = 'order_status'
   AND coalesce(detail ->> '$.orderTypeCode', 'SO') <> 'SO';
UPDATE ref_list SET usable = 0
 WHERE system = 'brightpearl' AND list = 'order_status'
   AND (detail ->> '$.visible' = 0 OR detail ->> '$.disabled' = 1);

-- Orders are sold, not bought.
UPDATE ref_list SET usable = 0
 WHERE system = 'brightpearl' AND list = 'price_list' AND detail ->> '$.priceListTypeCode' = 'BUY';

UPDATE ref_list SET usable = 0
 WHERE system = 'brightpearl' AND list = 'payment_method' AND detail ->> '$.isActive' = 0;

UPDATE ref_list SET usable = 0
 WHERE system = 'brightpearl' AND list = 'lead_source' AND detail ->> '$.isActive' IN (0, 'false');
UPDATE ref_list SET usable = 0
 WHERE system = 'brightpearl' AND list = 'project' AND json_type(detail) = 'object'
   AND (detail ->> '$.isActive' IN (0, 'false') OR detail ->> '$.isClosed' IN (1, 'true') OR detail ->> '$.closed' IN (1, 'true'));

-- Notes need a field of text.
UPDATE ref_list SET usable = 0
 WHERE system = 'brightpearl' AND list = 'custom_field'
   AND coalesce(detail ->> '$.customFieldType', 'TEXT') NOT IN ('TEXT', 'TEXTAREA');

-- A tax code's rate is left out when it is 0.
UPDATE ref_list SET rate = '0' WHERE system = 'brightpearl' AND list = 'tax_code' AND rate IS NULL;
