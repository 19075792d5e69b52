-- The count of orders beside what is staged: temp.window(from_at, until_at, body), body = what BigCommerce
-- answered -> temp.counted(counted, staged, live), counted NULL: not told.  Incomplete orders are left out where the
-- answer tells them apart.  live: without archived orders.  Rerunnable; uses lib/func.h.
DROP TABLE IF EXISTS temp.counted;
CREATE TEMP TABLE counted AS
WITH status AS (
	SELECT whole(s.value -> '$.id') AS id, whole(s.value -> '$.count') AS n
	  FROM temp.window w, json_each(w.body, '$.statuses') s),
told AS (
	SELECT whole(body -> '$.count') AS total,
	       (SELECT sum(n) FROM status) IS whole(body -> '$.count')
	       AND NOT EXISTS (SELECT 1 FROM status WHERE id IS NULL OR n IS NULL OR n < 0) AS apart
	  FROM temp.window)
SELECT CASE WHEN t.total < 0 THEN NULL
            WHEN t.apart THEN (SELECT coalesce(sum(n), 0) FROM status WHERE id <> 0)
            ELSE t.total END AS counted,
       (SELECT count(*) FROM temp.mine m WHERE NOT t.apart OR m.status_id IS NOT 0) AS staged,
       (SELECT count(*) FROM temp.mine m WHERE (NOT t.apart OR m.status_id IS NOT 0) AND m.is_deleted IS NOT 1) AS live
  FROM told t;
