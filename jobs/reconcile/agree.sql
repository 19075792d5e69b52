-- Each order of BigCommerce beside its sales order -> temp.pair.  Run as often as more was read;
-- rerunnable, plain SQLite.
--
-- The sales order that counts: the linked one, else the first that is not cancelled.
DROP TABLE IF EXISTS temp.partner;
CREATE TEMP TABLE partner AS
SELECT order_id, id AS sale_id, cancelled, n
  FROM (SELECT b.*, row_number() OVER (PARTITION BY b.order_id ORDER BY k.sales_order_id IS NULL, b.cancelled, b.id) AS n
          FROM (SELECT *, status_id IS (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration
                                         WHERE name = 'cancelledOrderStatusId') AS cancelled
                  FROM reconcile_bp_order WHERE read AND type_id = 1 AND order_id IS NOT NULL) b
          LEFT JOIN link_order k ON k.sales_order_id = b.id);
CREATE INDEX temp.partner_order ON partner(order_id, n);

-- What a sales order comes to with what was split off it, and what was paid on all of it and on its
-- credits.
DROP TABLE IF EXISTS temp.worth;
CREATE TEMP TABLE worth AS
WITH RECURSIVE family(root, id) AS (
	SELECT sale_id, sale_id FROM temp.partner WHERE n = 1
	UNION
	SELECT f.root, c.id FROM family f JOIN reconcile_bp_order c ON c.parent_id = f.id
	 WHERE c.read AND c.order_id IS NULL),
member AS (
	SELECT f.root, iif(m.type_id = 1 AND (m.id = f.root OR m.status_id IS NOT
	              (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration WHERE name = 'cancelledOrderStatusId')),
	              m.total, 0) AS total,
	       coalesce((SELECT sum(y.paid) FROM reconcile_bp_payment y WHERE y.sale_id = m.id), 0) AS paid,
	       EXISTS (SELECT 1 FROM reconcile_bp_payment y WHERE y.sale_id = m.id AND y.odd) AS unread
	  FROM family f JOIN reconcile_bp_order m ON m.id = f.id),
whole AS (
	SELECT root, sum(total) AS total, sum(paid) AS paid, max(unread) AS unread FROM member GROUP BY root)
SELECT p.order_id, p.sale_id, s.currency, s.placed_on, w.total, w.paid, w.unread
  FROM temp.partner p
  JOIN reconcile_bp_order s ON s.id = p.sale_id
  JOIN whole w ON w.root = p.sale_id
 WHERE p.n = 1;
CREATE INDEX temp.worth_order ON worth(order_id);

-- bc_total: BigCommerce may tell its total before or after store credit and gift certificates; how the
-- order was read when it was sent counts.  bc_paid: by the order's own word, or by its transactions where these were read, and what
-- it tells beyond them (view order_adds_up); less what was refunded, unless refunds are not sent.
DROP TABLE IF EXISTS temp.told_more;
CREATE TEMP TABLE told_more AS
SELECT id, missing FROM order_adds_up
 WHERE says = 'paid' AND missing > 0 AND id IN (SELECT order_id FROM reconcile_bc_money);
DROP TABLE IF EXISTS temp.pair;
CREATE TEMP TABLE pair AS
WITH valued AS (
	SELECT o.*, w.sale_id, w.currency AS bp_currency, w.total AS bp_total, w.paid AS bp_paid, coalesce(w.unread, 0) AS bp_unread, w.placed_on,
	       CASE WHEN abs(o.total - x.total) <= 50 THEN o.total
	            WHEN abs(o.total + o.credit - coalesce(x.total, w.total)) <= 50 THEN o.total + o.credit
	            WHEN abs(o.total + o.gift - coalesce(x.total, w.total)) <= 50 THEN o.total + o.gift
	            WHEN abs(o.total + o.credit + o.gift - coalesce(x.total, w.total)) <= 50 THEN o.total + o.credit + o.gift
	            ELSE o.total END AS bc_total,
	       coalesce((SELECT sum(r.amount) FROM reconcile_bc_refund r WHERE r.order_id = o.id), 0) AS refunded,
	       (SELECT p.line FROM map_payments p
	         WHERE o.method_fold LIKE p.method_like ESCAPE '\' AND o.provider LIKE p.gateway_like ESCAPE '\'
	           AND lower(o.currency) LIKE p.currency_like ESCAPE '\'
	         ORDER BY p.named DESC, p.line LIMIT 1) AS line
	  FROM reconcile_bc_order o
	  LEFT JOIN temp.worth w ON w.order_id = o.id
	  LEFT JOIN out_order x ON x.order_id = o.id AND x.remote_id IS NOT NULL),
paid AS (
	SELECT v.*, CASE
	       WHEN m.paid_at <> '' THEN iif(instr(m.paid_at, '|' || v.status_id || '|'), v.bc_total, v.credit + v.gift)
	       WHEN v.payment_status IN ('declined', 'void') THEN 0
	       WHEN t.order_id IS NOT NULL THEN v.credit + v.gift + t.moved
	            + coalesce((SELECT a.missing FROM temp.told_more a WHERE a.id = v.id), 0)
	            + iif((SELECT value FROM setting WHERE name = 'payments.uncaptured') = 'receipt', t.authorized, 0)
	       WHEN v.payment_status IN ('captured', 'paid', 'refunded', 'partially refunded') THEN v.bc_total
	       ELSE 0 END AS got, m.sync, coalesce(m.becomes = '(account)', 0) AS on_account
	  FROM valued v
	  LEFT JOIN map_payments m ON m.line = v.line
	  LEFT JOIN reconcile_bc_money t ON t.order_id = v.id),
told AS (
	SELECT p.*, max(50, CAST((SELECT value FROM setting WHERE name = 'reconcile.amount_tolerance') AS INTEGER)) AS tolerance
	  FROM paid p),
kept AS (
	SELECT t.*, iif(abs(got - bp_paid) <= tolerance AND abs(got - bp_paid) <= abs(got - refunded - bp_paid)
	                AND (SELECT value FROM setting WHERE name = 'payments.refunds') = 'off', got, got - refunded) AS bc_paid
	  FROM told t)
SELECT k.*, currency = coalesce(bp_currency, '') AND abs(bc_total - bp_total) <= tolerance AS total_agrees,
       abs(bc_paid - bp_paid) <= tolerance AND NOT bp_unread AS paid_agrees
  FROM kept k;
CREATE UNIQUE INDEX temp.pair_id ON pair(id);
