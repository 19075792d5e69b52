-- A sales order has one delivery address: the first.  What goes elsewhere, and what the order names but
-- does not exist any more, is told in an order note -> temp.note, which begins with the marker by which it
-- is found again.  After fresh.sql.
DROP TABLE IF EXISTS temp.elsewhere;
CREATE TEMP TABLE elsewhere AS
SELECT order_id, 'It goes to ' || max(position) || ' addresses; the first is this order''s delivery address.'
       || group_concat(text, '') AS text
  FROM (SELECT a.order_id, a.position, char(10, 10)
	|| iif(a.kind = 'pickup', 'Collected at ', 'Delivered to ')
	|| coalesce((SELECT group_concat(value, ', ') FROM json_each(json_array(
	            nullif(trim(coalesce(a.first, '') || ' ' || coalesce(a.last, '')), ''), a.company, a.street_1,
	            a.street_2, a.city, a.state, a.zip, a.country, a.phone)) WHERE trim(value) <> ''), '(no address)')
	|| coalesce(char(10) || 'Method: ' || nullif(a.method, ''), '')
	|| coalesce((SELECT char(10) || group_concat(text, char(10)) FROM (
	            SELECT l.quantity || ' x ' || coalesce(nullif(l.sku, '') || ' ', '') || coalesce(l.name, '')
	                   || coalesce(' (' || nullif(l.options, '') || ')', '') AS text
	              FROM temp.line l
	             WHERE l.order_id = a.order_id AND l.type = 'physical'
	               AND iif(a.kind = 'pickup', coalesce(l.address_id, 0) = 0, l.address_id = a.id)
	             ORDER BY l.position)), '') AS text
          FROM temp.todo t JOIN stg_bc_order_address a ON a.order_id = t.id
         WHERE a.position > 1
         ORDER BY a.order_id, a.position)
 GROUP BY order_id;

DROP TABLE IF EXISTS temp.note;
CREATE TEMP TABLE note AS
SELECT order_id, '[Pearlbridge ' || (SELECT prefix FROM order_reference) || order_id || ' addresses]' || char(10)
       || group_concat(text, char(10, 10)) AS text
  FROM (SELECT order_id, 0 AS place, text FROM temp.elsewhere UNION ALL SELECT order_id, 1, text FROM temp.absent
         ORDER BY order_id, place, text)
 GROUP BY order_id;
