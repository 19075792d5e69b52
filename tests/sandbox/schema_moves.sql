-- BigCommerce moves its own stock as orders are placed, edited, cancelled, shipped: at the default
-- location, of what is tracked, where something was ever booked.  Runs at every start.

INSERT OR IGNORE INTO switch (name, value, note) VALUES
('bc_stock_taken', 'order_placed', 'order_placed | order_completed_or_shipped | never: when an order takes its units (update_stock_behavior)'),
('bc_stock_edited', 'yes', 'yes | no: an edit moves stock (edit_order_stock_adjustment)'),
('bc_stock_returned', 'yes', 'yes | no: an order that becomes Cancelled or Refunded gives back (refund_order_stock_adjustment)'),
('bc_stock_below_zero', 'no', 'no | yes: an order for more than there is leaves 0, or less'),
('bc_items_page', 0, 'items that a page of inventory holds at most, whatever was asked for; 0 = as asked'),
('bc_stock_lag_ms', 0, 'an item that was set shows for this long what it showed before');

CREATE TABLE IF NOT EXISTS bc_stock_late (
	variant_id  INTEGER NOT NULL,
	location_id INTEGER NOT NULL,
	onhand      INTEGER NOT NULL,
	until_ms    INTEGER NOT NULL,
	PRIMARY KEY (variant_id, location_id)
) WITHOUT ROWID;

-- What each line has taken so far.
CREATE TABLE IF NOT EXISTS bc_stock_taken (
	line_id    INTEGER PRIMARY KEY,
	order_id   INTEGER NOT NULL,
	variant_id INTEGER NOT NULL,
	product_id INTEGER NOT NULL,
	units      INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_stock_taken_order ON bc_stock_taken (order_id);

-- What each line should have taken by its order's status.  A line that an edit took away should have
-- nothing; where edits move nothing, all stays as it was first taken.
DROP VIEW IF EXISTS bc_stock_due;
CREATE VIEW bc_stock_due AS
SELECT l.order_id, l.line_id, l.variant_id, l.product_id, l.taken,
	CASE WHEN o.status_id IN (0, 4, 5) THEN iif(s.returned = 'yes', 0, coalesce(l.taken, 0))
		WHEN NOT (s.takes = 'order_placed' OR s.takes <> 'never' AND o.status_id IN (2, 10)) THEN coalesce(l.taken, 0)
		WHEN s.edited = 'no' AND EXISTS (SELECT 1 FROM bc_stock_taken k WHERE k.order_id = l.order_id) THEN coalesce(l.taken, 0)
		ELSE l.quantity END AS due
FROM (SELECT p.order_id, p.id AS line_id, coalesce(nullif(p.body ->> 'variant_id', 0), 0) AS variant_id,
		coalesce(p.product_id, 0) AS product_id, p.quantity, t.units AS taken
	FROM bc_order_product p LEFT JOIN bc_stock_taken t ON t.line_id = p.id
	UNION ALL
	SELECT t.order_id, t.line_id, t.variant_id, t.product_id, 0, t.units
	FROM bc_stock_taken t WHERE t.line_id NOT IN (SELECT id FROM bc_order_product WHERE order_id = t.order_id)) l
JOIN bc_order o ON o.id = l.order_id
JOIN (SELECT max(value) FILTER (WHERE name = 'bc_stock_taken') AS takes, max(value) FILTER (WHERE name = 'bc_stock_edited') AS edited,
	max(value) FILTER (WHERE name = 'bc_stock_returned') AS returned FROM switch WHERE name IN ('bc_stock_taken', 'bc_stock_edited', 'bc_stock_returned')) s;

-- INSERT INTO bc_stock_move VALUES (an order's number) brings stock in step with that order.
DROP VIEW IF EXISTS bc_stock_move;
CREATE VIEW bc_stock_move AS SELECT order_id FROM bc_stock_taken;
CREATE TRIGGER bc_stock_moves INSTEAD OF INSERT ON bc_stock_move
BEGIN
	UPDATE bc_stock SET onhand = max(onhand - m.units, iif((SELECT value FROM switch WHERE name = 'bc_stock_below_zero') = 'yes',
			-2147483648, min(onhand, 0)))
	FROM (SELECT v.id AS variant_id, sum(d.due - coalesce(d.taken, 0)) AS units
		FROM bc_stock_due d JOIN bc_product p ON p.id = d.product_id
		JOIN bc_variant v ON v.product_id = p.id AND (p.inventory_tracking = 'product' OR v.id = d.variant_id)
		WHERE d.order_id = NEW.order_id AND p.inventory_tracking <> 'none' GROUP BY v.id) m
	WHERE bc_stock.variant_id = m.variant_id AND m.units <> 0
		AND bc_stock.location_id IN (SELECT id FROM bc_location WHERE is_default);
	INSERT OR REPLACE INTO bc_stock_taken (line_id, order_id, variant_id, product_id, units)
	SELECT line_id, order_id, variant_id, product_id, due FROM bc_stock_due
	WHERE order_id = NEW.order_id AND (due > 0 OR taken IS NOT NULL);
END;

CREATE TRIGGER IF NOT EXISTS bc_order_moves_stock AFTER UPDATE OF status_id ON bc_order WHEN OLD.status_id <> NEW.status_id
BEGIN
	INSERT INTO bc_stock_move VALUES (NEW.id);
END;
