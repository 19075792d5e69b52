-- temp.page (the transactions of one order) -> temp.sum: the money that moved, and what is authorised
-- beyond that.  Store credit and gift certificates are told by the order.  Rerunnable; uses lib/func.h.
DROP TABLE IF EXISTS temp.sum;
CREATE TEMP TABLE sum AS
WITH seen AS (
	SELECT whole(payload -> '$.id') AS id, lower(payload ->> '$.event') AS event, money(payload -> '$.amount') AS amount,
	       whole(payload -> '$.reference_transaction_id') AS about
	  FROM temp.page
	 WHERE NOT coalesce(payload ->> '$.test' IN (1, 'true'), 0)
	   AND lower(coalesce(payload ->> '$.status', 'ok')) <> 'error'
	   AND lower(coalesce(payload ->> '$.method', '')) NOT IN ('store_credit', 'gift_certificate')),
-- what settles a purchase is the same money; a void that names none speaks of the authorisation, or else of the purchase before it,
-- and one without an amount of all of it
told AS (
	SELECT s.id, s.event, coalesce(nullif(s.amount, 0), iif(s.event = 'void', r.amount, 0)) AS amount, r.event AS about_event
	  FROM (SELECT s.*, coalesce((SELECT a.id FROM seen a WHERE a.id = s.about AND a.id <> s.id),
	               iif(s.event = 'void', coalesce((SELECT max(a.id) FROM seen a WHERE a.event = 'authorization' AND a.id < s.id),
	                                              (SELECT max(a.id) FROM seen a WHERE a.event = 'purchase' AND a.id < s.id)),
	                   NULL)) AS speaks_of FROM seen s) s
	  LEFT JOIN seen r ON r.id = s.speaks_of)
SELECT coalesce(sum(CASE WHEN event IN ('purchase', 'capture') THEN amount
                         WHEN event = 'settled' AND about_event IS NOT 'purchase' AND about_event IS NOT 'capture' THEN amount
                         WHEN event = 'void' AND about_event IN ('purchase', 'capture') THEN -amount END), 0) AS moved,
       max(0, coalesce(sum(CASE WHEN event = 'authorization' THEN amount
                                WHEN event = 'capture' OR (event = 'void' AND about_event IS NOT 'purchase'
                                     AND about_event IS NOT 'capture') THEN -amount END), 0))
       AS authorized
  FROM told;
