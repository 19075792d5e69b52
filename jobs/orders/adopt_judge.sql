-- Sales orders that bear the reference of a row of out_order: temp.candidate(key, sales_order, found, payload)
-- -> temp.judged: for each, whether it is that row's own (ours), else how it differs.  temp.decided: one
-- line a key, the sales order that is its own, else NULL, and the first one that is not with how it differs.
-- Strangers may share a reference: two shops of one account, or a shop made anew, whose numbers begin
-- again.  So it is the order itself that tells: its type and channel, whom it bills, and when it was
-- placed.  One that is its own but cancelled (lost) is not taken for an order that the shop did not call off.  Today's contact is not asked: it may be merged, renamed or forgotten.  Uses lib/func.h.

-- As both sides say it: texts as they are compared, NULL = not told.  What a forgotten person's order
-- shows is nobody's.  A row in flight is what was sent.
DROP TABLE IF EXISTS temp.judged;
CREATE TEMP TABLE judged AS
WITH pair AS (
	SELECT c.key, c.sales_order, c.payload AS p, x.channel_id AS channel_mine, x.total AS total_mine, o.date_created AS placed_mine,
	       o.id NOT IN (SELECT id FROM order_called_off) AS wanted,
	       iif(x.state = 'claimed', coalesce(x.sent, x.body), x.body) AS b,
	       (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'customers.if_absent' AND value GLOB '[0-9]*') AS if_absent
	  FROM temp.candidate c
	  JOIN out_order x ON x.key = c.key
	  JOIN stg_bc_order o ON o.id = x.order_id
	 WHERE c.found = 1
	   AND NOT EXISTS (SELECT 1 FROM link_order k WHERE k.sales_order_id = c.sales_order AND k.order_id <> x.order_id)),
told AS (
	SELECT key, sales_order, p ->> '$.orderTypeCode' AS type, p ->> '$.assignment.current.channelId' AS channel, channel_mine, wanted,
	       money(p -> '$.totalValue.total') AS total, total_mine, instant(p ->> '$.placedOn') AS placed, placed_mine,
	       p ->> '$.parties.customer.contactId' AS contact, b ->> '$.customer.id' AS contact_mine,
	       whole(p -> '$.parties.customer.contactId') = if_absent OR b ->> '$.customer.id' = if_absent AS shared,
	       coalesce(p ->> '$.orderStatus.orderStatusId' = (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration
	                                                        WHERE name = 'cancelledOrderStatusId'), 0) AS cancelled,
	       p ->> '$.parties.billing.addressFullName' AS name_told, b ->> '$.billing.address.addressFullName' AS name_mine_told,
	       p ->> '$.parties.billing.postalCode' AS zip_told, b ->> '$.billing.address.postalCode' AS zip_mine_told,
	       p ->> '$.parties.billing.email' AS email_told, b ->> '$.billing.address.email' AS email_mine_told
	  FROM pair),
read AS (
	SELECT *, nullif(iif(fold(plain(name_told)) LIKE 'forgotten contact %', '', fold(plain(name_told))), '') AS name,
	       nullif(fold(plain(name_mine_told)), '') AS name_mine,
	       nullif(replace(replace(fold(plain(zip_told)), ' ', ''), '-', ''), '') AS zip,
	       nullif(replace(replace(fold(plain(zip_mine_told)), ' ', ''), '-', ''), '') AS zip_mine,
	       nullif(iif(fold(email_told) LIKE '%@forgotten-email.com', '', fold(email_told)), '') AS email,
	       nullif(fold(email_mine_told), '') AS email_mine
	  FROM told),
compared AS (
	SELECT *, coalesce(name <> name_mine, 0) OR coalesce(zip <> zip_mine, 0) OR coalesce(email <> email_mine, 0) AS contradicts,
	       coalesce(type = 'SO' AND (channel = channel_mine OR channel_mine IS NULL), 0) AS kind_agrees,
	       coalesce(placed = placed_mine, 0) AS same_second,
	       coalesce(abs(placed - placed_mine) <= 86400, 0) AS same_day,
	       coalesce(abs(total - total_mine) <= 50, 0) AS total_agrees,
	       -- the contact of customers.if_absent is everybody's
	       coalesce(CASE WHEN coalesce(shared, 0) OR email IS NULL AND contact IS NOT contact_mine
	                     THEN name = name_mine AND zip = zip_mine
	                     WHEN email IS NULL THEN contact = contact_mine
	                     ELSE email = email_mine END, 0) AS buyer_agrees
	  FROM read)
SELECT key, sales_order, cancelled, cancelled AND wanted AS lost, same_second, total_agrees,
       kind_agrees AND NOT contradicts AND (same_second OR (total_agrees AND buyer_agrees AND same_day)) AS ours,
       rtrim(iif(type IS 'SO', '', printf('its type is %s, ', coalesce(type, 'not told')))
       || iif(channel IS channel_mine OR channel_mine IS NULL, '', printf('its channel is %s instead of %s, ',
              coalesce((SELECT name FROM ref_list WHERE system = 'brightpearl' AND list = 'channel' AND id = channel), channel, 'none'),
              coalesce((SELECT name FROM ref_list WHERE system = 'brightpearl' AND list = 'channel' AND id = channel_mine), channel_mine)))
       || coalesce(iif(name <> name_mine, printf('it bills "%s" instead of "%s", ', trim(name_told), trim(name_mine_told)), ''), '')
       || coalesce(iif(zip <> zip_mine, printf('its postcode is %s instead of %s, ', trim(zip_told), trim(zip_mine_told)), ''), '')
       || coalesce(iif(email <> email_mine, printf('its e-mail is %s instead of %s, ', trim(email_told), trim(email_mine_told)), ''), '')
       || iif(same_second, '', printf('it was placed on %s UTC instead of %s, ',
              coalesce(strftime('%Y-%m-%d %H:%M:%S', placed, 'unixepoch'), 'a day that is not told'),
              strftime('%Y-%m-%d %H:%M:%S', placed_mine, 'unixepoch')))
       || iif(total_agrees, '', printf('its total is %.2f instead of %.2f, ', total / 1e4, total_mine / 1e4))
       || iif(buyer_agrees OR contradicts OR same_second, '', 'its buyer cannot be told, '), ', ') AS differs
  FROM compared;

-- Of several that are, one that is not cancelled, then the one of the same second, then the first.
DROP TABLE IF EXISTS temp.decided;
CREATE TEMP TABLE decided AS
SELECT key, iif(ours AND NOT lost, sales_order, NULL) AS sales_order, sales_order AS stranger, differs, same_second, total_agrees,
       ours AND lost AS lost
  FROM (SELECT *, row_number() OVER (PARTITION BY key ORDER BY ours DESC, cancelled, same_second DESC, sales_order) AS place
          FROM temp.judged)
 WHERE place = 1;
