-- Which of BigCommerce's orders each order of Brightpearl is: the one that it is linked to, else the one
-- whose number stands behind our prefix in its external reference, or in its reference.  What was split
-- off an order or made for it belongs to its parent.  Rerunnable; plain SQLite.
UPDATE reconcile_bp_order AS b
   SET order_id = coalesce((SELECT k.order_id FROM link_order k WHERE k.sales_order_id = b.id),
       (SELECT n.number FROM (SELECT CAST(substr(b.external_ref, length(prefix) + 1) AS INTEGER) AS number, prefix
                                FROM order_reference) n
         WHERE b.parent_id IS NULL AND b.external_ref = n.prefix || n.number),
       (SELECT n.number FROM (SELECT CAST(substr(b.customer_ref, length(prefix) + 1) AS INTEGER) AS number, prefix
                                FROM order_reference) n
         WHERE b.parent_id IS NULL AND b.customer_ref = n.prefix || n.number))
 WHERE type_id = 1;
