-- The three-way merge of values that both systems may change (notes, statuses).  Rerunnable.
--
--   temp.merging  one row: conflict (whose news wins; append), and since when each direction is on
--                 (brightpearl_since: what is written there), NULL = it is off
--   temp.pair     each linked order's value on both sides as they are compared; what each comes to on
--                 the other side (NULL: nothing is written for it); why nothing may be written to a
--                 side just now (NULL: it may)
--   temp.verdict  of each pair: carry to target, wait, record, or same
--
-- News is what differs from the pair last agreed on.  A pair that was not recorded since a direction
-- is on is only recorded: what differed before is listed, never sent.  News that means nothing on the
-- other side, that is so there already, or of a direction that is off, is recorded as well.  Of two texts to be appended, one
-- that holds the other is both; else both go to Brightpearl (merged), and come back from there as news.
DROP TABLE IF EXISTS temp.verdict;
CREATE TEMP TABLE verdict AS
WITH seen AS (
	SELECT p.*, m.conflict, a.bigcommerce AS was_bigcommerce, a.brightpearl AS was_brightpearl,
	       a.at, coalesce(a.differed, 0) AS differed,
	       coalesce(a.at >= m.brightpearl_since, 0) AS to_brightpearl,
	       coalesce(a.at >= m.bigcommerce_since, 0) AS to_bigcommerce,
	       coalesce(a.at < m.brightpearl_since OR a.at < m.bigcommerce_since, 1) AS unseen,
	       p.for_brightpearl IS p.brightpearl OR p.for_bigcommerce IS p.bigcommerce AS agree
	  FROM temp.pair p
	  JOIN temp.merging m
	  LEFT JOIN agreed a ON a.order_id = p.order_id AND a.field = p.field),
news AS (
	SELECT *,
	       to_brightpearl AND bigcommerce <> was_bigcommerce
	       AND (for_brightpearl IS NOT NULL OR brightpearl_waits IS NOT NULL) AS from_bigcommerce,
	       to_bigcommerce AND brightpearl <> was_brightpearl
	       AND (for_bigcommerce IS NOT NULL OR bigcommerce_waits IS NOT NULL) AS from_brightpearl
	  FROM seen),
winner AS (
	SELECT *, CASE WHEN unknown IS NOT NULL THEN NULL
	               WHEN from_bigcommerce AND (NOT coalesce(from_brightpearl, 0) OR conflict = 'bigcommerce'
	                    OR (conflict = 'append' AND NOT instr(brightpearl, bigcommerce)))
	               THEN iif(for_brightpearl IS brightpearl, NULL, 'brightpearl')
	               WHEN from_brightpearl
	               THEN iif(for_bigcommerce IS bigcommerce, NULL, 'bigcommerce') END AS target
	  FROM news)
SELECT order_id, field, bigcommerce, brightpearl, target, unknown,
       iif(target = 'brightpearl', for_brightpearl, for_bigcommerce) AS value,
       iif(target = 'brightpearl', bigcommerce, brightpearl) AS source,
       coalesce(from_bigcommerce AND from_brightpearl AND conflict = 'append'
                AND NOT instr(brightpearl, bigcommerce) AND NOT instr(bigcommerce, brightpearl), 0) AS merged,
       iif(target = 'brightpearl', brightpearl_waits, bigcommerce_waits) AS waits,
       CASE WHEN agree THEN 0
            WHEN unseen THEN for_brightpearl IS NOT NULL OR for_bigcommerce IS NOT NULL
            ELSE differed END AS differed
  FROM winner;

INSERT INTO agreed(order_id, field, bigcommerce, brightpearl, at, differed)
SELECT v.order_id, v.field, v.bigcommerce, v.brightpearl, r.started_at, v.differed
  FROM temp.verdict v
  JOIN run r ON r.id = (SELECT id FROM current_run)
  JOIN temp.merging m
  LEFT JOIN agreed a ON a.order_id = v.order_id AND a.field = v.field
 WHERE v.unknown IS NULL AND v.target IS NULL
   AND (a.order_id IS NULL OR a.bigcommerce IS NOT v.bigcommerce OR a.brightpearl IS NOT v.brightpearl
        OR a.differed <> v.differed OR a.at < m.brightpearl_since OR a.at < m.bigcommerce_since)
    ON CONFLICT DO UPDATE SET bigcommerce = excluded.bigcommerce, brightpearl = excluded.brightpearl,
       at = excluded.at, differed = excluded.differed;
