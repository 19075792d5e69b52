-- Goods that leave: goods-out notes, drop-ship notes, and what they make of their order.  Runs after
-- schema_brightpearl.sql.  Quantities here are pieces.  To ship a note by SQL, set shipped_on.

INSERT OR IGNORE INTO switch (name, value, note) VALUES
('bp_no_notes', 'empty', 'empty | 404: goods-out or drop-ship notes asked for, none of which exists'),
('bp_ship_touches', 'yes', 'yes | no: shipping a note sets its order''s updatedOn'),
('bp_ship_rereferences', 'no', 'yes | no: a shipped note''s reference may be changed through the API'),
('bp_drop_ship_shape', 'goods_out', 'goods_out | products: rows of a drop-ship note as those of a'
	|| ' goods-out note, or a list of products');

CREATE TABLE IF NOT EXISTS bp_goods_out (
	id                 INTEGER PRIMARY KEY AUTOINCREMENT,
	order_id           INTEGER NOT NULL,         -- shown as 0 on a transfer
	warehouse_id       INTEGER NOT NULL DEFAULT 2,
	transfer           INTEGER NOT NULL DEFAULT 0,
	priority           INTEGER NOT NULL DEFAULT 0,
	printed_on         INTEGER,
	picked_on          INTEGER,
	packed_on          INTEGER,
	shipped_on         INTEGER,
	shipping_method_id INTEGER NOT NULL DEFAULT 0,
	reference          TEXT NOT NULL DEFAULT '', -- tracking numbers
	boxes              INTEGER,
	weight             INTEGER,                  -- ten-thousandths
	label_uri          TEXT,
	release_date       INTEGER,
	version            INTEGER NOT NULL DEFAULT 3131000, -- lastEventVersion
	created_on         INTEGER NOT NULL DEFAULT 1735689600,
	created_by         INTEGER NOT NULL DEFAULT 4,
	visible_at_ms      INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS bp_goods_out_order ON bp_goods_out (order_id);

-- Several of one order row come from several locations.
CREATE TABLE IF NOT EXISTS bp_goods_out_row (
	note_id     INTEGER NOT NULL,
	row_id      INTEGER NOT NULL,                -- bp_order_row
	product_id  INTEGER NOT NULL,
	quantity    INTEGER NOT NULL,
	location_id INTEGER NOT NULL DEFAULT 2,
	PRIMARY KEY (note_id, row_id, location_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bp_goods_out_row_row ON bp_goods_out_row (row_id);

CREATE TABLE IF NOT EXISTS bp_drop_ship (
	id                 INTEGER PRIMARY KEY AUTOINCREMENT,
	order_id           INTEGER NOT NULL,
	purchase_order_id  INTEGER NOT NULL DEFAULT 0,
	supplier_id        INTEGER NOT NULL DEFAULT 203,
	shipped_on         INTEGER,
	shipping_method_id INTEGER NOT NULL DEFAULT 0,
	reference          TEXT NOT NULL DEFAULT '',
	created_on         INTEGER NOT NULL DEFAULT 1735689600,
	created_by         INTEGER NOT NULL DEFAULT 4
);
CREATE INDEX IF NOT EXISTS bp_drop_ship_order ON bp_drop_ship (order_id);
CREATE TABLE IF NOT EXISTS bp_drop_ship_row (
	note_id    INTEGER NOT NULL,
	row_id     INTEGER NOT NULL,
	product_id INTEGER NOT NULL,
	quantity   INTEGER NOT NULL,
	PRIMARY KEY (note_id, row_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bp_drop_ship_row_row ON bp_drop_ship_row (row_id);

INSERT INTO sqlite_sequence (name, seq) SELECT 'bp_drop_ship', 650000
WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'bp_drop_ship');

-- Of each order row: pieces on notes, and shipped.
CREATE VIEW IF NOT EXISTS bp_row_goods AS
SELECT r.order_id, r.id AS row_id, r.product_id, r.quantity / 10000 AS wanted,
	NOT r.bundle_parent AND coalesce(p.stock_tracked, 0) AS goods,
	coalesce((SELECT sum(g.quantity) FROM bp_goods_out_row g JOIN bp_goods_out n ON n.id = g.note_id
		WHERE g.row_id = r.id AND NOT n.transfer), 0)
	+ coalesce((SELECT sum(d.quantity) FROM bp_drop_ship_row d WHERE d.row_id = r.id), 0) AS noted,
	coalesce((SELECT sum(g.quantity) FROM bp_goods_out_row g JOIN bp_goods_out n ON n.id = g.note_id
		WHERE g.row_id = r.id AND n.shipped_on IS NOT NULL AND NOT n.transfer), 0)
	+ coalesce((SELECT sum(d.quantity) FROM bp_drop_ship_row d JOIN bp_drop_ship n ON n.id = d.note_id
		WHERE d.row_id = r.id AND n.shipped_on IS NOT NULL), 0) AS shipped
FROM bp_order_row r LEFT JOIN bp_product p ON p.id = r.product_id;

-- And what that makes the order's status codes.
CREATE VIEW IF NOT EXISTS bp_order_goods AS
SELECT order_id, CASE WHEN sum(noted) = 0 THEN 'SON' WHEN sum(noted < wanted) THEN 'SOP' ELSE 'SOA' END AS stock_status,
	CASE WHEN sum(shipped) = 0 THEN 'SNS' WHEN sum(shipped < wanted) THEN 'SPS' ELSE 'ASS' END AS shipping_status
FROM bp_row_goods WHERE goods GROUP BY order_id;

CREATE TRIGGER IF NOT EXISTS bp_goods_out_noted AFTER INSERT ON bp_goods_out_row BEGIN
	UPDATE bp_order SET stock_status = g.stock_status, shipping_status = g.shipping_status
	FROM bp_order_goods g WHERE g.order_id = bp_order.id
	AND bp_order.id = (SELECT order_id FROM bp_goods_out WHERE id = NEW.note_id);
END;
CREATE TRIGGER IF NOT EXISTS bp_goods_out_shipped AFTER UPDATE OF shipped_on ON bp_goods_out BEGIN
	UPDATE bp_order SET stock_status = g.stock_status, shipping_status = g.shipping_status,
		updated_on = iif((SELECT value FROM switch WHERE name = 'bp_ship_touches') = 'yes',
			max(coalesce(updated_on, 0), NEW.shipped_on), updated_on)
	FROM bp_order_goods g WHERE g.order_id = bp_order.id AND bp_order.id = NEW.order_id;
END;
CREATE TRIGGER IF NOT EXISTS bp_drop_ship_noted AFTER INSERT ON bp_drop_ship_row BEGIN
	UPDATE bp_order SET stock_status = g.stock_status, shipping_status = g.shipping_status
	FROM bp_order_goods g WHERE g.order_id = bp_order.id
	AND bp_order.id = (SELECT order_id FROM bp_drop_ship WHERE id = NEW.note_id);
END;
CREATE TRIGGER IF NOT EXISTS bp_drop_ship_shipped AFTER UPDATE OF shipped_on ON bp_drop_ship BEGIN
	UPDATE bp_order SET stock_status = g.stock_status, shipping_status = g.shipping_status,
		updated_on = iif((SELECT value FROM switch WHERE name = 'bp_ship_touches') = 'yes',
			max(coalesce(updated_on, 0), NEW.shipped_on), updated_on)
	FROM bp_order_goods g WHERE g.order_id = bp_order.id AND bp_order.id = NEW.order_id;
END;
