-- What became of the shop's orders, a line for each file that they come from.  The sandbox numbers new
-- contacts from 2001 on.
WITH file(n, what, records) AS (VALUES
	(1, 'everyday orders', readfile('orders.json')), (2, 'orders that connectors stumble over', readfile('cases.json')),
	(3, 'orders of customers who may be known', readfile('customers.json'))),
fate AS (
	SELECT f.n, f.what, o.contact_id, o.id IS NOT NULL AS came, k.key IS NOT NULL AS left_out,
	       EXISTS (SELECT 1 FROM reject j WHERE j.job = 'orders' AND j.closed_at IS NULL AND j.key = 'order:' || (value ->> '$.id')) AS waits
	  FROM file f, json_each(f.records)
	  LEFT JOIN there.bp_order o ON o.external_ref = 'BC-' || (value ->> '$.id')
	  LEFT JOIN skip k ON k.job = 'orders' AND k.key = 'order:' || (value ->> '$.id'))
SELECT printf('     %d %s: %d came over, for %d known and %d new customers%s%s', count(*), what, sum(came),
              count(DISTINCT contact_id) FILTER (WHERE contact_id <= 2000), count(DISTINCT contact_id) FILTER (WHERE contact_id > 2000),
              iif(sum(left_out), printf('; %d left out', sum(left_out)), ''),
              iif(sum(waits), printf('; %d wait%s', sum(waits), iif(sum(waits) = 1, 's', '')), ''))
  FROM fate GROUP BY n;
