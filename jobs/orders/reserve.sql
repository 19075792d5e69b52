-- Sales orders in full + statuses -> out_reservation: what each order should have reserved, row by row.
-- Rerunnable.  A row in flight is left as it was sent.  Quantities are pieces.  After units.sql, which has been
-- run for temp.scope; temp.edit_after(row_id, pieces) holds rows that an edit is about to make smaller.

-- What is gone, or in Brightpearl's cancelled status, holds nothing: that status lets go of it by itself.
DELETE FROM out_reservation
 WHERE state <> 'claimed' AND sale_id IN (SELECT id FROM stg_bp_sale) AND sale_id NOT IN (SELECT id FROM sale_alive);

-- The reservation of each row as it should be.  Of what an order should have, on notes, shipped by hand and taken
-- out by staff is not reserved again; but nothing is let go of for that, only for what is ordered no more, or
-- refunded.  (Where notes did not come out of the reservation, it holds their pieces as well.)
--   keep: the order is called off, which the cancelled status will tell; or the goods left without a note
DROP TABLE IF EXISTS temp.wish;
CREATE TEMP TABLE wish AS
SELECT order_id, row_id, product_id, ordered, noted, by_hand, reserved,
       CASE WHEN keep THEN reserved
            WHEN NOT owes THEN iif(consumed, 0, min(reserved, noted))
            WHEN reserved > most THEN most
            ELSE max(reserved, due) END AS wanted
  FROM (SELECT u.order_id, u.row_id, u.product_id, u.ordered, u.noted, u.by_hand, t.owes, t.keep, coalesce(r.reserved, 0) AS reserved,
               coalesce(r.reserved, 0) + u.noted <= u.ordered - coalesce(r.shipped, 0) AS consumed,
               max(0, min(u.ordered, coalesce(e.pieces, u.ordered)) - u.refunded - coalesce(r.shipped, u.by_hand)
                      - iif(coalesce(r.reserved, 0) + u.noted <= u.ordered - coalesce(r.shipped, 0), u.noted, 0)) AS most,
               max(0, min(u.ordered, coalesce(e.pieces, u.ordered)) - u.noted - u.by_hand - u.refunded - coalesce(r.let_go, 0)) AS due
          FROM temp.reserving t
          JOIN temp.unit u ON u.order_id = t.order_id
          LEFT JOIN out_reservation_row r ON r.order_id = u.order_id AND r.row_id = u.row_id
          LEFT JOIN temp.edit_after e ON e.row_id = u.row_id);
CREATE INDEX temp.wish_row ON wish(order_id, row_id);

INSERT INTO out_reservation_row(order_id, row_id, product_id, wanted, shipped, ordered, noted)
SELECT order_id, row_id, product_id, wanted, by_hand, ordered, noted FROM temp.wish WHERE true
    ON CONFLICT(order_id, row_id) DO UPDATE SET product_id = excluded.product_id, wanted = excluded.wanted,
       tried = min(tried, excluded.wanted)
 WHERE product_id <> excluded.product_id OR wanted <> excluded.wanted;
DELETE FROM out_reservation_row AS r
 WHERE EXISTS (SELECT 1 FROM temp.reserving t WHERE t.order_id = r.order_id)
   AND NOT EXISTS (SELECT 1 FROM temp.wish w WHERE w.order_id = r.order_id AND w.row_id = r.row_id);

-- One entry for each row: a row that a request names twice is reserved twice, rows of one product are not the same.
DROP TABLE IF EXISTS temp.wished;
CREATE TEMP TABLE wished AS
SELECT t.key, t.order_id, t.sale_id, t.how, t.keep,
       json_object('products', json(coalesce((SELECT json_group_array(json_object('productId', product_id, 'salesOrderRowId', row_id, 'quantity', wanted))
           FROM (SELECT r.* FROM out_reservation_row r
                  WHERE r.order_id = t.order_id AND (r.wanted > 0 OR x.zeros = 1 AND r.reserved > 0) ORDER BY r.row_id)), '[]'))) AS body,
       EXISTS (SELECT 1 FROM out_reservation_row r WHERE r.order_id = t.order_id AND r.wanted > 0) AS some,
       EXISTS (SELECT 1 FROM out_reservation_row r WHERE r.order_id = t.order_id AND r.wanted > r.reserved) AS short,
       EXISTS (SELECT 1 FROM out_reservation_row r WHERE r.order_id = t.order_id AND r.wanted > r.reserved AND r.wanted > r.tried) AS more,
       EXISTS (SELECT 1 FROM out_reservation_row r WHERE r.order_id = t.order_id AND r.reserved > r.wanted) AS less
  FROM temp.reserving t LEFT JOIN out_reservation x ON x.order_id = t.order_id;

-- What is short and was asked for already waits until there is more to be had (reserve_stock.c).
INSERT INTO out_reservation(key, order_id, sale_id, body, state, guarded, changed_run)
SELECT key, order_id, sale_id, body, 'pending', how = 'created', (SELECT id FROM current_run)
  FROM temp.wished WHERE some AND NOT keep AND order_id NOT IN (SELECT order_id FROM out_reservation);
UPDATE out_reservation AS x
   SET body = q.body, message = NULL, changed_run = (SELECT id FROM current_run),
       state = CASE WHEN x.state = 'rejected' AND x.body IS q.body THEN 'rejected'
                    WHEN q.more OR q.less OR x.state = 'pending' AND q.short THEN 'pending'
                    ELSE 'done' END
  FROM temp.wished q
 WHERE q.order_id = x.order_id AND x.state IN ('pending', 'done', 'rejected') AND x.holder IS NOT 'other'
   AND (x.body IS NOT q.body OR x.state = 'done' AND (q.more OR q.less)
        OR x.state = 'pending' AND NOT (q.more OR q.less OR q.short));

-- Never sent, and nothing wanted: no row.  An order that is past reserving does not get its first either.
DELETE FROM out_reservation
 WHERE state IN ('pending', 'done', 'rejected') AND holder IS NULL AND attempts = 0
   AND (body = '{"products":[]}' OR order_id IN (SELECT order_id FROM temp.reserving WHERE keep));
DELETE FROM out_reservation_row WHERE order_id NOT IN (SELECT order_id FROM out_reservation);
