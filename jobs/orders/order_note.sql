-- What several addresses make necessary to tell (out_order.note) -> out_order_note.  A note that was sent
-- stays; when an edit changed what it says, another one follows.  Rerunnable.
DELETE FROM out_order_note
 WHERE kind = 'addresses' AND state IN ('pending', 'rejected')
   AND (order_id NOT IN (SELECT order_id FROM out_order WHERE note IS NOT NULL)
        OR NOT EXISTS (SELECT 1 FROM out_order x WHERE substr(out_order_note.key, 1, length(x.key) + 1) = x.key || ':'
                                                   AND x.order_id = out_order_note.order_id));

DROP TABLE IF EXISTS temp.told;
CREATE TEMP TABLE told AS
SELECT x.key, x.order_id, n.number, n.state, n.body ->> '$.text' AS text,
       coalesce(x.note, printf('[Pearlbridge %s addresses]', x.key) || char(10) || 'It goes to one address now.') AS note
  FROM out_order x
  LEFT JOIN out_order_note n ON n.order_id = x.order_id AND n.kind = 'addresses'
   AND n.number = (SELECT max(number) FROM out_order_note l WHERE l.order_id = x.order_id AND l.kind = 'addresses')
 WHERE x.state <> 'ignored' AND (x.note IS NOT NULL OR n.key IS NOT NULL);

INSERT INTO out_order_note(key, order_id, kind, number, body, state, changed_run)
SELECT key || ':addresses' || iif(number = 1, '', ':' || number), order_id, 'addresses', number,
       json_object('text', note, 'isPublic', json('false')), 'pending', (SELECT id FROM current_run)
  FROM (SELECT key, order_id, next AS number,
               iif(next = 1, note, replace(note, ' addresses]', printf(' addresses %d]', next))) AS note, number AS last, state, text
          FROM (SELECT t.*, CASE WHEN number IS NULL THEN 1 WHEN state IN ('pending', 'rejected') THEN number
                                 ELSE number + 1 END AS next FROM temp.told t))
 WHERE last IS NULL OR (state IN ('pending', 'rejected') AND text IS NOT note)
    OR (state NOT IN ('pending', 'rejected') AND replace(text, printf(' addresses %d]', last), ' addresses]')
        IS NOT replace(note, printf(' addresses %d]', number), ' addresses]'))
    ON CONFLICT(key) DO UPDATE SET body = excluded.body, state = 'pending', message = NULL
 WHERE state IN ('pending', 'rejected') AND body IS NOT excluded.body;
