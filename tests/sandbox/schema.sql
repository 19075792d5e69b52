-- What the sandbox remembers.  Runs at every start, so everything is IF NOT EXISTS / OR IGNORE.
-- Money columns are ten-thousandths of the currency, dates epoch seconds (UTC), unless named _ms.
-- body columns hold JSON objects; what stands in them wins over the columns when a record is shown.

-- How the two systems behave where the contracts leave it open, and what tests turn on.
CREATE TABLE IF NOT EXISTS switch (
	name  TEXT PRIMARY KEY,
	value NOT NULL,
	note  TEXT
) WITHOUT ROWID;

INSERT OR IGNORE INTO switch (name, value, note) VALUES
('clock_offset_s', 0, 'the servers'' clock runs this far ahead of ours'),
('latency_ms', 0, 'each answer is late by this; other requests go on meanwhile'),
('gzip', 'yes', 'yes | no: compress when the client accepts it'),
('fault_at', 0, 'the n-th request counted in fault_seen meets fault_kind; 0 = none'),
('fault_kind', '', 'a kind of table fault'),
('fault_arg', '', 'its argument'),
('list_mutations', 'no', 'no | yes: table mutation gets what each mutation would make of each answer'),
('fault_seen', 0, 'requests counted so far; a test sets it to 0'),
('unknown_store', '401', '401 | 404: what a store or an account that is not there answers'),
('bp_quota', 200, 'Brightpearl requests per minute; 0 = unlimited'),
('bp_other_apps', 0, 'requests per minute that other apps of the account use up'),
('bc_store_hash', 'abc123', 'the store of /stores/{hash}/'),
('bc_token', 'bc-test-token', 'the only X-Auth-Token that is accepted'),
('bc_denied_scopes', '', 'comma list: orders customers products inventory locations information'
	|| ' transactions channels payments_methods'),
('bc_quota', 150, 'requests per 30 s; 0 = unlimited'),
('bc_other_apps', 0, 'requests per window that other clients of the store use up'),
('bc_429_headers', 'all', 'all | none | retry_after_only: headers of a 429'),
('bc_limit_over', '413', '413 | clamp: a V2 limit above 250'),
('bc_date_bounds', 'inclusive', 'inclusive | exclusive: min_/max_date_ of V2 orders'),
('bc_tie', 'asc', 'asc | desc: order by id among equal sort keys'),
('bc_count', 'as_list', 'as_list | archived | no_dates: what /v2/orders/count counts: what the list shows, archived'
	|| ' orders in any case, or whatever the dates asked for'),
('bc_archived', 'listed', 'listed | hidden: is_deleted orders in the V2 list'),
('bc_warning_place', 'consignment', 'consignment | list | order: where __warning__ stands'),
('bc_fees_in_total', 'no', 'yes | no: fees count in total_*; used when an order is loaded'),
('bc_total_after_credit', 'no', 'no | yes: store credit and gift certificates used are taken off total_*;'
	|| ' used when an order is loaded'),
('bc_discount_on_lines', 'yes', 'yes | no: discount and coupon of an order are shared out over its lines,'
	|| ' or stand in its totals alone; used when an order is loaded'),
('bc_tax_rounding', 'as_told', 'as_told | line | unit | order: what of an order is rounded to cents, its lines, each piece, or'
	|| ' its sums alone; as_told: lines, by the order''s decimals; used when an order is loaded'),
('bc_line_tax', 'after', 'after | before: total_tax of a discounted line; used when an order is loaded'),
('bc_consignments', 'object', 'object | array | links: what include=consignments.line_items gives'),
('bc_notes_text', 'as_is', 'as_is, or a comma list of entities, crlf, trimmed: staff_notes and'
	|| ' customer_message as they are shown'),
('bc_fees_shape', 'object', 'object | array: GET /orders/{id}/fees'),
('bc_adjust_untracked', 'refuse', 'refuse | ignore: stock of a product that is not tracked'),
('bc_shipment_over', 'refuse', 'refuse | accept: a shipment of more than is left to ship (409)'),
('bc_shipment_moves_status', 'no', 'no | yes | completed: a shipment sets Partially Shipped, and the last'
	|| ' one Shipped or Completed'),
('bc_shipment_modifies', 'yes', 'yes | no: a shipment sets the order''s date_modified'),
('bc_no_transactions', '200', '200 | 204 | 404 | null: transactions of an order that has none; null: data is null');

-- What goes wrong when; see README.md for the kinds.
CREATE TABLE IF NOT EXISTS fault (
	id                INTEGER PRIMARY KEY,
	api               TEXT,               -- bigcommerce | brightpearl, NULL = both
	method            TEXT,               -- a GLOB, NULL = any
	path              TEXT,               -- GLOB on what follows the API's base, NULL = any
	nth               INTEGER DEFAULT 1,  -- the nth matching request since insertion; 0 = every
	min_on_connection INTEGER DEFAULT 1,  -- only from the k-th request of a TCP connection on
	kind              TEXT NOT NULL,
	arg               TEXT,
	fired             INTEGER DEFAULT 0,
	times             INTEGER DEFAULT 1,  -- how often it may fire, from the nth on; -1 = for ever
	seen              INTEGER DEFAULT 0   -- matching requests so far
);

-- What fault kind mutate, with that number, would make of the answer to that request; of those that make the
-- same, the first.  Written where list_mutations says so.
CREATE TABLE IF NOT EXISTS mutation (
	request INTEGER NOT NULL,
	number  INTEGER NOT NULL,
	name    TEXT NOT NULL,
	answer  TEXT NOT NULL,
	PRIMARY KEY (request, number)
) WITHOUT ROWID;

-- Every request but those to /sandbox/.
CREATE TABLE IF NOT EXISTS request (
	id                INTEGER PRIMARY KEY,
	at_ms             INTEGER NOT NULL,   -- the simulated clock
	api               TEXT NOT NULL,      -- bigcommerce | brightpearl | none
	method            TEXT NOT NULL,
	path              TEXT NOT NULL,      -- what follows the API's base, as received
	query             TEXT,               -- as received
	body              TEXT,
	status            INTEGER,            -- what was sent; 0 = closed without an answer
	fault             TEXT,               -- the kind that fired
	connection        INTEGER,            -- serial number of the TCP connection
	nth_on_connection INTEGER             -- from 1
);

-- Budget used in the newest window.
CREATE TABLE IF NOT EXISTS quota (
	api    TEXT PRIMARY KEY,
	window INTEGER NOT NULL,
	used   INTEGER NOT NULL
) WITHOUT ROWID;

-- BigCommerce: lookups ------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS bc_store (
	id   INTEGER PRIMARY KEY CHECK (id = 1),
	body TEXT NOT NULL                    -- the answer of GET /v2/store but id
);
INSERT OR IGNORE INTO bc_store VALUES (1, '{"account_uuid":"8d4d492f-17a1-4d95-b396-e1c5720815a5",
"domain":"shop.example.com","secure_url":"https://shop.example.com",
"control_panel_base_url":"https://store-abc123.mybigcommerce.com","status":"live",
"name":"Sandbox Shop","first_name":"Jane","last_name":"Doe","address":"1 High Street",
"country":"United Kingdom","country_code":"GB","phone":"020 7946 0000",
"admin_email":"admin@example.com","order_email":"orders@example.com","favicon_url":"",
"timezone":{"name":"Europe/London","raw_offset":0,"dst_offset":3600,"dst_correction":true,
"date_format":{"display":"jS M Y","export":"jS M Y","extended_display":"jS M Y @ g:i A"}},
"language":"en","currency":"GBP","currency_symbol":"\u00a3","decimal_separator":".",
"thousands_separator":",","decimal_places":2,"currency_symbol_location":"left",
"weight_units":"KGS","dimension_units":"Centimeters","dimension_decimal_places":2,
"dimension_decimal_token":".","dimension_thousands_token":",","plan_name":"Standard",
"plan_level":"Standard","plan_is_trial":false,"industry":"","logo":{},
"is_price_entered_with_tax":true,"store_id":1001,"default_channel_id":1,"default_site_id":1000,
"active_comparison_modules":[],"features":{"stencil_enabled":true,"sitewidehttps_enabled":true,
"facebook_catalog_id":"","checkout_type":"optimized","wishlists_enabled":true,
"graphql_storefront_api_enabled":true,"shopper_consent_tracking_enabled":false,
"multi_storefront_enabled":true,"storefront_limits":{"active":3,"total_including_inactive":4}}}');

CREATE TABLE IF NOT EXISTS bc_status (
	id                 INTEGER PRIMARY KEY,
	name               TEXT NOT NULL,     -- = system_label
	custom_label       TEXT NOT NULL,     -- what the merchant renamed it to
	system_description TEXT NOT NULL,
	sort_order         INTEGER NOT NULL
);
INSERT OR IGNORE INTO bc_status VALUES
(0, 'Incomplete', 'Incomplete', 'An incomplete order happens when a shopper reached the payment page, but did not complete the transaction.', 0),
(1, 'Pending', 'Pending', 'Customer started the checkout process, but did not complete it.', 1),
(7, 'Awaiting Payment', 'Awaiting Payment', 'Customer has completed checkout process, but payment has yet to be confirmed.', 2),
(11, 'Awaiting Fulfillment', 'Awaiting Fulfillment', 'Customer has completed the checkout process and payment has been confirmed.', 3),
(9, 'Awaiting Shipment', 'Awaiting Shipment', 'Order has been pulled and packaged, and is awaiting collection from a shipping provider.', 4),
(8, 'Awaiting Pickup', 'Awaiting Pickup', 'Order has been pulled, and is awaiting customer pickup from a seller-specified location.', 5),
(3, 'Partially Shipped', 'Partially Shipped', 'Only some items in the order have been shipped, due to some products being pre-order only or other reasons.', 6),
(10, 'Completed', 'Completed', 'Client has paid for their digital product and their file(s) are available for download.', 7),
(2, 'Shipped', 'Shipped', 'Order has been shipped, but receipt has not been confirmed; seller has used the Ship Items action.', 8),
(5, 'Cancelled', 'Cancelled', 'Seller has cancelled an order, due to a stock inconsistency or other reasons.', 9),
(6, 'Declined', 'Declined', 'Seller has marked the order as declined for lack of manual payment, or other reasons.', 10),
(4, 'Refunded', 'Refunded', 'Seller has used the Refund action.', 11),
(13, 'Disputed', 'Disputed', 'Customer has initiated a dispute resolution process for the PayPal transaction that paid for the order.', 12),
(12, 'Manual Verification Required', 'Manual Verification Required', 'Order is on hold while some aspect needs to be manually confirmed.', 13),
(14, 'Partially Refunded', 'Partially Refunded', 'Seller has partially refunded the order.', 14);

CREATE TABLE IF NOT EXISTS bc_channel (
	id            INTEGER PRIMARY KEY,
	name          TEXT NOT NULL,
	type          TEXT NOT NULL DEFAULT 'storefront',
	platform      TEXT NOT NULL DEFAULT 'bigcommerce',
	status        TEXT NOT NULL DEFAULT 'active',
	external_id   TEXT NOT NULL DEFAULT '',
	date_created  INTEGER NOT NULL DEFAULT 1262304000,
	date_modified INTEGER NOT NULL DEFAULT 1262304000
);
INSERT OR IGNORE INTO bc_channel (id, name) VALUES (1, 'Sandbox Shop');

CREATE TABLE IF NOT EXISTS bc_customer_group (
	id                  INTEGER PRIMARY KEY,
	name                TEXT NOT NULL,
	is_default          INTEGER NOT NULL DEFAULT 0,
	is_group_for_guests INTEGER NOT NULL DEFAULT 0,
	date_created        INTEGER NOT NULL DEFAULT 1262304000,
	date_modified       INTEGER NOT NULL DEFAULT 1262304000
);
INSERT OR IGNORE INTO bc_customer_group (id, name, is_default) VALUES (1, 'Retail', 1);
INSERT OR IGNORE INTO bc_customer_group (id, name) VALUES (2, 'Wholesale');

CREATE TABLE IF NOT EXISTS bc_tax_class (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	created_at INTEGER NOT NULL DEFAULT 1262304000,
	updated_at INTEGER NOT NULL DEFAULT 1262304000
);
INSERT OR IGNORE INTO bc_tax_class (id, name) VALUES
(1, 'Non-Taxable Products'), (2, 'Shipping'), (3, 'Gift Wrapping');

CREATE TABLE IF NOT EXISTS bc_currency (
	id            INTEGER PRIMARY KEY,
	code          TEXT NOT NULL UNIQUE,
	name          TEXT NOT NULL,
	token         TEXT NOT NULL,
	exchange_rate TEXT NOT NULL DEFAULT '1.0000000000',
	is_default    INTEGER NOT NULL DEFAULT 0,
	country_iso2  TEXT NOT NULL DEFAULT '',
	enabled       INTEGER NOT NULL DEFAULT 1
);
INSERT OR IGNORE INTO bc_currency VALUES
(1, 'GBP', 'British Pound', '£', '1.0000000000', 1, 'GB', 1),
(2, 'EUR', 'Euro', '€', '1.1700000000', 0, 'EU', 1),
(3, 'USD', 'US Dollar', '$', '1.2700000000', 0, 'US', 1);

CREATE TABLE IF NOT EXISTS bc_payment_method (
	code      TEXT PRIMARY KEY,
	name      TEXT NOT NULL,
	test_mode INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT OR IGNORE INTO bc_payment_method (code, name) VALUES
('bankdeposit', 'Bank Deposit'), ('cheque', 'Check'), ('credit_card', 'Credit Card');

CREATE TABLE IF NOT EXISTS bc_location (
	id                         INTEGER PRIMARY KEY,
	code                       TEXT NOT NULL UNIQUE,
	label                      TEXT NOT NULL,
	is_default                 INTEGER NOT NULL DEFAULT 0,
	enabled                    INTEGER NOT NULL DEFAULT 1,
	managed_by_external_source INTEGER NOT NULL DEFAULT 0,
	storefront_visibility      INTEGER NOT NULL DEFAULT 1,
	type_id                    TEXT NOT NULL DEFAULT 'PHYSICAL',
	created_at                 INTEGER NOT NULL DEFAULT 1262304000,
	updated_at                 INTEGER NOT NULL DEFAULT 1262304000
);
INSERT OR IGNORE INTO bc_location (id, code, label, is_default)
VALUES (1, 'BC-LOCATION-1', 'Default location', 1);

-- BigCommerce: catalogue and stock ------------------------------------------------------------

CREATE TABLE IF NOT EXISTS bc_product (
	id                 INTEGER PRIMARY KEY,
	sku                TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
	name               TEXT NOT NULL,
	type               TEXT NOT NULL DEFAULT 'physical',
	upc                TEXT NOT NULL DEFAULT '',
	mpn                TEXT NOT NULL DEFAULT '',
	gtin               TEXT NOT NULL DEFAULT '',
	price              INTEGER NOT NULL DEFAULT 0,
	tax_class_id       INTEGER NOT NULL DEFAULT 0,
	is_visible         INTEGER NOT NULL DEFAULT 1,
	availability       TEXT NOT NULL DEFAULT 'available',
	inventory_tracking TEXT NOT NULL DEFAULT 'product', -- none | product | variant
	has_options        INTEGER NOT NULL DEFAULT 0,      -- 1: insert its variants yourself
	date_created       INTEGER NOT NULL DEFAULT 1262304000,
	date_modified      INTEGER NOT NULL DEFAULT 1262304000,
	body               TEXT NOT NULL DEFAULT '{}'       -- further or overriding fields
);
CREATE UNIQUE INDEX IF NOT EXISTS bc_product_sku ON bc_product (sku) WHERE sku <> '';

CREATE TABLE IF NOT EXISTS bc_variant (
	id            INTEGER PRIMARY KEY,
	product_id    INTEGER NOT NULL,
	sku           TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
	is_base       INTEGER NOT NULL DEFAULT 0,       -- of a product without options: sku_id null
	upc           TEXT NOT NULL DEFAULT '',
	mpn           TEXT NOT NULL DEFAULT '',
	gtin          TEXT NOT NULL DEFAULT '',
	price         INTEGER,                          -- NULL = the product's
	option_values TEXT NOT NULL DEFAULT '[]',
	body          TEXT NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX IF NOT EXISTS bc_variant_sku ON bc_variant (sku) WHERE sku <> '';
CREATE INDEX IF NOT EXISTS bc_variant_product ON bc_variant (product_id);

-- A product without options has one base variant; 500000 keeps the two kinds of id apart.
CREATE TRIGGER IF NOT EXISTS bc_product_base AFTER INSERT ON bc_product WHEN NOT new.has_options
BEGIN
	INSERT INTO bc_variant (id, product_id, sku, is_base, upc, mpn, gtin)
	VALUES (500000 + new.id, new.id, new.sku, 1, new.upc, new.mpn, new.gtin);
END;
CREATE TRIGGER IF NOT EXISTS bc_product_renamed AFTER UPDATE OF sku, upc, mpn, gtin ON bc_product
WHEN NOT new.has_options
BEGIN
	UPDATE bc_variant SET sku = new.sku, upc = new.upc, mpn = new.mpn, gtin = new.gtin
	WHERE product_id = new.id;
END;
-- SKUs are unique across products and variants.
CREATE TRIGGER IF NOT EXISTS bc_product_sku_free BEFORE INSERT ON bc_product WHEN new.sku <> ''
BEGIN
	SELECT RAISE(ABORT, 'The SKU is in use by a variant')
	WHERE EXISTS (SELECT 1 FROM bc_variant WHERE sku = new.sku);
END;
CREATE TRIGGER IF NOT EXISTS bc_variant_sku_free BEFORE INSERT ON bc_variant
WHEN new.sku <> '' AND NOT new.is_base
BEGIN
	SELECT RAISE(ABORT, 'The SKU is in use by a product')
	WHERE EXISTS (SELECT 1 FROM bc_product WHERE sku = new.sku);
END;

-- No row: nothing on hand there.
CREATE TABLE IF NOT EXISTS bc_stock (
	variant_id    INTEGER NOT NULL,
	location_id   INTEGER NOT NULL,
	onhand        INTEGER NOT NULL DEFAULT 0,
	safety_stock  INTEGER NOT NULL DEFAULT 0,
	warning_level INTEGER NOT NULL DEFAULT 0,
	bin           TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (variant_id, location_id)
) WITHOUT ROWID;

-- What may be sold by the default location: the catalogue's inventory_level.
CREATE VIEW IF NOT EXISTS bc_variant_level AS
SELECT v.id AS variant_id, v.product_id,
	max(0, coalesce((SELECT sum(s.onhand - s.safety_stock) FROM bc_stock s
		JOIN bc_location l ON l.id = s.location_id
		WHERE s.variant_id = v.id AND l.is_default), 0)) AS level
FROM bc_variant v;

-- BigCommerce: customers ----------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS bc_customer (
	id                INTEGER PRIMARY KEY,
	email             TEXT NOT NULL COLLATE NOCASE UNIQUE,
	first_name        TEXT NOT NULL DEFAULT '',
	last_name         TEXT NOT NULL DEFAULT '',
	company           TEXT NOT NULL DEFAULT '',
	phone             TEXT NOT NULL DEFAULT '',
	notes             TEXT NOT NULL DEFAULT '',
	customer_group_id INTEGER NOT NULL DEFAULT 0,
	date_created      INTEGER NOT NULL DEFAULT 1262304000,
	date_modified     INTEGER NOT NULL DEFAULT 1262304000,
	body              TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS bc_customer_address (
	id          INTEGER PRIMARY KEY,
	customer_id INTEGER NOT NULL,
	body        TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_customer_address_of ON bc_customer_address (customer_id);

-- The last id given out of each kind, far apart so that a mixed-up id finds nothing.
CREATE TABLE IF NOT EXISTS bc_sequence (
	name TEXT PRIMARY KEY,
	last INTEGER NOT NULL
) WITHOUT ROWID;
INSERT OR IGNORE INTO bc_sequence VALUES ('order', 100), ('product', 300000), ('address', 700000),
('fee', 800000), ('coupon', 810000), ('transaction', 40000), ('refund', 60000);

-- BigCommerce: orders -------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS bc_order (
	id                INTEGER PRIMARY KEY,
	status_id         INTEGER NOT NULL DEFAULT 1,
	customer_id       INTEGER NOT NULL DEFAULT 0,   -- 0 = guest
	email             TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
	channel_id        INTEGER NOT NULL DEFAULT 1,
	payment_method    TEXT NOT NULL DEFAULT '',
	external_order_id TEXT NOT NULL DEFAULT '',
	external_id       TEXT,
	cart_id           TEXT NOT NULL DEFAULT '',
	total_inc_tax     INTEGER NOT NULL DEFAULT 0,
	is_deleted        INTEGER NOT NULL DEFAULT 0,   -- archived
	staff_notes       TEXT NOT NULL DEFAULT '',
	customer_message  TEXT DEFAULT '',
	date_created      INTEGER NOT NULL,
	date_modified     INTEGER NOT NULL,
	date_shipped      INTEGER,
	body              TEXT NOT NULL DEFAULT '{}'    -- every other field
);
CREATE INDEX IF NOT EXISTS bc_order_modified ON bc_order (date_modified, id);
CREATE INDEX IF NOT EXISTS bc_order_created ON bc_order (date_created, id);

-- body is the whole line item as GET /orders/{id}/products shows it; the virtual columns read it.
CREATE TABLE IF NOT EXISTS bc_order_product (
	id               INTEGER PRIMARY KEY,
	order_id         INTEGER NOT NULL,
	address_id       INTEGER NOT NULL DEFAULT 0,
	consignment      TEXT NOT NULL DEFAULT 'shipping', -- shipping | pickup | download | email
	recipient_email  TEXT,                             -- of download and email
	body             TEXT NOT NULL,
	sku              TEXT AS (body ->> 'sku'),
	product_id       INTEGER AS (body ->> 'product_id'),
	quantity         INTEGER AS (body ->> 'quantity'),
	quantity_shipped INTEGER AS (body ->> 'quantity_shipped')
);
CREATE INDEX IF NOT EXISTS bc_order_product_of ON bc_order_product (order_id, id);

-- Shipping addresses (as GET shows them; = shipping consignments) and pickup consignments.
CREATE TABLE IF NOT EXISTS bc_order_address (
	id       INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	kind     TEXT NOT NULL DEFAULT 'shipping',         -- shipping | pickup
	body     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_order_address_of ON bc_order_address (order_id, id);

CREATE TABLE IF NOT EXISTS bc_order_fee (
	id       INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	body     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_order_fee_of ON bc_order_fee (order_id, id);

CREATE TABLE IF NOT EXISTS bc_order_coupon (
	id       INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	body     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_order_coupon_of ON bc_order_coupon (order_id, id);

CREATE TABLE IF NOT EXISTS bc_order_tax (
	id               INTEGER PRIMARY KEY,
	order_id         INTEGER NOT NULL,
	address_id       INTEGER NOT NULL DEFAULT 0,
	order_product_id INTEGER,                          -- of item and handling
	line_item_type   TEXT NOT NULL DEFAULT 'item',     -- item | shipping | handling | gift-wrapping
	name             TEXT NOT NULL DEFAULT 'Tax',
	class            TEXT NOT NULL DEFAULT 'Default Tax Class',
	tax_class_id     INTEGER NOT NULL DEFAULT 0,
	rate             INTEGER NOT NULL,                 -- percent in ten-thousandths: 20 % = 200000
	amount           INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_order_tax_of ON bc_order_tax (order_id, id);

CREATE TABLE IF NOT EXISTS bc_order_message (
	id           INTEGER PRIMARY KEY,
	order_id     INTEGER NOT NULL,
	customer_id  INTEGER NOT NULL DEFAULT 0,
	staff_id     INTEGER NOT NULL DEFAULT 0,
	type         TEXT NOT NULL DEFAULT 'customer',
	subject      TEXT NOT NULL DEFAULT '',
	message      TEXT NOT NULL,
	status       TEXT NOT NULL DEFAULT 'unread',
	is_flagged   INTEGER NOT NULL DEFAULT 0,
	date_created INTEGER NOT NULL DEFAULT (unixepoch())
);
CREATE INDEX IF NOT EXISTS bc_order_message_of ON bc_order_message (order_id, id);

CREATE TABLE IF NOT EXISTS bc_shipment (
	id       INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	body     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_shipment_of ON bc_shipment (order_id, id);

INSERT OR IGNORE INTO switch (name, value, note) VALUES
('bc_transactions_listed', 'all', 'all | but_last | none: of an order''s transactions; what is made may be listed later'),
('bc_refunds_listed', 'yes', 'yes | no: refunds are listed'),
('bc_credit_listed', 'yes', 'yes | no: store credit and gift certificates are among the transactions'),
('bc_payment_service', 'up', 'up | down | an order''s id: 503 for all transactions, for that order''s');
CREATE TABLE IF NOT EXISTS bc_transaction (
	id       INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	body     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_transaction_of ON bc_transaction (order_id, id);

CREATE TABLE IF NOT EXISTS bc_refund (
	id       INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	created  INTEGER NOT NULL DEFAULT (unixepoch()),
	body     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS bc_refund_of ON bc_refund (order_id, id);

-- How records look: one JSON text per row beside the columns that filters read --------------------

DROP VIEW IF EXISTS bc_status_view;
CREATE VIEW bc_status_view AS SELECT id, json_object(
	'id', id, 'name', name, 'system_label', name, 'custom_label', custom_label,
	'system_description', system_description, 'order', sort_order) AS record
FROM bc_status;

DROP VIEW IF EXISTS bc_customer_group_view;
CREATE VIEW bc_customer_group_view AS SELECT g.*, json_object(
	'id', id, 'name', name, 'is_default', json(iif(is_default, 'true', 'false')),
	'category_access', json('{"type":"all"}'), 'discount_rules', json('[]'),
	'date_created', strftime('%Y-%m-%dT%H:%M:%SZ', date_created, 'unixepoch'),
	'date_modified', strftime('%Y-%m-%dT%H:%M:%SZ', date_modified, 'unixepoch'),
	'is_group_for_guests', json(iif(is_group_for_guests, 'true', 'false'))) AS record
FROM bc_customer_group g;

DROP VIEW IF EXISTS bc_tax_class_view;
CREATE VIEW bc_tax_class_view AS SELECT id, json_object(
	'id', id, 'name', name,
	'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
	'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', updated_at, 'unixepoch')) AS record
FROM bc_tax_class;

DROP VIEW IF EXISTS bc_currency_view;
CREATE VIEW bc_currency_view AS SELECT id, json_object(
	'id', id, 'is_default', json(iif(is_default, 'true', 'false')), 'country_iso2', country_iso2,
	'default_for_country_codes', json('[]'), 'currency_code', code,
	'currency_exchange_rate', exchange_rate, 'auto_update', json('false'), 'token_location', 'left',
	'token', token, 'decimal_token', '.', 'thousands_token', ',', 'decimal_places', 2, 'name', name,
	'enabled', json(iif(enabled, 'true', 'false')),
	'is_transactional', json(iif(enabled, 'true', 'false')), 'use_default_name', json('false'),
	'last_updated', 'Fri, 01 Jan 2010 00:00:00 +0000') AS record
FROM bc_currency;

DROP VIEW IF EXISTS bc_payment_method_view;
CREATE VIEW bc_payment_method_view AS SELECT name, json_object(
	'code', code, 'name', name, 'test_mode', json(iif(test_mode, 'true', 'false'))) AS record
FROM bc_payment_method;

DROP VIEW IF EXISTS bc_channel_view;
CREATE VIEW bc_channel_view AS SELECT *, json_object(
	'id', id, 'name', name, 'type', type, 'platform', platform, 'status', status,
	'external_id', external_id, 'icon_url', '', 'is_listable_from_ui', json('true'),
	'is_visible', json('true'), 'is_enabled', json(iif(available, 'true', 'false')),
	'date_created', strftime('%Y-%m-%dT%H:%M:%SZ', date_created, 'unixepoch'),
	'date_modified', strftime('%Y-%m-%dT%H:%M:%SZ', date_modified, 'unixepoch')) AS record
FROM (SELECT *, status IN ('active', 'prelaunch', 'connected') AS available FROM bc_channel);

DROP VIEW IF EXISTS bc_location_view;
CREATE VIEW bc_location_view AS SELECT l.*, json_object(
	'id', id, 'code', code, 'label', label, 'description', '',
	'managed_by_external_source', json(iif(managed_by_external_source, 'true', 'false')),
	'type_id', type_id, 'enabled', json(iif(enabled, 'true', 'false')), 'time_zone', 'Etc/UTC',
	'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
	'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', updated_at, 'unixepoch'),
	'address', json_object('country_code', 'GB'),
	'storefront_visibility', json(iif(storefront_visibility, 'true', 'false')),
	'special_hours', json('[]')) AS record
FROM bc_location l;

DROP VIEW IF EXISTS bc_product_view;
CREATE VIEW bc_product_view AS SELECT p.*, json_object(
	'id', id, 'name', name, 'type', type, 'sku', sku, 'description', '', 'weight', 0, 'width', 0,
	'depth', 0, 'height', 0, 'price', json(printf('%d.%04d', price / 10000, price % 10000)),
	'cost_price', 0, 'retail_price', 0, 'sale_price', 0, 'map_price', 0,
	'tax_class_id', tax_class_id, 'product_tax_code', '',
	'calculated_price', json(printf('%d.%04d', price / 10000, price % 10000)),
	'categories', json('[]'), 'brand_id', 0, 'option_set_id', NULL, 'option_set_display', 'right',
	'inventory_level', level, 'inventory_warning_level', 0,
	'inventory_tracking', inventory_tracking, 'reviews_rating_sum', 0, 'reviews_count', 0,
	'total_sold', 0, 'fixed_cost_shipping_price', 0, 'is_free_shipping', json('false'),
	'is_visible', json(iif(is_visible, 'true', 'false')), 'is_featured', json('false'),
	'related_products', json('[-1]'), 'warranty', '', 'bin_picking_number', '', 'layout_file', '',
	'upc', upc, 'mpn', mpn, 'gtin', gtin, 'date_last_imported', NULL, 'search_keywords', '',
	'availability', availability, 'availability_description', '', 'condition', 'New',
	'is_condition_shown', json('false'), 'order_quantity_minimum', 0, 'order_quantity_maximum', 0,
	'page_title', '', 'meta_keywords', json('[]'), 'meta_description', '',
	'date_created', strftime('%Y-%m-%dT%H:%M:%S+00:00', date_created, 'unixepoch'),
	'date_modified', strftime('%Y-%m-%dT%H:%M:%S+00:00', date_modified, 'unixepoch'),
	'view_count', 0, 'preorder_release_date', NULL, 'preorder_message', '',
	'is_preorder_only', json('false'), 'is_price_hidden', json('false'), 'price_hidden_label', '',
	'base_variant_id', iif(has_options, NULL,
		(SELECT v.id FROM bc_variant v WHERE v.product_id = p.id))) AS record
FROM (SELECT *, (SELECT sum(level) FROM bc_variant_level l WHERE l.product_id = bc_product.id)
	AS level FROM bc_product) p;

DROP VIEW IF EXISTS bc_variant_view;
CREATE VIEW bc_variant_view AS SELECT v.*, json_object(
	'id', v.id, 'product_id', v.product_id, 'sku', v.sku,
	'sku_id', iif(v.is_base, NULL, 900000 + v.id), 'price', iif(v.price IS NULL, NULL,
		json(printf('%d.%04d', v.price / 10000, v.price % 10000))),
	'calculated_price', json(printf('%d.%04d', coalesce(v.price, p.price) / 10000,
		coalesce(v.price, p.price) % 10000)),
	'cost_price', 0, 'sale_price', NULL, 'retail_price', NULL, 'map_price', NULL, 'weight', NULL,
	'width', NULL, 'height', NULL, 'depth', NULL, 'is_free_shipping', json('false'),
	'fixed_cost_shipping_price', NULL, 'purchasing_disabled', json('false'),
	'purchasing_disabled_message', '', 'image_url', '', 'upc', v.upc, 'mpn', v.mpn,
	'gtin', v.gtin, 'inventory_level',
	(SELECT level FROM bc_variant_level l WHERE l.variant_id = v.id),
	'inventory_warning_level', 0, 'bin_picking_number', '',
	'option_values', json(v.option_values)) AS record
FROM bc_variant v JOIN bc_product p ON p.id = v.product_id;

DROP VIEW IF EXISTS bc_customer_view;
CREATE VIEW bc_customer_view AS SELECT c.*, json_object(
	'id', id, 'email', email, 'first_name', first_name, 'last_name', last_name,
	'company', company, 'phone', phone, 'notes', notes, 'registration_ip_address', '',
	'tax_exempt_category', '', 'customer_group_id', customer_group_id,
	'date_created', strftime('%Y-%m-%dT%H:%M:%SZ', date_created, 'unixepoch'),
	'date_modified', strftime('%Y-%m-%dT%H:%M:%SZ', date_modified, 'unixepoch'),
	'address_count', (SELECT count(*) FROM bc_customer_address a WHERE a.customer_id = c.id),
	'attribute_count', 0, 'authentication', json('{"force_password_reset":false}'),
	'accepts_product_review_abandoned_cart_emails', json('false'), 'origin_channel_id', 1,
	'channel_ids', json('[1]')) AS record
FROM bc_customer c;

DROP VIEW IF EXISTS bc_order_message_view;
CREATE VIEW bc_order_message_view AS SELECT m.*, json_object(
	'id', id, 'order_id', order_id, 'staff_id', staff_id, 'customer_id', customer_id,
	'type', type, 'subject', subject, 'message', message, 'status', status,
	'is_flagged', json(iif(is_flagged, 'true', 'false'))) AS record
FROM bc_order_message m;

-- a tax row as GET /orders/{id}/taxes?details=true shows it
DROP VIEW IF EXISTS bc_order_tax_view;
CREATE VIEW bc_order_tax_view AS SELECT *, json_object(
	'id', id, 'order_id', order_id, 'order_address_id', address_id, 'tax_rate_id', 1,
	'sales_tax_id', 'tax-' || rate, 'tax_class_id', tax_class_id, 'name', name, 'class', class,
	'rate', printf('%d.%04d', rate / 10000, rate % 10000), 'priority', 0,
	'priority_amount', printf('%d.%04d', amount / 10000, amount % 10000),
	'line_amount', printf('%d.%04d', amount / 10000, amount % 10000),
	'order_pickup_method_id', 0,
	'order_product_id', iif(order_product_id, CAST(order_product_id AS TEXT), NULL),
	'line_item_type', line_item_type) AS record
FROM bc_order_tax;

-- and without details: one row per rate and address
DROP VIEW IF EXISTS bc_order_tax_sum_view;
CREATE VIEW bc_order_tax_sum_view AS SELECT *, json_object(
	'id', id, 'order_id', order_id, 'order_address_id', address_id, 'tax_rate_id', 1,
	'sales_tax_id', 'tax-' || rate, 'tax_class_id', tax_class_id, 'name', name, 'class', class,
	'rate', printf('%d.%04d', rate / 10000, rate % 10000), 'priority', 0,
	'priority_amount', printf('%d.%04d', amount / 10000, amount % 10000),
	'line_amount', printf('%d.%04d', amount / 10000, amount % 10000),
	'order_pickup_method_id', 0) AS record
FROM (SELECT min(id) AS id, order_id, address_id, name, class, tax_class_id, rate,
	sum(amount) AS amount FROM bc_order_tax
	GROUP BY order_id, address_id, name, class, tax_class_id, rate);
