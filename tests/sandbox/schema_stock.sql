-- Stock of the Brightpearl side: what is where, what orders hold of it.  Runs at every start.
-- onHand = in_stock - allocated.  Quantities are pieces.  A goods-out note takes over what its order
-- had reserved: stock stays allocated until the note is shipped, then leaves.

INSERT OR IGNORE INTO switch (name, value, note) VALUES
('bp_reservation_none', '404', '404 | empty: answer to GET reservation when an order has none'),
('bp_reservation_empty', 'refuse', 'refuse | gone | kept: PUT of a reservation without products: 400;'
	|| ' the reservation is gone; it stays, empty'),
('bp_reservation_over_row', 'refuse', 'refuse | accept | clip: more reserved for a row than it orders, less what is on'
	|| ' notes: a 400; as told; as much as it orders'),
('bp_reservation_zero', 'refuse', 'refuse | drop | keep: quantity 0 in a PUT: a 400; the row is let go of; it stays, with 0'),
('bp_reservation_left_out', 'drop', 'drop | keep: rows of the reservation that a PUT does not name'),
('bp_reservation_put_none', '404', '404 | make: PUT of a reservation that there is not'),
('bp_reservation_used_up', 'gone', 'gone | empty: a reservation whose last pieces went onto a note'),
('bp_reservation_undone', 'free', 'free | reserved: where the goods of a deleted note go'),
('bp_row_below_reserved', 'refuse', 'refuse | accept: a row of fewer pieces than are reserved for it'),
('bp_reservation_touches', 'no', 'yes | no: a change of a reservation sets the order''s updatedOn'),
('bp_availability_invalid', 'omit', 'omit | refuse: one unknown id makes product-availability a 400');

CREATE TABLE IF NOT EXISTS bp_stock (
	product_id   INTEGER NOT NULL,
	warehouse_id INTEGER NOT NULL DEFAULT 2,
	in_stock     INTEGER NOT NULL DEFAULT 0,
	allocated    INTEGER NOT NULL DEFAULT 0, -- reserved, or on goods-out notes not yet shipped
	PRIMARY KEY (product_id, warehouse_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS bp_reservation (
	order_id     INTEGER PRIMARY KEY,
	warehouse_id INTEGER NOT NULL DEFAULT 2
);
CREATE TABLE IF NOT EXISTS bp_reservation_row (
	order_id   INTEGER NOT NULL,
	row_id     INTEGER NOT NULL,
	product_id INTEGER NOT NULL,
	quantity   INTEGER NOT NULL,
	PRIMARY KEY (order_id, row_id)
) WITHOUT ROWID;

-- What a reservation's rows hold is allocated; so a reservation inserted by a script holds stock too.
CREATE TRIGGER IF NOT EXISTS bp_reservation_holds AFTER INSERT ON bp_reservation_row
BEGIN
	INSERT INTO bp_stock (product_id, warehouse_id, allocated)
	SELECT NEW.product_id, warehouse_id, NEW.quantity FROM bp_reservation WHERE order_id = NEW.order_id
	ON CONFLICT DO UPDATE SET allocated = allocated + excluded.allocated;
END;
CREATE TRIGGER IF NOT EXISTS bp_reservation_lets_go AFTER DELETE ON bp_reservation_row
BEGIN
	UPDATE bp_stock SET allocated = allocated - OLD.quantity
	 WHERE product_id = OLD.product_id
	   AND warehouse_id = (SELECT warehouse_id FROM bp_reservation WHERE order_id = OLD.order_id);
END;
CREATE TRIGGER IF NOT EXISTS bp_reservation_changes AFTER UPDATE OF quantity ON bp_reservation_row
BEGIN
	UPDATE bp_stock SET allocated = allocated + NEW.quantity - OLD.quantity
	 WHERE product_id = NEW.product_id
	   AND warehouse_id = (SELECT warehouse_id FROM bp_reservation WHERE order_id = NEW.order_id);
END;

-- The rows of goods-out notes (schema_goods_out.sql).  Insert the note first.
CREATE TRIGGER IF NOT EXISTS bp_goods_out_takes AFTER INSERT ON bp_goods_out_row
BEGIN
	UPDATE bp_reservation_row SET quantity = max(0, quantity - NEW.quantity)
	 WHERE row_id = NEW.row_id
	   AND order_id = (SELECT order_id FROM bp_goods_out WHERE id = NEW.note_id);
	DELETE FROM bp_reservation_row WHERE row_id = NEW.row_id AND quantity = 0;
	DELETE FROM bp_reservation WHERE order_id = (SELECT order_id FROM bp_goods_out WHERE id = NEW.note_id)
	   AND order_id NOT IN (SELECT order_id FROM bp_reservation_row)
	   AND (SELECT value FROM switch WHERE name = 'bp_reservation_used_up') = 'gone';
	INSERT INTO bp_stock (product_id, warehouse_id, in_stock, allocated)
	SELECT NEW.product_id, warehouse_id, iif(shipped_on IS NULL, 0, -NEW.quantity),
	       iif(shipped_on IS NULL, NEW.quantity, 0) FROM bp_goods_out WHERE id = NEW.note_id
	ON CONFLICT DO UPDATE SET allocated = allocated + excluded.allocated,
	       in_stock = max(0, in_stock + excluded.in_stock);
END;
CREATE TRIGGER IF NOT EXISTS bp_goods_out_ships AFTER UPDATE OF shipped_on ON bp_goods_out
WHEN OLD.shipped_on IS NULL AND NEW.shipped_on IS NOT NULL
BEGIN
	UPDATE bp_stock SET in_stock = max(0, in_stock - g.quantity), allocated = max(0, allocated - g.quantity)
	  FROM (SELECT product_id, sum(quantity) AS quantity FROM bp_goods_out_row
	         WHERE note_id = NEW.id GROUP BY product_id) g
	 WHERE bp_stock.product_id = g.product_id AND bp_stock.warehouse_id = NEW.warehouse_id;
END;
CREATE TRIGGER IF NOT EXISTS bp_goods_out_undone BEFORE DELETE ON bp_goods_out
WHEN OLD.shipped_on IS NULL
BEGIN
	UPDATE bp_stock SET allocated = max(0, allocated - g.quantity)
	  FROM (SELECT product_id, sum(quantity) AS quantity FROM bp_goods_out_row
	         WHERE note_id = OLD.id GROUP BY product_id) g
	 WHERE bp_stock.product_id = g.product_id AND bp_stock.warehouse_id = OLD.warehouse_id;
	INSERT OR IGNORE INTO bp_reservation SELECT OLD.order_id, OLD.warehouse_id
	 WHERE (SELECT value FROM switch WHERE name = 'bp_reservation_undone') = 'reserved';
	INSERT INTO bp_reservation_row (order_id, row_id, product_id, quantity)
	SELECT OLD.order_id, row_id, product_id, sum(quantity) FROM bp_goods_out_row
	 WHERE note_id = OLD.id AND (SELECT value FROM switch WHERE name = 'bp_reservation_undone') = 'reserved'
	 GROUP BY row_id
	ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity;
END;
