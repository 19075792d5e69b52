-- What became of each order -> table skip, temp.books.  Last of the transform's scripts.
DELETE FROM skip WHERE job = 'orders';
INSERT INTO skip(job, key, reason)
SELECT 'orders', 'order:' || id, skipped FROM order_choice WHERE skipped IS NOT NULL;

-- Considered: open, changed since the last run, refused, or a problem.  Each has one fate; one that has
-- none breaks the books.
DROP TABLE IF EXISTS temp.fate;
CREATE TEMP TABLE fate AS
SELECT c.id, CASE WHEN x.state IN ('pending', 'claimed') THEN 'planned'
                  WHEN x.state = 'rejected' OR p.key IS NOT NULL THEN 'rejected'
                  WHEN s.key IS NOT NULL THEN 'skipped'
                  WHEN x.state IN ('done', 'ignored') THEN 'unchanged' END AS fate
  FROM (SELECT id FROM order_open
        UNION SELECT id FROM stg_bc_order WHERE changed_run = (SELECT id FROM current_run)
        UNION SELECT order_id FROM out_order WHERE state = 'rejected'
        UNION SELECT CAST(substr(key, 7) AS INTEGER) FROM temp.problem WHERE key LIKE 'order:%') c
  LEFT JOIN out_order x ON x.order_id = c.id
  LEFT JOIN (SELECT DISTINCT key FROM temp.problem) p ON p.key = 'order:' || c.id
  LEFT JOIN skip s ON s.job = 'orders' AND s.key = 'order:' || c.id;

DROP TABLE IF EXISTS temp.books;
CREATE TEMP TABLE books AS
SELECT count(*) AS considered, count(*) FILTER (WHERE fate = 'planned') AS planned,
       count(*) FILTER (WHERE fate = 'unchanged') AS unchanged, count(*) FILTER (WHERE fate = 'skipped') AS skipped,
       count(*) FILTER (WHERE fate = 'rejected') AS rejected
  FROM temp.fate;
