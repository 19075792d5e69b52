-- What each edit of temp.edited changes, in plain words -> temp.edit_words(order_id, words), one change a
-- line.  An order that another hand made is told by its total in Brightpearl alone.  After edit_state.sql.  Rerunnable.
DROP TABLE IF EXISTS temp.edit_amount;
CREATE TEMP TABLE edit_amount AS
SELECT order_id, side, ref, position, name, product_id, quantity / 10000 AS quantity, net + tax AS worth,
       printf('%s%d.%02d', iif(net + tax < 0, '-', ''), (abs(net + tax) + 50) / 10000,
              (abs(net + tax) + 50) % 10000 / 100) AS amount
  FROM temp.edit_row r
 WHERE EXISTS (SELECT 1 FROM temp.edit_row b WHERE b.order_id = r.order_id AND b.side = 'before');
CREATE INDEX temp.edit_amount_ref ON edit_amount(order_id, side, ref);

DROP TABLE IF EXISTS temp.edit_line;
CREATE TEMP TABLE edit_line(order_id INTEGER, position INTEGER, text TEXT);
INSERT INTO temp.edit_line
SELECT a.order_id, a.position, iif(a.name = b.name, '', b.name || ' -> ') || a.name
       || iif(a.quantity = b.quantity, '', printf(', quantity %d -> %d', b.quantity, a.quantity))
       || iif(a.worth = b.worth, '', printf(', %s -> %s', b.amount, a.amount))
  FROM temp.edit_amount a JOIN temp.edit_amount b ON b.order_id = a.order_id AND b.side = 'before' AND b.ref = a.ref
 WHERE a.side = 'after' AND (a.name <> b.name OR a.quantity <> b.quantity OR a.worth <> b.worth)
UNION ALL
SELECT order_id, 10000 + position, printf('added: %s, %s', iif(product_id = 1000 AND quantity = 1, name, quantity || ' x ' || name), amount)
  FROM temp.edit_amount a
 WHERE side = 'after' AND NOT EXISTS (SELECT 1 FROM temp.edit_amount b
                                       WHERE b.order_id = a.order_id AND b.side = 'before' AND b.ref = a.ref)
UNION ALL
SELECT order_id, 20000 + position, printf('removed: %s, %s', iif(product_id = 1000 AND quantity = 1, name, quantity || ' x ' || name), amount)
  FROM temp.edit_amount b
 WHERE side = 'before' AND NOT EXISTS (SELECT 1 FROM temp.edit_amount a
                                        WHERE a.order_id = b.order_id AND a.side = 'after' AND a.ref = b.ref);

-- The contact's address is the billing address again.
INSERT INTO temp.edit_line
SELECT e.order_id, 30000 + p.position, p.title || ': '
       || coalesce((SELECT group_concat(value, ', ') FROM json_each(e.before -> p.path) WHERE key <> 'email'), e.unknown) || ' -> '
       || coalesce((SELECT group_concat(value, ', ') FROM json_each(e.after -> p.path) WHERE key <> 'email'), '(none)')
  FROM (SELECT *, iif(before -> '$.rows' IS NULL, '(another)', '(none)') AS unknown FROM temp.edited) e
  JOIN (SELECT 1 AS position, 'delivery' AS party, 'delivery address' AS title, '$.delivery.address' AS path
        UNION ALL SELECT 2, 'billing', 'billing address', '$.billing.address') p
 WHERE EXISTS (SELECT 1 FROM temp.edit_field f WHERE f.order_id = e.order_id AND f.party = p.party AND f.field <> 'email')
UNION ALL
SELECT order_id, 30003, printf('e-mail: %s -> %s', coalesce(before, '(none)'), coalesce(after, '(none)'))
  FROM temp.edit_field WHERE party = 'billing' AND field = 'email'
UNION ALL
SELECT f.order_id, 30004, printf('shipping method: %s -> %s', coalesce(b.name, f.before, '(none)'), coalesce(a.name, f.after, '(none)'))
  FROM temp.edit_field f
  LEFT JOIN ref_list b ON b.system = 'brightpearl' AND b.list = 'shipping_method' AND b.id = f.before
  LEFT JOIN ref_list a ON a.system = 'brightpearl' AND a.list = 'shipping_method' AND a.id = f.after
 WHERE f.party = 'method'
UNION ALL
SELECT order_id, 30005, iif(note IS NULL, 'it goes to one address now',
       'further addresses: ' || replace(trim(substr(note, instr(note, ']') + 1), char(10)), char(10), ' '))
  FROM temp.edited WHERE note IS NOT note_before
UNION ALL
SELECT order_id, 40000, printf('total: %s%d.%02d -> %s%d.%02d', iif(was < 0, '-', ''), (abs(was) + 50) / 10000,
       (abs(was) + 50) % 10000 / 100, iif(total < 0, '-', ''), (abs(total) + 50) / 10000, (abs(total) + 50) % 10000 / 100)
  FROM (SELECT s.order_id, s.total, iif(e.before -> '$.rows' IS NULL, b.total, s.total_before) AS was
          FROM temp.edit_state s
          JOIN temp.edited e ON e.order_id = s.order_id
          LEFT JOIN stg_bp_sale b ON b.id = e.sale_id)
 WHERE abs(total - was) > 50;

-- address, lines: those of each half; words: all.
DROP TABLE IF EXISTS temp.edit_words;
CREATE TEMP TABLE edit_words AS
SELECT order_id, group_concat(text, char(10)) AS words, group_concat(iif(of_address, text, NULL), char(10)) AS address_words,
       group_concat(iif(of_address, NULL, text), char(10)) AS lines_words
  FROM (SELECT *, position BETWEEN 30000 AND 30003 OR position = 30005 AS of_address
          FROM temp.edit_line ORDER BY order_id, position, text) GROUP BY order_id;
CREATE UNIQUE INDEX temp.edit_words_order ON edit_words(order_id);
