-- BigCommerce's orders as listed just now (reconcile_bc_order) beside what is staged -> column unseen: what of an order the
-- feed had not shown, though it had read beyond the order's last change.  What orders.start_date and start_id leave out
-- stays out.  temp.unseen(at): when those were placed.  Run again after these were read, it leaves what is staged now as it
-- was told.  Rerunnable, plain SQLite.
DROP TABLE IF EXISTS temp.differs;
CREATE TEMP TABLE differs AS
SELECT p.id, CASE WHEN o.id IS NULL THEN 'it was not known'
                  WHEN o.status_id IS NOT p.status_id
                  THEN 'it was taken for ' || coalesce((SELECT r.name FROM ref_list r WHERE r.system = 'bigcommerce' AND r.list = 'status'
                                                           AND r.id = CAST(o.status_id AS TEXT)), 'status ' || coalesce(o.status_id, '?'))
                  WHEN o.is_deleted IS NOT p.is_deleted THEN iif(p.is_deleted, 'it was not taken for archived', 'it was taken for archived')
                  WHEN o.total_inc IS NOT p.total THEN 'another total was known' END AS what
  FROM reconcile_bc_order p
  LEFT JOIN stg_bc_order o ON o.id = p.id
 WHERE (o.id IS NULL OR o.status_id IS NOT p.status_id OR o.is_deleted IS NOT p.is_deleted OR o.total_inc IS NOT p.total)
   AND coalesce(p.date_modified, p.date_created) <= (SELECT seen_until FROM reconcile_run ORDER BY id DESC LIMIT 1)
   AND (p.id >= CAST((SELECT value FROM setting WHERE name = 'orders.start_id') AS INTEGER)
        AND p.date_created >= CAST((SELECT value FROM setting WHERE name = 'orders.start_date') AS INTEGER)
        OR EXISTS (SELECT 1 FROM backfill b WHERE p.date_created BETWEEN b.from_at AND b.until_at));

UPDATE reconcile_bc_order SET unseen = NULL
 WHERE unseen IS NOT NULL AND id IN (SELECT id FROM temp.differs);
UPDATE reconcile_bc_order AS p SET unseen = (SELECT what FROM temp.differs d WHERE d.id = p.id)
 WHERE id IN (SELECT id FROM temp.differs) AND (SELECT first FROM temp.reading_unseen);

DROP TABLE IF EXISTS temp.unseen;
CREATE TEMP TABLE unseen AS
SELECT DISTINCT date_created AS at FROM reconcile_bc_order WHERE unseen IS NOT NULL;
