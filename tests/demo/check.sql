-- Whatever is wrong, one line each; the store is main, both systems are "there".
SELECT 'order ' || b.id || ' is not once in Brightpearl, left out or waiting' FROM there.bc_order b
 WHERE (SELECT count(*) FROM there.bp_order o WHERE o.external_ref = 'BC-' || b.id)
       + EXISTS (SELECT 1 FROM skip k WHERE k.job = 'orders' AND k.key = 'order:' || b.id)
       + EXISTS (SELECT 1 FROM reject j WHERE j.job = 'orders' AND j.closed_at IS NULL AND j.key = 'order:' || b.id) <> 1;
SELECT external_ref || ' differs in total' FROM there.bp_order o JOIN there.bc_order b ON o.external_ref = 'BC-' || b.id
 WHERE o.total <> b.total_inc_tax;
SELECT external_ref || ' is of no order' FROM there.bp_order o
 WHERE order_type = 'SO' AND NOT EXISTS (SELECT 1 FROM there.bc_order b WHERE o.external_ref = 'BC-' || b.id);
SELECT external_ref || ' has more paid than it comes to' FROM there.bp_order o
 WHERE order_type = 'SO' AND total < (SELECT sum(iif(type = 'PAYMENT', -amount_paid, amount_paid)) FROM there.bp_payment p WHERE p.order_id = o.id);
SELECT transaction_ref || ' is booked twice' FROM there.bp_payment GROUP BY transaction_ref, method HAVING count(*) > 1;
SELECT lower(email) || ' is a new contact twice' FROM there.bp_contact WHERE id > 2000 AND email <> '' GROUP BY lower(email) HAVING count(*) > 1;
SELECT p.sku || ': more is on sale than is left' FROM there.bc_stock s
  JOIN there.bc_variant v ON v.id = s.variant_id JOIN there.bp_product p ON p.sku = v.sku
  JOIN there.bp_stock t ON t.product_id = p.id AND t.warehouse_id = 2
 WHERE s.onhand > max(0, t.in_stock - t.allocated);
