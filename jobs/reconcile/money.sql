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
-- what settles a purchase is the same money
told AS (
	SELECT s.*, r.event AS about_event FROM seen s LEFT JOIN seen r ON r.id = s.about AND r.id <> s.id)
SELECT coalesce(sum(CASE WHEN event IN ('purchase', 'capture') THEN amount
                         WHEN event = 'settled' AND about_event IS NOT 'purchase' AND about_event IS NOT 'capture' THEN amount
                         WHEN event = 'void' AND about_event IN ('purchase', 'capture') THEN -amount END), 0) AS moved,
       max(0, coalesce(sum(CASE WHEN event = 'authorization' THEN amount
                                WHEN event = 'capture' OR (event = 'void' AND about_event IS NOT 'purchase') THEN -amount END), 0))
       AS authorized
  FROM told;
