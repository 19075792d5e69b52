-- Order notes that tell of edits: temp.edit_note(order_id, source_sha256, text) -> out_order_note.  One that
-- was not sent is replaced; one that tells of the same edit is not repeated.  Rerunnable.
DELETE FROM out_order_note
 WHERE kind = 'edit' AND state IN ('pending', 'rejected')
   AND order_id IN (SELECT order_id FROM temp.edit_note)
   AND source_sha256 IS NOT (SELECT n.source_sha256 FROM temp.edit_note n WHERE n.order_id = out_order_note.order_id);

INSERT INTO out_order_note(key, order_id, kind, number, source_sha256, body, state, changed_run)
SELECT key || ':edit:' || number, order_id, 'edit', number, source_sha256,
       json_object('text', printf('[Pearlbridge %s edit %d %.8s]', key, number, source_sha256) || char(10) || text,
                   'isPublic', json('false')),
       'pending', (SELECT id FROM current_run)
  FROM (SELECT x.key, n.*, coalesce(iif(o.source_sha256 = n.source_sha256, o.number, o.number + 1), 1) AS number
          FROM temp.edit_note n
          JOIN out_order x ON x.order_id = n.order_id
          LEFT JOIN out_order_note o ON o.order_id = n.order_id AND o.kind = 'edit'
           AND o.number = (SELECT max(number) FROM out_order_note l WHERE l.order_id = n.order_id AND l.kind = 'edit'))
 WHERE true
    ON CONFLICT(key) DO UPDATE SET body = excluded.body, state = 'pending', message = NULL
 WHERE state IN ('pending', 'rejected') AND body IS NOT excluded.body;
