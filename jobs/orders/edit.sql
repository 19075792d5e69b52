-- What becomes of edits, by orders.edits: an order note (note), the sales order itself where it may be
-- rewritten (update), or neither (hold); what a person must look at -> temp.problem.  After edited.sql,
-- edit_state.sql and edit_words.sql.  Rerunnable.  Nothing here touches a row in flight.
DROP TABLE IF EXISTS temp.edit_choice;
CREATE TEMP TABLE edit_choice AS
SELECT e.*, s.is_read, w.words, r.reason,
       CASE WHEN s.gone THEN 'gone'
            WHEN e.sent_sha256 IS NULL THEN 'nothing' -- linked before it was ever compared
            WHEN NOT s.changes AND (e.note IS e.note_before
                 OR (SELECT value FROM setting WHERE name = 'orders.edits') <> 'hold') THEN 'nothing'
            WHEN s.is_read AND s.there AND s.changes THEN 'there'
            WHEN (SELECT value FROM setting WHERE name = 'orders.edits') = 'update' AND s.changes AND s.is_read
             AND r.reason IS NULL THEN 'update'
            WHEN (SELECT value FROM setting WHERE name = 'orders.edits') = 'hold' THEN 'hold'
            ELSE 'note' END AS choice
  FROM temp.edited e
  JOIN temp.edit_state s ON s.order_id = e.order_id
  JOIN temp.edit_reason r ON r.order_id = e.order_id
  LEFT JOIN temp.edit_words w ON w.order_id = e.order_id;

-- Nothing in the body changed (further addresses are told by order_note.sql), or Brightpearl has it already: a person made the same change.
UPDATE out_order AS x
   SET state = 'done', body = e.after, sent = e.after, total = e.total, note = e.note, source_sha256 = e.source_sha256,
       sent_sha256 = e.source_sha256, agreed = NULL, edit = NULL, message = NULL, changed_run = (SELECT id FROM current_run)
  FROM temp.edit_choice e
 WHERE e.order_id = x.order_id AND e.choice IN ('nothing', 'there');

UPDATE out_order AS x
   SET state = 'pending', agreed = coalesce(x.agreed, x.sent), body = e.after, total = e.total, note = e.note, edit = e.words,
       waits_for = e.waits_for, source_sha256 = e.source_sha256, message = NULL, changed_run = (SELECT id FROM current_run)
  FROM temp.edit_choice e
 WHERE e.order_id = x.order_id AND e.choice = 'update' AND (x.state = 'done' OR x.body IS NOT e.after OR x.waits_for IS NOT e.waits_for);

-- An edit that is not to be sent any more, or was taken back: the row is what Brightpearl has.
UPDATE out_order
   SET state = 'done', body = agreed, sent = agreed, source_sha256 = sent_sha256, agreed = NULL, edit = NULL, message = NULL,
       waits_for = NULL, changed_run = (SELECT id FROM current_run)
 WHERE agreed IS NOT NULL AND state IN ('pending', 'rejected', 'ignored')
   AND order_id NOT IN (SELECT order_id FROM temp.edit_choice WHERE choice = 'update');

INSERT INTO temp.problem
SELECT 'order:' || e.order_id, 'edited_after_import',
       printf('it was edited in BigCommerce after it became sales order %d%s%s', e.sale_id,
              iif(e.choice = 'note' AND e.reason IS NOT NULL
                  AND (SELECT value FROM setting WHERE name = 'orders.edits') = 'update', ', and ' || e.reason, ''),
              coalesce(': ' || replace(substr(e.words, 1, 500), char(10), '; '), '')),
       'make the same change in Brightpearl, then this closes by itself;'
       || ' or say why not: ./run.sh ignore order:' || e.order_id || ' --why TEXT', NULL
  FROM temp.edit_choice e WHERE e.choice IN ('note', 'hold');

-- Edited, but what it should become cannot be composed as things are (another problem says why).
INSERT INTO temp.problem
SELECT 'order:' || c.id, 'edited_after_import',
       printf('it was edited in BigCommerce after it became sales order %d, and cannot be composed anew', x.remote_id),
       'see its other reject', NULL
  FROM order_choice c JOIN out_order x ON x.order_id = c.id
 WHERE c.sent AND x.state <> 'claimed' AND c.id NOT IN (SELECT order_id FROM temp.edited)
   AND 'order:' || c.id IN (SELECT key FROM temp.problem);

INSERT INTO temp.problem
SELECT 'order:' || x.order_id, 'gone_from_brightpearl',
       printf('its sales order %d is no longer in Brightpearl', x.remote_id),
       printf('if that is right: ./run.sh ignore order:%d --why TEXT; to have it made anew, which never happens by itself:'
              || ' ./run.sh settle order:%d --absent --why TEXT', x.order_id, x.order_id), NULL
  FROM out_order x JOIN stg_bp_sale s ON s.id = x.remote_id
 WHERE s.gone AND x.state NOT IN ('claimed', 'ignored');

-- A note says what changed; and that it was taken back, if an earlier one told of it.
DROP TABLE IF EXISTS temp.edit_note;
CREATE TEMP TABLE edit_note AS
SELECT order_id, source_sha256, 'It was edited in BigCommerce after it became this order'
       || coalesce(iif((SELECT value FROM setting WHERE name = 'orders.edits') = 'update', ', which was not changed: ' || reason, NULL), '')
       || ':' || char(10) || coalesce(words, 'see BigCommerce') AS text
  FROM temp.edit_choice WHERE choice = 'note'
UNION ALL
SELECT x.order_id, x.sent_sha256, 'The last edit told of here was taken back in BigCommerce: the order is again as it was sent.'
  FROM out_order x
  JOIN stg_bc_order o ON o.id = x.order_id AND o.lines_sha256 = x.sent_sha256
  JOIN out_order_note n ON n.order_id = x.order_id AND n.kind = 'edit' AND n.source_sha256 <> x.sent_sha256 AND n.state IN ('claimed', 'done')
 WHERE x.state = 'done' AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.job = 'orders' AND d.what = 'ignored'
                                              AND d.key = 'order:' || x.order_id)
   AND n.number = (SELECT max(number) FROM out_order_note l
                                         WHERE l.order_id = x.order_id AND l.kind = 'edit' AND l.state IN ('claimed', 'done'));
DELETE FROM out_order_note
 WHERE kind = 'edit' AND state IN ('pending', 'rejected') AND order_id NOT IN (SELECT order_id FROM temp.edit_note)
   AND order_id NOT IN (SELECT order_id FROM out_order WHERE state = 'rejected' AND agreed IS NOT NULL);
