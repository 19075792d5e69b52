-- The three-way merge of values that both systems may change (notes, statuses).  Rerunnable.
--
--   temp.merging  one row: conflict (whose news wins; append); since when each direction is on
--                 (brightpearl_since: what is written there; NULL = it is off); whether it is on
--                 yes, or was (brightpearl_live: 0 = this is what plan shows); whether writing to BigCommerce
--                 may mail a shopper (mails)
--   temp.pair     each linked order's value on both sides as they are compared; what each comes to on
--                 the other side (NULL: nothing is written for it); why nothing may be written to a
--                 side just now (NULL: it may); fixed: the sales order is past being moved; kept: the order in
--                 the shop is, and what it is there (NULL: it may be moved so); untouched: nothing happened to it since it was made; others: it was not made by us;
--                 over: its shopper was told of its end already; followed: BigCommerce's value came of
--                 what we did there, so it is agreed on
--   temp.verdict  of each pair: carry to target, wait, record, or same
--
-- News is what differs from the pair last agreed on.  Of an order that we created that is, until a direction is
-- on, the pair of its creation: so switching one on carries what nobody told the other side yet.  Where
-- both sides changed by then, conflict decides, even if only one direction is on.  A shopper hears nothing of the past:
-- what Brightpearl showed before a direction that mails was on is only recorded, and so is all of a pair of
-- another's order that was not recorded since.  What differed then is listed, and carried when a person asks
-- for it (catch_up).  News that means nothing on the other side, that is so there already, or of a direction
-- that is off, is recorded as well.  Of two texts to be appended, one that holds the other is both; else
-- both go to Brightpearl (merged), and come back from there as news.
DROP TABLE IF EXISTS temp.verdict;
CREATE TEMP TABLE verdict AS
WITH seen AS (
	SELECT p.*, m.conflict, a.bigcommerce AS was_bigcommerce, a.brightpearl AS was_brightpearl,
	       a.at, coalesce(a.differed, 0) AS differed, c.key IS NOT NULL AS asked,
	       m.brightpearl_since IS NOT NULL AND (a.at >= m.brightpearl_since OR a.created) AS to_brightpearl,
	       m.bigcommerce_since IS NOT NULL AND (a.at >= m.bigcommerce_since OR (a.created AND NOT m.mails))
	       AS to_bigcommerce,
	       coalesce(a.created AND a.at < m.brightpearl_since, 0) AS late,
	       coalesce(a.created AND a.at < m.bigcommerce_since, 0) AS late_back, m.mails,
	       coalesce(iif(a.created, 0, a.at < m.brightpearl_since OR a.at < m.bigcommerce_since), a.at IS NULL) AS unseen,
	       coalesce(a.created AND a.brightpearl IS NULL AND a.made IS NOT NULL, 0) AS unread,
       CASE WHEN a.made IS NULL THEN NOT p.untouched ELSE p.brightpearl <> a.made END AS moved,
	       p.for_brightpearl IS p.brightpearl OR p.for_bigcommerce IS p.bigcommerce AS agree
	  FROM temp.pair p
	  JOIN temp.merging m
	  LEFT JOIN agreed a ON a.order_id = p.order_id AND a.field = p.field AND NOT (a.created AND p.others)
	  LEFT JOIN catch_up c ON c.order_id = p.order_id AND c.field = p.field),
news AS (
	SELECT *,
	       to_brightpearl AND bigcommerce <> was_bigcommerce AND NOT followed
	       AND (for_brightpearl IS NOT NULL OR brightpearl_waits IS NOT NULL) AND fixed IS NULL
	       OR asked AND differed = 1 AND to_brightpearl AND NOT agree AND bigcommerce <> ''
	       AND for_brightpearl IS NOT NULL AND fixed IS NULL AS from_bigcommerce,
	       to_bigcommerce AND brightpearl <> was_brightpearl
	       AND (for_bigcommerce IS NOT NULL OR bigcommerce_waits IS NOT NULL) AND kept IS NULL
	       OR asked AND differed IN (1, 3) AND to_bigcommerce AND NOT agree AND NOT over AND brightpearl <> ''
	       AND for_bigcommerce IS NOT NULL AND kept IS NULL AS from_brightpearl,
	       bigcommerce <> was_bigcommerce AND NOT followed AS told_less
	  FROM seen),
winner AS (
	SELECT *, CASE WHEN unknown IS NOT NULL THEN NULL
	               WHEN from_bigcommerce AND (NOT coalesce(from_brightpearl, 0) AND NOT (late AND moved)
	                    OR conflict = 'bigcommerce' OR (conflict = 'append' AND NOT instr(brightpearl, bigcommerce)))
	               THEN iif(for_brightpearl IS brightpearl, NULL, 'brightpearl')
	               WHEN from_brightpearl
	                    AND NOT (late_back AND NOT to_brightpearl AND told_less AND conflict <> 'brightpearl')
	               THEN iif(for_bigcommerce IS bigcommerce, NULL, 'bigcommerce') END AS target
	  FROM news)
SELECT order_id, field, bigcommerce, brightpearl, target, unknown,
       iif(target = 'brightpearl', for_brightpearl, for_bigcommerce) AS value,
       iif(target = 'brightpearl', bigcommerce, brightpearl) AS source,
       coalesce(from_bigcommerce AND (from_brightpearl OR late AND moved) AND conflict = 'append'
                AND NOT instr(brightpearl, bigcommerce) AND NOT instr(bigcommerce, brightpearl), 0) AS merged,
       iif(target = 'brightpearl', brightpearl_waits, bigcommerce_waits) AS waits,
       CASE WHEN agree THEN 0
            WHEN unseen THEN for_brightpearl IS NOT NULL OR for_bigcommerce IS NOT NULL
            WHEN to_brightpearl AND told_less AND for_brightpearl IS NOT NULL AND fixed IS NOT NULL THEN 2
            WHEN to_bigcommerce AND brightpearl <> was_brightpearl AND kept IS NOT NULL THEN 4
            WHEN (late_back OR unread) AND mails AND brightpearl IS NOT was_brightpearl AND (moved OR was_brightpearl <> '')
                 AND for_bigcommerce IS NOT NULL THEN 3
            WHEN from_bigcommerce AND late AND moved OR from_brightpearl AND late_back AND NOT to_brightpearl THEN 1
            WHEN differed = 4 AND kept IS NULL THEN 0
            ELSE differed END AS differed,
       others, kept
  FROM winner;

-- A direction that was never on, or is not since, keeps what it began with; what only plan looks at keeps all.
INSERT INTO agreed(order_id, field, bigcommerce, brightpearl, at, differed, created)
SELECT v.order_id, v.field, iif(a.created AND NOT m.brightpearl_live, a.bigcommerce, v.bigcommerce),
       iif(a.created AND NOT m.bigcommerce_live, a.brightpearl, v.brightpearl), r.started_at, v.differed,
       coalesce(a.created, 0)
  FROM temp.verdict v
  JOIN run r ON r.id = (SELECT id FROM current_run)
  JOIN temp.merging m ON m.brightpearl_live OR m.bigcommerce_live
  LEFT JOIN agreed a ON a.order_id = v.order_id AND a.field = v.field AND NOT (a.created AND v.others)
 WHERE v.unknown IS NULL AND v.target IS NULL
   AND (a.order_id IS NULL
        OR (a.bigcommerce IS NOT v.bigcommerce AND NOT (a.created AND NOT m.brightpearl_live))
        OR (a.brightpearl IS NOT v.brightpearl AND NOT (a.created AND NOT m.bigcommerce_live))
        OR a.differed <> v.differed OR (m.brightpearl_live AND a.at < m.brightpearl_since)
        OR (m.bigcommerce_live AND a.at < m.bigcommerce_since))
    ON CONFLICT DO UPDATE SET bigcommerce = excluded.bigcommerce, brightpearl = excluded.brightpearl,
       at = excluded.at, differed = excluded.differed, created = excluded.created;

-- What was asked for is done with when nothing is left to be carried.
DELETE FROM catch_up
 WHERE EXISTS (SELECT 1 FROM temp.verdict v WHERE v.order_id = catch_up.order_id AND v.field = catch_up.field
                  AND v.unknown IS NULL AND v.target IS NULL);
