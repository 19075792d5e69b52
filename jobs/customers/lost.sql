-- temp.wanted (wanted.sql) -> temp.lost: e-mails whose contact is gone from Brightpearl, with another one
-- that has the e-mail as its first (other; NULL = none); and temp.lost_sale: their sales orders, the newest
-- first.  Looked for when the contact went, when an order of it changed, and now and then.  Rerunnable.
DROP TABLE IF EXISTS temp.lost;
CREATE TEMP TABLE lost AS
SELECT w.email, o.bill_email AS spelled, g.gone, w.contact_id AS other, NULL AS found
  FROM temp.wanted w
  JOIN stg_bc_order o ON o.id = w.order_id
  JOIN (SELECT k.email, k.contact_id AS gone FROM link_customer k
        UNION
        SELECT x.key, x.remote_id FROM out_customer x
         WHERE x.state = 'rejected' AND x.remote_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM link_customer k WHERE k.email = x.key)) g ON g.email = w.email
  JOIN stg_bp_contact_data d ON d.id = g.gone AND d.gone
  LEFT JOIN told t ON t.record = 'customer:' || w.email AND t.what = 'sought ' || g.gone
 WHERE NOT EXISTS (SELECT 1 FROM out_customer x WHERE x.key = w.email AND x.state = 'claimed')
   AND (t.at IS NULL OR o.changed_run = (SELECT id FROM current_run)
        OR t.at < unixepoch() - 3600 * (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'api.reference_hours'));

INSERT INTO told(record, what, at)
SELECT 'customer:' || email, 'sought ' || gone, unixepoch() FROM temp.lost WHERE true
    ON CONFLICT DO UPDATE SET at = excluded.at;

DROP TABLE IF EXISTS temp.lost_sale;
CREATE TEMP TABLE lost_sale AS
SELECT l.email, k.sales_order_id,
       row_number() OVER (PARTITION BY l.email ORDER BY o.date_created DESC, o.id DESC) AS place
  FROM temp.lost l
  JOIN stg_bc_order o ON o.email = l.email
  JOIN link_order k ON k.order_id = o.id;
