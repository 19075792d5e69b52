-- Brightpearl has less allocated of some products than is believed to be reserved (view reserved_no_more) -> temp.missed:
-- the orders whose reservations are read again, those that were not read for longest first.  What was read since
-- the availability changed is not read for the same once more.
DROP TABLE IF EXISTS temp.missed;
CREATE TEMP TABLE missed AS
SELECT x.order_id
  FROM reserved_no_more m
  JOIN stg_bp_availability a ON a.product_id = m.product_id
  JOIN out_reservation_row r ON r.product_id = m.product_id AND r.reserved > 0
  JOIN out_reservation x ON x.order_id = r.order_id AND x.state = 'done' AND x.holder = 'us' AND x.read_run <= a.changed_run
 WHERE NOT EXISTS (SELECT 1 FROM order_named)
 GROUP BY x.order_id ORDER BY x.read_run, x.order_id LIMIT 20;
