-- Candidates, now read in full -> temp.verdict(order_id, sale_id, shown, differs): one for each order of
-- ours; sale_id NULL = it has no partner, differs NULL = they agree and no other does.
DROP TABLE IF EXISTS temp.judged;
CREATE TEMP TABLE judged AS
SELECT order_id, sale_id, shown, differs, cancelled
  FROM (SELECT c.*, coalesce(s.status_id = (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration
                                             WHERE name = 'cancelledOrderStatusId'), 0) AS cancelled,
               nullif(
               iif(s.id IS NULL OR s.gone, 'it is not there any more, ', iif(s.type = 'SO', '', 'its type is ' || s.type || ', '))
               || iif(abs(o.total_inc - s.total) <= 50, '',
                      printf('its total is %.2f instead of %.2f, ', s.total / 1e4, o.total_inc / 1e4))
               || iif(s.currency = o.currency, '', printf('its currency is %s instead of %s, ', s.currency, o.currency))
               || iif(o.email <> '' AND o.email IN (SELECT lower(trim(p.value ->> '$.email')) FROM json_each(s.payload, '$.parties') p
                                                     UNION SELECT lower(trim(d.payload ->> '$.communication.emails.PRI.email'))
                                                             FROM stg_bp_contact_data d WHERE d.id = s.contact_id), '',
                      printf('its e-mail is %s instead of %s, ', coalesce(nullif(s.payload ->> '$.parties.customer.email', ''), 'none'),
                             coalesce(nullif(o.email, ''), 'none'))), '') AS differs
          FROM temp.candidate c
          JOIN stg_bc_order o ON o.id = c.order_id
          LEFT JOIN stg_bp_sale s ON s.id = c.sale_id);

-- A cancelled one stands back when another agrees; alone, it is that of an order that is called off, too.
UPDATE temp.judged AS j SET differs = 'it is cancelled, '
 WHERE cancelled AND differs IS NULL
   AND (EXISTS (SELECT 1 FROM temp.judged l WHERE l.order_id = j.order_id AND l.differs IS NULL AND NOT l.cancelled)
        OR j.order_id NOT IN (SELECT id FROM order_called_off));

-- Of several that agree, none is taken; nor is one that agrees with several orders.
DROP TABLE IF EXISTS temp.verdict;
CREATE TEMP TABLE verdict AS
SELECT o.id AS order_id, coalesce(a.sale_id, d.sale_id) AS sale_id, coalesce(a.shown, d.shown) AS shown,
       CASE WHEN a.sale_id IS NULL THEN rtrim(d.differs, ', ')
            WHEN a.matches > 1 THEN printf('%d sales orders agree with it', a.matches)
            WHEN (SELECT count(*) FROM temp.judged j WHERE j.sale_id = a.sale_id AND j.differs IS NULL) > 1
            THEN 'it agrees with another order, too' END AS differs
  FROM temp.ours o
  LEFT JOIN (SELECT order_id, min(sale_id) AS sale_id, shown, count(*) AS matches FROM temp.judged
              WHERE differs IS NULL GROUP BY order_id) a ON a.order_id = o.id
  LEFT JOIN (SELECT order_id, min(sale_id) AS sale_id, shown, differs FROM temp.judged
              WHERE differs IS NOT NULL GROUP BY order_id) d ON d.order_id = o.id;

DELETE FROM adopt_differs WHERE order_id IN (SELECT id FROM temp.ours);
INSERT INTO adopt_differs(order_id, sales_order_id, message, at)
SELECT order_id, sale_id, printf('Brightpearl order %d has the reference %s, but %s', sale_id, shown, differs),
       unixepoch()
  FROM temp.verdict WHERE sale_id IS NOT NULL AND differs IS NOT NULL;

-- The contact of the newest sales order is the customer's.
INSERT INTO link_customer(email, contact_id, how, at)
SELECT email, contact_id, 'adopted', unixepoch()
  FROM (SELECT o.email, s.contact_id, max(v.order_id)
          FROM temp.verdict v
          JOIN stg_bc_order o ON o.id = v.order_id
          JOIN stg_bp_sale s ON s.id = v.sale_id
         WHERE v.differs IS NULL AND o.email <> '' AND s.contact_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM out_customer x WHERE x.key = o.email AND x.state = 'claimed')
         GROUP BY o.email)
 WHERE true
    ON CONFLICT DO NOTHING;
