-- What should not leave any more, and still can -> temp.live_problem(key, reason, message, hint): orders that are
-- called off, or disputed and not shipped, in the shop and live in Brightpearl; goods that were refunded and are on no goods-out note.  After
-- units.sql, which has been run for temp.scope; temp.live_left(order_id) are orders that another stage settles.
DROP TABLE IF EXISTS temp.live_problem;
CREATE TEMP TABLE live_problem AS
SELECT 'cancelled:' || t.order_id AS key, 'cancelled_in_shop' AS reason,
       printf('it was %s in BigCommerce, and its sales order %d (%.2f %s) is live in Brightpearl%s',
              iif(o.status_id = 5, 'cancelled', 'declined'), t.sale_id, coalesce(s.total, o.total_inc) / 1e4, o.currency,
              CASE WHEN s.shipping_status = 'ASS' THEN ', where its goods have been shipped'
                   WHEN s.shipping_status = 'SPS' THEN ', where a part of its goods has been shipped'
                   WHEN s.stock_status IN ('SOP', 'SOA') THEN ', with goods on a goods-out note'
                   ELSE ': its goods can still be shipped' END) AS message,
       'cancel it in Brightpearl, after taking back its goods-out notes and payments, then this closes by itself;'
       || ' or say why not: ./run.sh ignore cancelled:' || t.order_id || ' --why TEXT' AS hint
  FROM temp.scope t
  JOIN stg_bc_order o ON o.id = t.order_id AND o.status_id IN (5, 6)
  JOIN stg_bp_sale s ON s.id = t.sale_id
 WHERE t.order_id NOT IN (SELECT order_id FROM temp.live_left);

-- Of an order with the status Refunded all goes back, whatever its lines say.
INSERT INTO temp.live_problem
SELECT 'refunded:' || o.id, 'refunded_may_still_ship',
       printf('refunded in BigCommerce, may still ship: %s (%.2f %s); sales order %d has it on no goods-out note',
              group_concat(g.pieces || ' x ' || g.name, ', '),
              coalesce(nullif((SELECT sum(l.total_inc * l.refunded / max(1, l.quantity)) FROM stg_bc_order_line l WHERE l.order_id = o.id), 0),
                       o.total_inc) / 1e4, o.currency, g.sale_id),
       'take it off the sales order in Brightpearl, or cancel that, then this closes by itself;'
       || ' or say why not: ./run.sh ignore refunded:' || o.id || ' --why TEXT'
  FROM (SELECT u.order_id, u.sale_id, coalesce(nullif(w.sku, ''), w.name) AS name,
               sum(iif(o.status_id = 4, u.may_ship, u.refunded)) AS pieces
          FROM temp.unit u
          JOIN stg_bc_order o ON o.id = u.order_id AND o.status_id NOT IN (5, 6)
          JOIN stg_bp_sale_row w ON w.sale_id = u.sale_id AND w.id = u.row_id
         GROUP BY u.order_id, u.product_id ORDER BY u.order_id, min(u.row_id)) g
  JOIN stg_bc_order o ON o.id = g.order_id
 WHERE g.pieces > 0
       -- where we neither reserve nor ship, what leaves is not ours to watch
   AND (EXISTS (SELECT 1 FROM map_warehouses WHERE reserve IS NOT NULL)
        OR (SELECT value FROM setting WHERE name = 'fulfillment.enabled') <> 'no')
 GROUP BY o.id;

-- The shopper asks the bank for the money back: what did not leave yet must not, before somebody looked at it.
INSERT INTO temp.live_problem
SELECT 'disputed:' || o.id, 'disputed_may_still_ship',
       printf('it is disputed in BigCommerce, and its sales order %d (%.2f %s) is live in Brightpearl, %s', t.sale_id,
              coalesce(s.total, o.total_inc) / 1e4, o.currency,
              CASE WHEN s.shipping_status = 'SPS' THEN 'shipped in part: the rest of its goods can still be shipped'
                   WHEN s.stock_status IN ('SOP', 'SOA') THEN 'with goods on a goods-out note that can still be shipped'
                   ELSE 'not shipped: its goods can still be' END),
       'stop it in Brightpearl (put it on hold, take back its goods-out notes, or cancel it): this closes once it is shipped,'
       || ' cancelled there or no longer disputed; or say why not: ./run.sh ignore disputed:' || o.id || ' --why TEXT'
  FROM temp.scope t
  JOIN stg_bc_order o ON o.id = t.order_id AND o.status_id = 13
  JOIN stg_bp_sale s ON s.id = t.sale_id AND s.shipping_status IS NOT 'ASS'
 WHERE o.lines_missing
    OR EXISTS (SELECT 1 FROM stg_bc_order_line l
                WHERE l.order_id = o.id AND l.type = 'physical' AND l.quantity > l.shipped);

DELETE FROM temp.live_problem WHERE key IN (SELECT key FROM decision WHERE job = 'orders' AND what = 'ignored');
