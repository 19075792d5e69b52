-- temp.relined(order_id, lines): orders whose rows are now those that were composed with these lines ->
-- link_row.  A row that stays keeps the id that was read back.  Rerunnable.
DELETE FROM link_row AS k
 WHERE k.order_id IN (SELECT order_id FROM temp.relined)
   AND NOT EXISTS (SELECT 1 FROM temp.relined r JOIN json_each(r.lines) l
                    WHERE r.order_id = k.order_id AND l.value ->> '$.ref' = k.ref AND l.value ->> '$.line' = k.line_id);
INSERT INTO link_row(order_id, ref, line_id, quantity, product_id, row_id)
SELECT r.order_id, l.value ->> '$.ref', l.value ->> '$.line', l.value ->> '$.quantity', l.value ->> '$.product',
       (SELECT max(k.row_id) FROM link_row k WHERE k.order_id = r.order_id AND k.ref = l.value ->> '$.ref')
  FROM temp.relined r JOIN json_each(r.lines) l
 WHERE true
    ON CONFLICT(order_id, ref, line_id) DO UPDATE SET quantity = excluded.quantity, product_id = excluded.product_id;
