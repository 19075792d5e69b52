-- What becomes of edits, by orders.edits.address and orders.edits.lines: an order note (note), the sales order
-- itself where it may be rewritten (update), or neither (hold); what a person must look at -> temp.problem.  After
-- edited.sql, edit_state.sql and edit_words.sql.  Rerunnable.  Nothing here touches a row in flight.
--
-- The two halves of an edit, its addresses and all else, may go different ways.  open = it is to be made yet;
-- may = by us.  Of an order of which one half is sent, the other half stays an edit that is told.
DROP TABLE IF EXISTS temp.edit_choice;
CREATE TEMP TABLE edit_choice AS
WITH half AS (
	SELECT e.*, s.is_read, s.gone, s.address_change AS address_changes, s.lines_change,
	       s.address_change AND NOT (s.is_read AND s.address_there) AS address_open,
	       s.lines_change AND NOT (s.is_read AND s.lines_there) AS lines_open,
	       p.address = 'update' AND s.is_read AND r.address_reason IS NULL AS address_may,
	       p.lines = 'update' AND s.is_read AND r.lines_reason IS NULL AS lines_may,
	       p.address AS address_policy, p.lines AS lines_policy,
	       iif(p.address = 'update', r.address_reason, NULL) AS address_reason, iif(p.lines = 'update', r.lines_reason, NULL) AS lines_reason,
	       w.words, w.address_words, w.lines_words
	  FROM temp.edited e
	  JOIN edit_policy p
	  JOIN temp.edit_state s ON s.order_id = e.order_id
	  JOIN temp.edit_reason r ON r.order_id = e.order_id
	  LEFT JOIN temp.edit_words w ON w.order_id = e.order_id),
told AS (
	SELECT h.*, address_open AND NOT address_may AS address_told, lines_open AND NOT lines_may AS lines_told FROM half h)
SELECT order_id, sale_id, sent_sha256, source_sha256, waits_for, before, after, total, note, note_before, lines, words,
       address_told, lines_told,
       CASE WHEN gone THEN 'gone'
            WHEN sent_sha256 IS NULL THEN 'nothing' -- linked before it was ever compared
            WHEN NOT address_changes AND NOT lines_change AND (note IS note_before OR address_policy <> 'hold') THEN 'nothing'
            WHEN is_read AND (address_changes OR lines_change) AND NOT address_open AND NOT lines_open THEN 'there'
            WHEN (address_open AND address_may) OR (lines_open AND lines_may) THEN 'update'
            WHEN (address_open AND address_policy <> 'hold') OR (lines_open AND lines_policy <> 'hold') THEN 'note'
            ELSE 'hold' END AS choice,
       coalesce(iif(address_told = lines_told, words, iif(address_told, address_words, lines_words)), '') AS told_words,
       coalesce(iif(address_told = lines_told, words, iif(address_told, lines_words, address_words)), '') AS sent_words,
       coalesce(iif(address_told, address_reason, NULL), iif(lines_told, lines_reason, NULL)) AS reason,
       (address_told AND address_policy <> 'hold') OR (lines_told AND lines_policy <> 'hold') AS noted
  FROM told;

-- What is sent: the half that is told stays as it was.
DROP TABLE IF EXISTS temp.edit_sent;
CREATE TEMP TABLE edit_sent AS
SELECT order_id, waits_for, sent_words, iif(lines_told, NULL, total) AS total, iif(lines_told, NULL, lines) AS lines,
       iif(address_told, note_before, note) AS note,
       -- no edit has this mark, so that the other half is looked at again
       iif(address_told OR lines_told, 'half ', '') || source_sha256 AS source_sha256,
       CASE WHEN address_told THEN json_set(before, '$.rows', after -> '$.rows', '$.delivery',
                 json_patch(json_remove(after -> '$.delivery', '$.address'), json_object('address', before -> '$.delivery.address')))
            WHEN lines_told THEN json_set(after, '$.rows', before -> '$.rows', '$.delivery',
                 json_patch(json_remove(before -> '$.delivery', '$.address'), json_object('address', after -> '$.delivery.address')))
            ELSE after END AS body
  FROM temp.edit_choice WHERE choice = 'update';

-- Nothing in the body changed (further addresses are told by order_note.sql), or Brightpearl has it already: a person made the same change.
UPDATE out_order AS x
   SET state = 'done', body = e.after, sent = e.after, total = e.total, note = e.note, source_sha256 = e.source_sha256,
       sent_sha256 = e.source_sha256, lines = e.lines, agreed = NULL, edit = NULL, message = NULL,
       changed_run = (SELECT id FROM current_run)
  FROM temp.edit_choice e
 WHERE e.order_id = x.order_id AND e.choice IN ('nothing', 'there');

-- Which lines its rows stand for now; orders that another hand made have no rows of ours.
DROP TABLE IF EXISTS temp.relined;
CREATE TEMP TABLE relined AS
SELECT e.order_id, e.lines FROM temp.edit_choice e
 WHERE e.choice IN ('nothing', 'there') AND e.after -> '$.rows' IS NOT NULL;

UPDATE out_order AS x
   SET state = 'pending', agreed = coalesce(x.agreed, x.sent), body = e.body, total = coalesce(e.total, x.total), note = e.note,
       edit = e.sent_words, lines = e.lines, waits_for = e.waits_for, source_sha256 = e.source_sha256, message = NULL,
       changed_run = (SELECT id FROM current_run)
  FROM temp.edit_sent e
 WHERE e.order_id = x.order_id AND (x.state = 'done' OR x.body IS NOT e.body OR x.waits_for IS NOT e.waits_for);

-- An edit that is not to be sent any more, or was taken back: the row is what Brightpearl has.
UPDATE out_order
   SET state = 'done', body = agreed, sent = agreed, source_sha256 = sent_sha256, agreed = NULL, edit = NULL, message = NULL,
       waits_for = NULL, changed_run = (SELECT id FROM current_run)
 WHERE agreed IS NOT NULL AND state IN ('pending', 'rejected', 'ignored')
   AND order_id NOT IN (SELECT order_id FROM temp.edit_choice WHERE choice = 'update');

INSERT INTO temp.problem
SELECT 'order:' || e.order_id, 'edited_after_import',
       printf('it was edited in BigCommerce after it became sales order %d%s%s', e.sale_id, coalesce(', and ' || e.reason, ''),
              coalesce(': ' || nullif(replace(substr(e.told_words, 1, 500), char(10), '; '), ''), '')),
       iif(e.reason LIKE 'this is urgent%', 'stop the parcel or correct its goods-out note, then ', '')
       || 'make the same change in Brightpearl, then this closes by itself;'
       || ' or say why not: ./run.sh ignore order:' || e.order_id || ' --why TEXT', NULL
  FROM temp.edit_choice e
 WHERE e.choice IN ('note', 'hold') OR (e.choice = 'update' AND (e.address_told OR e.lines_told));

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
       coalesce((SELECT printf('sales order %d has the same reference: if it replaced it, ./run.sh link order %d %d; ', living,
                               order_id, living) FROM order_replaced r WHERE r.order_id = x.order_id), '')
       || printf('if that is right: ./run.sh ignore order:%d --why TEXT; to have it made anew, which never happens by itself:'
              || ' ./run.sh settle order:%d --absent --why TEXT', x.order_id, x.order_id), NULL
  FROM out_order x JOIN stg_bp_sale s ON s.id = x.remote_id
 WHERE s.gone AND x.state NOT IN ('claimed', 'ignored');

-- A note says what changed; and that it was taken back, if an earlier one told of it.
DROP TABLE IF EXISTS temp.edit_note;
CREATE TEMP TABLE edit_note AS
SELECT order_id, source_sha256, 'It was edited in BigCommerce after it became this order'
       || CASE WHEN choice = 'update' THEN '; what follows was not changed here' || coalesce(': ' || reason, '')
               ELSE coalesce(', which was not changed: ' || reason, '') END
       || ':' || char(10) || coalesce(nullif(told_words, ''), 'see BigCommerce') AS text
  FROM temp.edit_choice WHERE noted AND choice IN ('note', 'update')
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
