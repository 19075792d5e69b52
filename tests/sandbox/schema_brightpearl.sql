-- What the Brightpearl side remembers.  Runs at every start, so everything is IF NOT EXISTS / OR
-- IGNORE.  Money and quantities are ten-thousandths, exchange rates millionths, dates epoch
-- seconds (UTC) unless named _ms.  A record is seen by searches from visible_at_ms on.
-- To seed a record, insert what matters: every other column has a default.

INSERT OR IGNORE INTO switch (name, value, note) VALUES
('bp_lead_sources', 'list', 'list | refuse: whether the account tells its lead sources'),
('bp_projects', 'list', 'list | map | named | absent | broken: shape of the list of projects; absent: 404, broken: 500'),
('bp_inactive_lead_source', 'accept', 'accept | refuse: an order with a lead source that is not active'),
('bp_account', 'pearltest', 'the account of /public-api/{account}/'),
('bp_app_ref', 'pearltest_bridge', 'the only brightpearl-app-ref that is accepted'),
('bp_token', 'bp-test-token', 'brightpearl-staff-token or brightpearl-account-token'),
('bp_bearer', 'bp-test-bearer', 'OAuth access token; any other is answered as expired'),
('bp_dev_ref', 'pearltest', 'brightpearl-dev-ref that goes with bp_bearer'),
('bp_client_id', 'bp-test-client', 'OAuth client'),
('bp_client_secret', 'bp-test-secret', 'and its secret'),
('bp_refresh_token', 'bp-test-refresh-0', 'the refresh token that works; using it makes the next one and a new bp_bearer'),
('bp_refresh_before', '', 'the one before'),
('bp_refresh_again', 'no', 'no | yes: the one before is taken too'),
('bp_instance_id', 11, 'the app''s installedIntegrationInstanceId; 0 = private app without one'),
('bp_foreign_instance', 'refuse', 'refuse | accept: an instance id in an order that is not ours'),
('bp_duplicate_body', 'id', 'id | empty | zero: body of the 200 for a duplicate sales order'),
('bp_search_lag_ms', 0, 'searches see a record or a change only after this; GET at once'),
('bp_date_bounds', 'half_open', 'half_open | inclusive | exclusive: D1/ >= and /D2 <, both'
	|| ' inclusive, both exclusive'),
('bp_string_case', 'exact', 'exact | ignore: letter case in STRING and STRING_SET filters'),
('bp_contains_case', 'ignore', 'exact | ignore: letter case in SEARCH_STRING filters'),
('bp_contact_absent', 'skip', 'skip | refuse: an unknown id among known ones in a contact GET is left'
	|| ' out, or the whole is 404'),
('bp_telephone_patch', 'fitting', 'fitting | any | add | replace | none: op of a telephone PATCH: add'
	|| ' where unset and replace where set, any of them, only that one, refused'),
('bp_address_get', 'yes', 'yes | no: GET of postal addresses'),
('bp_tie', 'asc', 'asc | desc: order by id among equal sort keys'),
('bp_multi', 'on', 'on | down: multi-message answers 503 with HTML'),
('bp_patch_in_multi', 'refuse', 'refuse | accept: PATCH inside a multi-message'),
('bp_timezone_offset_min', -360, 'offset of the dates in answers, minutes east of UTC'),
('bp_summer_time', 'no', 'no | yes: dates in answers are an hour later from the last Sunday of March to that of October, 01:00 UTC'),
('bp_field_add', 'refuse', 'refuse | overwrite: add of a custom field that has a value'),
('bp_field_text', 'as_is', 'as_is, or a comma list of entities, crlf, trimmed: texts in custom fields'
	|| ' as they are shown'),
('bp_field_lines', 'any', 'any | one: whether a TEXT field takes line breaks'),
('bp_field_touches', 'no', 'yes | no: a custom field change sets the order''s updatedOn'),
('bp_same_second_update', 'set', 'set | null: updatedOn of a change in the second of creation'),
('bp_duplicate_payment', 'ACTC-014', 'code of the 400 for a repeated transactionRef and method'),
('bp_payment_touches', 'no', 'yes | no: a payment sets its order''s updatedOn'),
('bp_reversal_form', 'payment', 'payment | negative: a reversal by staff is a PAYMENT, or a RECEIPT below zero'),
('bp_credit_twin', 'same', 'same | again: a sales credit whose two keys are known is the one that'
	|| ' is there, or another one'),
('bp_status_note_text', 'Order status updated', 'text of the note of a status change without one');

-- Lists ---------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS bp_configuration (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;
-- the zone has no summer time, as bp_timezone_offset_min is fixed
INSERT OR IGNORE INTO bp_configuration VALUES
('newSalesOrderStatusId', '3'), ('invoicedOrderStatusId', '4'), ('cancelledOrderStatusId', '5'),
('timeZone', 'America/Costa_Rica'), ('taxSchemeCode', 'VAT'), ('baseCurrencyCode', 'GBP'),
('shippingNominalCode', '4300'), ('discountNominalCode', '4310'), ('salesNominalCode', '4000'),
('defaultTaxRateId', '3'), ('multipleWarehouseEnabled', 'true');

CREATE TABLE IF NOT EXISTS bp_order_type (id INTEGER PRIMARY KEY, code TEXT, name TEXT);
INSERT OR IGNORE INTO bp_order_type VALUES (1, 'SO', 'SALES_ORDER'), (2, 'PO', 'PURCHASE_ORDER'),
(3, 'SC', 'SALES_CREDIT'), (4, 'PC', 'PURCHASE_CREDIT');

CREATE TABLE IF NOT EXISTS bp_order_status (
	id              INTEGER PRIMARY KEY,
	name            TEXT NOT NULL,
	order_type      TEXT NOT NULL DEFAULT 'SO',
	sort_order      INTEGER NOT NULL DEFAULT 0,
	disabled        INTEGER NOT NULL DEFAULT 0,
	visible         INTEGER NOT NULL DEFAULT 1,
	color           TEXT NOT NULL DEFAULT '#E7E6E4',
	remind_days     INTEGER NOT NULL DEFAULT 10,
	state           TEXT
);
INSERT OR IGNORE INTO bp_order_status (id, name, order_type, visible, disabled, state) VALUES
(1, 'Draft / Quote', 'SO', 0, 0, 'draft'), (2, 'New web order', 'SO', 1, 0, NULL),
(3, 'New phone order', 'SO', 1, 0, NULL), (4, 'Invoiced', 'SO', 1, 0, NULL),
(5, 'Cancelled', 'SO', 1, 0, NULL), (6, 'Pending PO', 'PO', 1, 0, NULL),
(7, 'Placed with supplier', 'PO', 1, 0, NULL), (8, 'Goods received', 'PO', 1, 0, NULL),
(9, 'Invoice received', 'PO', 1, 0, NULL), (10, 'Sales credit', 'SC', 1, 0, NULL),
(11, 'Credit invoiced', 'SC', 1, 0, NULL), (12, 'Purchase credit', 'PC', 1, 0, NULL),
(17, 'Back order', 'SO', 1, 0, NULL), (18, 'On hold', 'SO', 1, 0, NULL),
(19, 'Ready to ship', 'SO', 1, 0, NULL), (20, 'Part shipped', 'SO', 1, 0, NULL),
(21, 'Shipped', 'SO', 1, 0, NULL), (22, 'Awaiting payment', 'SO', 1, 0, NULL),
(23, 'Returned', 'SO', 1, 0, NULL), (24, 'Old web order', 'SO', 1, 1, NULL),
(25, 'Completed', 'SO', 1, 0, NULL), (31, 'On hold', 'PO', 1, 0, NULL);

CREATE TABLE IF NOT EXISTS bp_shipping_status (id INTEGER PRIMARY KEY, code TEXT, name TEXT);
INSERT OR IGNORE INTO bp_shipping_status VALUES (1, 'NST', 'No stock tracked products on order'),
(2, 'SNS', 'Stock not shipped'), (3, 'SPS', 'Stock part shipped'), (4, 'ASS', 'All stock shipped');

CREATE TABLE IF NOT EXISTS bp_stock_status (id INTEGER PRIMARY KEY, code TEXT, name TEXT);
INSERT OR IGNORE INTO bp_stock_status VALUES
(1, 'SON', 'Sales Order Not Fulfilled'), (2, 'SOP', 'Sales Order Part Fulfilled'),
(3, 'SOA', 'Sales Order All Fulfilled'), (4, 'PON', 'Purchase Order Not Fulfilled'),
(5, 'POP', 'Purchase Order Part Fulfilled'), (6, 'POA', 'Purchase Order All Fulfilled'),
(7, 'SCN', 'Sales Credit Not Fulfilled'), (8, 'SCP', 'Sales Credit Part Fulfilled'),
(9, 'SCA', 'Sales Credit All Fulfilled'), (10, 'PCN', 'Purchase Credit Not Fulfilled'),
(11, 'PCP', 'Purchase Credit Part Fulfilled'), (12, 'PCA', 'Purchase Credit All Fulfilled'),
(13, 'NON', 'Unset');

-- only 5 is known from a recording, the other ids are ours
CREATE TABLE IF NOT EXISTS bp_payment_status (id INTEGER PRIMARY KEY, code TEXT);
INSERT OR IGNORE INTO bp_payment_status VALUES (1, 'UNPAID'), (2, 'PARTIALLY_PAID'), (3, 'PAID'),
(5, 'NOT_APPLICABLE');

CREATE TABLE IF NOT EXISTS bp_currency (
	id            INTEGER PRIMARY KEY,
	code          TEXT NOT NULL UNIQUE,
	name          TEXT,
	symbol        TEXT,
	exchange_rate INTEGER NOT NULL DEFAULT 1000000, -- to the base currency
	is_default    INTEGER NOT NULL DEFAULT 0,
	nominal_code  TEXT NOT NULL DEFAULT '7906'
);
INSERT OR IGNORE INTO bp_currency (id, code, name, symbol, exchange_rate, is_default) VALUES
(1, 'GBP', 'Pound Sterling', '£', 1000000, 1), (2, 'USD', 'US Dollar', '$', 800000, 0),
(3, 'EUR', 'Euro', '€', 860000, 0);

CREATE TABLE IF NOT EXISTS bp_channel (
	id                   INTEGER PRIMARY KEY,
	name                 TEXT NOT NULL,
	type_id              INTEGER NOT NULL DEFAULT 1,
	brand_id             INTEGER NOT NULL DEFAULT 1,
	default_warehouse_id INTEGER,
	default_price_list_id INTEGER
);
INSERT OR IGNORE INTO bp_channel (id, name, type_id, default_warehouse_id) VALUES
(1, 'Brightpearl', 1, NULL), (2, 'Online shop', 5, 2), (3, 'Retail store', 2, 2),
(4, 'Wholesale', 3, 2);

CREATE TABLE IF NOT EXISTS bp_price_list (
	id       INTEGER PRIMARY KEY,
	name     TEXT NOT NULL,
	code     TEXT NOT NULL,
	currency TEXT NOT NULL DEFAULT 'GBP',
	type     TEXT NOT NULL DEFAULT 'SELL', -- BUY or SELL
	gross    INTEGER NOT NULL DEFAULT 0
);
INSERT OR IGNORE INTO bp_price_list VALUES (1, 'Cost price', 'COST', 'GBP', 'BUY', 0),
(2, 'Retail', 'RETAIL', 'GBP', 'SELL', 1), (3, 'Wholesale', 'WHOLESALE', 'GBP', 'SELL', 0),
(4, 'Retail USD', 'RETAILUSD', 'USD', 'SELL', 0), (5, 'Retail EUR', 'RETAILEUR', 'EUR', 'SELL', 1);

CREATE TABLE IF NOT EXISTS bp_tax_code (
	id          INTEGER PRIMARY KEY,
	code        TEXT NOT NULL UNIQUE,
	description TEXT NOT NULL DEFAULT '',
	rate        INTEGER NOT NULL DEFAULT 0 -- percent, ten-thousandths
);
INSERT OR IGNORE INTO bp_tax_code VALUES (1, 'T9', 'Not VATable', 0), (2, 'T0', 'Zero rated', 0),
(3, 'T20', 'Standard 20%', 200000), (4, 'T5', 'Reduced 5%', 50000),
(5, 'T', 'US sales tax 10%', 100000), (6, 'IE23', 'Ireland 23%', 230000),
(7, 'DE19', 'Germany 19%', 190000);

CREATE TABLE IF NOT EXISTS bp_nominal (code TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
INSERT OR IGNORE INTO bp_nominal VALUES ('1001', 'Stock'), ('1100', 'Debtors'), ('1200', 'Bank'),
('1210', 'Bank USD'), ('1220', 'Bank EUR'), ('1230', 'Petty cash'), ('1250', 'Gift certificates'),
('4000', 'Sales'), ('4010', 'Sales export'), ('4020', 'Handling'), ('4030', 'Gift wrapping'),
('4040', 'Fees'), ('4050', 'Rounding'), ('4060', 'Unknown items'), ('4300', 'Carriage'),
('4310', 'Discounts'), ('5000', 'Purchases'), ('7906', 'Exchange rate variance');

CREATE TABLE IF NOT EXISTS bp_payment_method (
	id     INTEGER PRIMARY KEY,
	code   TEXT NOT NULL UNIQUE,
	name   TEXT NOT NULL,
	active INTEGER NOT NULL DEFAULT 1
);
INSERT OR IGNORE INTO bp_payment_method VALUES (1, 'CARD', 'Card', 1), (2, 'PAYPAL', 'PayPal', 1),
(3, 'BANK', 'Bank transfer', 1), (4, 'CASH', 'Cash', 1), (5, 'CHEQUE', 'Cheque', 0),
(6, 'GIFT', 'Gift certificate', 1), (7, 'CREDIT', 'Store credit', 1);
CREATE TABLE IF NOT EXISTS bp_payment_method_account (
	method_id    INTEGER NOT NULL,
	currency     TEXT NOT NULL,
	nominal_code TEXT NOT NULL,
	PRIMARY KEY (method_id, currency)
) WITHOUT ROWID;
INSERT OR IGNORE INTO bp_payment_method_account VALUES
(1, 'GBP', '1200'), (1, 'USD', '1210'), (1, 'EUR', '1220'), (2, 'GBP', '1200'), (2, 'USD', '1210'),
(2, 'EUR', '1220'), (3, 'GBP', '1200'), (3, 'USD', '1210'), (3, 'EUR', '1220'),
(4, 'GBP', '1230'), (5, 'GBP', '1200'), (6, 'GBP', '1250'), (6, 'USD', '1250'),
(6, 'EUR', '1250'), (7, 'GBP', '1250'), (7, 'USD', '1250'), (7, 'EUR', '1250');

CREATE TABLE IF NOT EXISTS bp_warehouse (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	address_id INTEGER NOT NULL DEFAULT 1
);
INSERT OR IGNORE INTO bp_warehouse VALUES (2, 'Main Warehouse', 1), (3, 'Overflow Warehouse', 1);

CREATE TABLE IF NOT EXISTS bp_shipping_method (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	code TEXT,
	type INTEGER NOT NULL DEFAULT 0
);
INSERT OR IGNORE INTO bp_shipping_method VALUES (1, 'Standard', 'STD', 0), (2, 'Express', 'EXP', 0),
(3, 'Click and collect', NULL, 0), (4, 'International', 'INT', 0);

CREATE TABLE IF NOT EXISTS bp_lead_source (
	id     INTEGER PRIMARY KEY,
	name   TEXT NOT NULL,
	active INTEGER NOT NULL DEFAULT 1
);
INSERT OR IGNORE INTO bp_lead_source VALUES (1, 'Web', 1), (2, 'Telephone', 1), (3, 'Fair', 1);
-- the API lists neither
CREATE TABLE IF NOT EXISTS bp_project (id INTEGER PRIMARY KEY, name TEXT);
INSERT OR IGNORE INTO bp_project VALUES (1, 'Web relaunch');
CREATE TABLE IF NOT EXISTS bp_team (id INTEGER PRIMARY KEY, name TEXT);
INSERT OR IGNORE INTO bp_team VALUES (1, 'Sales');

-- Contacts ------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS bp_address (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	contact_id  INTEGER,                  -- NULL: linked to nobody yet
	line1       TEXT NOT NULL DEFAULT '',
	line2       TEXT NOT NULL DEFAULT '',
	line3       TEXT NOT NULL DEFAULT '',
	line4       TEXT NOT NULL DEFAULT '',
	postal_code TEXT NOT NULL DEFAULT '',
	country_id  INTEGER                   -- bp_country
);
CREATE INDEX IF NOT EXISTS bp_address_contact ON bp_address (contact_id);

CREATE TABLE IF NOT EXISTS bp_contact (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	salutation      TEXT NOT NULL DEFAULT '',
	first_name      TEXT NOT NULL DEFAULT '',
	last_name       TEXT NOT NULL DEFAULT '',
	company         TEXT NOT NULL DEFAULT '',
	email           TEXT NOT NULL DEFAULT '', -- PRI
	email2          TEXT NOT NULL DEFAULT '', -- SEC
	email3          TEXT NOT NULL DEFAULT '', -- TER
	phone           TEXT NOT NULL DEFAULT '', -- PRI
	phone2          TEXT NOT NULL DEFAULT '', -- SEC
	mobile          TEXT NOT NULL DEFAULT '', -- MOB
	fax             TEXT NOT NULL DEFAULT '', -- FAX
	website         TEXT NOT NULL DEFAULT '',
	skype           TEXT NOT NULL DEFAULT '',
	def_address_id  INTEGER,
	bil_address_id  INTEGER,
	del_address_id  INTEGER,
	is_customer     INTEGER DEFAULT 1,        -- roles may be NULL: not told
	is_supplier     INTEGER DEFAULT 0,
	is_staff        INTEGER DEFAULT 0,
	is_primary      INTEGER NOT NULL DEFAULT 1,
	organisation_id INTEGER,                  -- NULL: its own
	newsletter      INTEGER NOT NULL DEFAULT 0,
	price_list_id   INTEGER NOT NULL DEFAULT 2,
	currency_id     INTEGER NOT NULL DEFAULT 1,
	tax_code_id     INTEGER,
	tax_number      TEXT,
	nominal_code    TEXT NOT NULL DEFAULT '0',
	credit_limit    INTEGER NOT NULL DEFAULT 0,
	credit_days     INTEGER NOT NULL DEFAULT 0,
	discount        INTEGER NOT NULL DEFAULT 0, -- percent, ten-thousandths
	status_id       INTEGER NOT NULL DEFAULT 0,
	staff_owner_id  INTEGER,
	lead_source_id  INTEGER,
	company_id      INTEGER NOT NULL DEFAULT 0,
	lead_time       INTEGER NOT NULL DEFAULT 0,
	created_on      INTEGER NOT NULL DEFAULT 1735689600,
	updated_on      INTEGER,                  -- NULL until changed
	body            TEXT,                     -- as received, if it came through the API
	visible_at_ms   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS bp_contact_created ON bp_contact (created_on);
CREATE INDEX IF NOT EXISTS bp_contact_updated ON bp_contact (updated_on);
CREATE INDEX IF NOT EXISTS bp_contact_email ON bp_contact (email);

-- what an order takes over when it brings no address of its own
CREATE VIEW IF NOT EXISTS bp_contact_address AS
SELECT c.id AS contact_id, t.type, json_object(
	'addressFullName', trim(c.first_name || ' ' || c.last_name), 'companyName', c.company,
	'addressLine1', a.line1, 'addressLine2', a.line2, 'addressLine3', a.line3,
	'addressLine4', a.line4, 'postalCode', a.postal_code, 'countryId', a.country_id,
	'telephone', c.phone, 'mobileTelephone', c.mobile, 'fax', c.fax, 'email', c.email) AS address
FROM bp_contact c
JOIN (SELECT 'DEF' AS type UNION ALL SELECT 'BIL' UNION ALL SELECT 'DEL') t
LEFT JOIN bp_address a ON a.id = CASE t.type WHEN 'DEF' THEN c.def_address_id
	WHEN 'BIL' THEN c.bil_address_id ELSE c.del_address_id END;

-- Products ------------------------------------------------------------------------------------
-- 1000, the free-text product, is built in and has no row.

CREATE TABLE IF NOT EXISTS bp_product (
	id               INTEGER PRIMARY KEY,
	sku              TEXT NOT NULL DEFAULT '',
	name             TEXT NOT NULL DEFAULT '',
	stock_tracked    INTEGER NOT NULL DEFAULT 1,
	status           TEXT NOT NULL DEFAULT 'LIVE',
	created_on       INTEGER NOT NULL DEFAULT 1735689600,
	updated_on       INTEGER,
	barcode          TEXT NOT NULL DEFAULT '',
	ean              TEXT,
	upc              TEXT,
	isbn             TEXT,
	mpn              TEXT,
	is_bundle        INTEGER NOT NULL DEFAULT 0,
	components       TEXT NOT NULL DEFAULT '[]', -- of a bundle: [{"productId","productQuantity"}]
	tax_code_id      INTEGER NOT NULL DEFAULT 3,
	brand_id         INTEGER NOT NULL DEFAULT 74,
	product_type_id  INTEGER NOT NULL DEFAULT 1,
	product_group_id INTEGER,
	category_id      INTEGER NOT NULL DEFAULT 296,
	supplier_id      INTEGER,
	nominal_sales    TEXT NOT NULL DEFAULT '4000',
	custom_fields    TEXT NOT NULL DEFAULT '{}',
	visible_at_ms    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS bp_product_sku ON bp_product (sku);
CREATE INDEX IF NOT EXISTS bp_product_created ON bp_product (created_on);
CREATE INDEX IF NOT EXISTS bp_product_updated ON bp_product (updated_on);

-- Orders --------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS bp_order (
	id                 INTEGER PRIMARY KEY AUTOINCREMENT,
	order_type         TEXT NOT NULL DEFAULT 'SO', -- SO, PO, SC, PC
	external_ref       TEXT,
	instance_id        INTEGER,
	ref                TEXT NOT NULL DEFAULT '',
	contact_id         INTEGER NOT NULL,
	billing_contact_id INTEGER,                   -- NULL: contact_id
	status_id          INTEGER NOT NULL DEFAULT 3,
	channel_id         INTEGER NOT NULL DEFAULT 0,
	warehouse_id       INTEGER NOT NULL DEFAULT 2,
	price_list_id      INTEGER NOT NULL DEFAULT 2,
	price_mode         TEXT NOT NULL DEFAULT 'EXC', -- INC, EXC
	currency           TEXT NOT NULL DEFAULT 'GBP',
	exchange_rate      INTEGER NOT NULL DEFAULT 1000000, -- order to base
	fixed_rate         INTEGER NOT NULL DEFAULT 0,
	placed_on          INTEGER NOT NULL DEFAULT 1735689600,
	tax_date           INTEGER,
	delivery_date      INTEGER,
	shipping_method_id INTEGER NOT NULL DEFAULT 0,
	staff_owner_id     INTEGER NOT NULL DEFAULT 0,
	project_id         INTEGER NOT NULL DEFAULT 0,
	lead_source_id     INTEGER NOT NULL DEFAULT 0,
	team_id            INTEGER NOT NULL DEFAULT 0,
	parent_id          INTEGER NOT NULL DEFAULT 0,
	total_net          INTEGER NOT NULL DEFAULT 0,
	total_tax          INTEGER NOT NULL DEFAULT 0,
	total              INTEGER NOT NULL DEFAULT 0,
	payment_status     TEXT NOT NULL DEFAULT 'NOT_APPLICABLE',
	stock_status       TEXT NOT NULL DEFAULT 'NON',
	allocation_status  TEXT NOT NULL DEFAULT 'ANR',
	shipping_status    TEXT NOT NULL DEFAULT 'NST',
	invoice_ref        TEXT NOT NULL DEFAULT '',  -- not empty: invoiced
	closed_on          INTEGER,
	created_by         INTEGER NOT NULL DEFAULT 4,
	created_on         INTEGER NOT NULL DEFAULT 1735689600,
	updated_on         INTEGER,                   -- NULL until changed
	version            INTEGER NOT NULL DEFAULT 0,
	customer_address   TEXT NOT NULL DEFAULT '{}', -- JSON, fields as in the API
	billing_address    TEXT NOT NULL DEFAULT '{}',
	delivery_address   TEXT NOT NULL DEFAULT '{}',
	body               TEXT,                      -- as received, if it came through the API
	visible_at_ms      INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS bp_order_external ON bp_order (external_ref, instance_id);
CREATE INDEX IF NOT EXISTS bp_order_ref ON bp_order (ref);
CREATE INDEX IF NOT EXISTS bp_order_created ON bp_order (created_on);
CREATE INDEX IF NOT EXISTS bp_order_updated ON bp_order (updated_on);

CREATE TABLE IF NOT EXISTS bp_order_row (
	order_id      INTEGER NOT NULL,
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	product_id    INTEGER NOT NULL DEFAULT 1000,
	name          TEXT NOT NULL DEFAULT '',
	quantity      INTEGER NOT NULL DEFAULT 10000,
	tax_code      TEXT NOT NULL DEFAULT 'T20',
	net           INTEGER NOT NULL DEFAULT 0,   -- of the whole row
	tax           INTEGER NOT NULL DEFAULT 0,
	nominal_code  TEXT NOT NULL DEFAULT '4000',
	external_ref  TEXT,
	sequence      INTEGER NOT NULL DEFAULT 10,
	bundle_parent INTEGER NOT NULL DEFAULT 0,
	parent_row_id INTEGER NOT NULL DEFAULT 0    -- of a bundle's child
);
CREATE INDEX IF NOT EXISTS bp_order_row_order ON bp_order_row (order_id);

CREATE TABLE IF NOT EXISTS bp_order_note (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	order_id      INTEGER NOT NULL,
	contact_id    INTEGER NOT NULL DEFAULT 0,
	text          TEXT NOT NULL DEFAULT '',
	is_public     INTEGER NOT NULL DEFAULT 0,
	added_on      INTEGER NOT NULL DEFAULT 1735689600,
	added_by      INTEGER NOT NULL DEFAULT 4,
	status_id     INTEGER NOT NULL DEFAULT 0,
	file_id       INTEGER NOT NULL DEFAULT 0,
	visible_at_ms INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS bp_order_note_order ON bp_order_note (order_id);
CREATE INDEX IF NOT EXISTS bp_order_note_added ON bp_order_note (added_on);

CREATE TABLE IF NOT EXISTS bp_custom_field (
	id       INTEGER PRIMARY KEY,
	kind     TEXT NOT NULL DEFAULT 'sale',     -- sale, purchase
	code     TEXT NOT NULL,
	name     TEXT NOT NULL,
	type     TEXT NOT NULL DEFAULT 'TEXT',     -- TEXT TEXTAREA YES_NO INTEGER DATE SELECT
	required INTEGER NOT NULL DEFAULT 0,
	options  TEXT                              -- of a SELECT: {"160":{"id":160,"value":"..."}}
);
INSERT OR IGNORE INTO bp_custom_field (id, kind, code, name, type, options) VALUES
(131, 'sale', 'PCF_CUSTNOTE', 'Customer note', 'TEXTAREA', NULL),
(132, 'sale', 'PCF_STAFFNOTE', 'Staff note', 'TEXTAREA', NULL),
(133, 'sale', 'PCF_GIFT', 'Gift', 'YES_NO', NULL),
(134, 'sale', 'PCF_BOXES', 'Boxes', 'INTEGER', NULL),
(135, 'sale', 'PCF_SHIPBY', 'Ship by', 'DATE', NULL),
(136, 'sale', 'PCF_ZONE', 'Zone', 'SELECT',
	'{"160":{"id":160,"value":"North"},"161":{"id":161,"value":"South"}}'),
(137, 'purchase', 'PCF_BUYER', 'Buyer', 'TEXT', NULL);
CREATE TABLE IF NOT EXISTS bp_order_field (
	order_id INTEGER NOT NULL,
	code     TEXT NOT NULL,
	value    TEXT NOT NULL,                    -- JSON as answered; of a DATE, epoch seconds
	PRIMARY KEY (order_id, code)
) WITHOUT ROWID;

-- Money.
CREATE TABLE IF NOT EXISTS bp_payment (
	id                INTEGER PRIMARY KEY AUTOINCREMENT,
	transaction_ref   TEXT,
	transaction_code  TEXT,
	method            TEXT NOT NULL DEFAULT 'CARD',
	type              TEXT NOT NULL DEFAULT 'RECEIPT',
	order_id          INTEGER NOT NULL,
	currency          TEXT NOT NULL DEFAULT 'GBP',
	exchange_rate     INTEGER,                  -- as sent, NULL: none was
	amount_authorized INTEGER NOT NULL DEFAULT 0,
	amount_paid       INTEGER NOT NULL DEFAULT 0,
	shown             TEXT,                     -- amountPaid as the search shows it, for oddities; NULL: as it is
	expires           INTEGER,
	payment_date      INTEGER NOT NULL DEFAULT 1735689600,
	created_on        INTEGER NOT NULL DEFAULT 1735689600,
	journal_id        INTEGER,
	visible_at_ms     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS bp_payment_order ON bp_payment (order_id);
CREATE INDEX IF NOT EXISTS bp_payment_ref ON bp_payment (transaction_ref);

-- Staff take money back: INSERT INTO bp_reversal (order_id, amount); how that shows is switch bp_reversal_form.
CREATE VIEW IF NOT EXISTS bp_reversal AS SELECT order_id, method, amount_paid AS amount FROM bp_payment WHERE 0;
CREATE TRIGGER IF NOT EXISTS bp_reversal_entered INSTEAD OF INSERT ON bp_reversal
BEGIN
	INSERT INTO bp_payment (order_id, method, type, currency, amount_paid)
	SELECT new.order_id, coalesce(new.method, 'CARD'), iif(s.value = 'negative', 'RECEIPT', 'PAYMENT'), o.currency,
	       iif(s.value = 'negative', -new.amount, new.amount)
	  FROM bp_order o, switch s WHERE o.id = new.order_id AND s.name = 'bp_reversal_form';
	UPDATE bp_order SET payment_status = CASE WHEN p.paid >= total THEN 'PAID' WHEN p.paid > 0 THEN 'PARTIALLY_PAID' ELSE 'UNPAID' END
	  FROM (SELECT sum(CASE type WHEN 'PAYMENT' THEN -amount_paid WHEN 'RECEIPT' THEN amount_paid WHEN 'CAPTURE' THEN amount_paid
	                   ELSE 0 END) AS paid FROM bp_payment WHERE order_id = new.order_id) p
	 WHERE id = new.order_id AND total <> 0;
END;

-- With a search lag, what searches see of a changed record until then: its earlier versions.
CREATE TABLE IF NOT EXISTS bp_order_version AS SELECT o.*, 0 AS until_ms FROM bp_order o WHERE 0;
CREATE INDEX IF NOT EXISTS bp_order_version_id ON bp_order_version (id);
CREATE TRIGGER IF NOT EXISTS bp_order_changes BEFORE UPDATE OF visible_at_ms ON bp_order
WHEN (SELECT CAST(value AS INTEGER) FROM switch WHERE name = 'bp_search_lag_ms') > 0
BEGIN
	INSERT INTO bp_order_version SELECT *, NEW.visible_at_ms FROM bp_order WHERE id = OLD.id;
END;
CREATE VIEW IF NOT EXISTS bp_sales_order AS SELECT * FROM bp_order WHERE order_type = 'SO';
CREATE VIEW IF NOT EXISTS bp_sales_order_version AS
SELECT * FROM bp_order_version WHERE order_type = 'SO';
CREATE TABLE IF NOT EXISTS bp_contact_version AS SELECT c.*, 0 AS until_ms FROM bp_contact c WHERE 0;
CREATE INDEX IF NOT EXISTS bp_contact_version_id ON bp_contact_version (id);
CREATE TRIGGER IF NOT EXISTS bp_contact_changes BEFORE UPDATE OF visible_at_ms ON bp_contact
WHEN (SELECT CAST(value AS INTEGER) FROM switch WHERE name = 'bp_search_lag_ms') > 0
BEGIN
	INSERT INTO bp_contact_version SELECT *, NEW.visible_at_ms FROM bp_contact WHERE id = OLD.id;
END;

-- Ids begin far apart, so that one of the wrong kind is never mistaken for a good one.
INSERT INTO sqlite_sequence (name, seq)
SELECT v.column1, v.column2 FROM (VALUES ('bp_address', 30000), ('bp_contact', 2000),
	('bp_order', 500000), ('bp_order_row', 900000), ('bp_order_note', 700000),
	('bp_payment', 800000), ('bp_goods_out', 600000)) v
WHERE v.column1 NOT IN (SELECT name FROM sqlite_sequence);

-- a staff member, a customer and a supplier
INSERT OR IGNORE INTO bp_address (id, contact_id, line1, line2, line3, line4, postal_code, country_id)
VALUES (1, NULL, '1 Warehouse Way', '', 'Bristol', '', 'BS1 1AA', 222),
(200, 200, '34 Lime St', 'Barton', 'Sheffield', 'South Yorkshire', 'S1 4RT', 222),
(203, 203, '9 Dock Rd', '', 'Hull', '', 'HU1 2AA', 222);
INSERT OR IGNORE INTO bp_contact (id, first_name, last_name, company, email, phone, def_address_id,
	bil_address_id, del_address_id, is_customer, is_supplier, is_staff)
VALUES (4, 'Sam', 'Staff', '', 'sam@pearltest.example', '', NULL, NULL, NULL, 0, 0, 1),
(200, 'Demo', 'Customer', 'Customer Company Ltd.', 'demo@customer.example', '01000 000000', 200, 200,
	200, 1, 0, 0),
(203, 'Sue', 'Supplier', 'Supplier plc', 'sue@supplier.example', '', 203, 203, 203, 0, 1, 0);

-- ISO 3166-1; 222 and 223 as in the recordings, the other ids are ours
CREATE TABLE IF NOT EXISTS bp_country (
	id   INTEGER PRIMARY KEY,
	iso2 TEXT NOT NULL UNIQUE,
	iso3 TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL
);
INSERT OR IGNORE INTO bp_country VALUES
(1,'AD','AND','Andorra'), (2,'AE','ARE','United Arab Emirates'), (3,'AF','AFG','Afghanistan'),
(4,'AG','ATG','Antigua and Barbuda'), (5,'AI','AIA','Anguilla'), (6,'AL','ALB','Albania'),
(7,'AM','ARM','Armenia'), (8,'AO','AGO','Angola'), (9,'AQ','ATA','Antarctica'),
(10,'AR','ARG','Argentina'), (11,'AS','ASM','American Samoa'), (12,'AT','AUT','Austria'),
(13,'AU','AUS','Australia'), (14,'AW','ABW','Aruba'), (15,'AX','ALA','Åland Islands'),
(16,'AZ','AZE','Azerbaijan'), (17,'BA','BIH','Bosnia and Herzegovina'),
(18,'BB','BRB','Barbados'), (19,'BD','BGD','Bangladesh'), (20,'BE','BEL','Belgium'),
(21,'BF','BFA','Burkina Faso'), (22,'BG','BGR','Bulgaria'), (23,'BH','BHR','Bahrain'),
(24,'BI','BDI','Burundi'), (25,'BJ','BEN','Benin'), (26,'BL','BLM','Saint Barthélemy'),
(27,'BM','BMU','Bermuda'), (28,'BN','BRN','Brunei Darussalam'), (29,'BO','BOL','Bolivia'),
(30,'BQ','BES','Bonaire, Sint Eustatius and Saba'), (31,'BR','BRA','Brazil'),
(32,'BS','BHS','Bahamas'), (33,'BT','BTN','Bhutan'), (34,'BV','BVT','Bouvet Island'),
(35,'BW','BWA','Botswana'), (36,'BY','BLR','Belarus'), (37,'BZ','BLZ','Belize'),
(38,'CA','CAN','Canada'), (39,'CC','CCK','Cocos (Keeling) Islands'),
(40,'CD','COD','Congo, The Democratic Republic of the'),
(41,'CF','CAF','Central African Republic'), (42,'CG','COG','Congo'),
(43,'CH','CHE','Switzerland'), (44,'CI','CIV','Côte d''Ivoire'), (45,'CK','COK','Cook Islands'),
(46,'CL','CHL','Chile'), (47,'CM','CMR','Cameroon'), (48,'CN','CHN','China'),
(49,'CO','COL','Colombia'), (50,'CR','CRI','Costa Rica'), (51,'CU','CUB','Cuba'),
(52,'CV','CPV','Cabo Verde'), (53,'CW','CUW','Curaçao'), (54,'CX','CXR','Christmas Island'),
(55,'CY','CYP','Cyprus'), (56,'CZ','CZE','Czechia'), (57,'DE','DEU','Germany'),
(58,'DJ','DJI','Djibouti'), (59,'DK','DNK','Denmark'), (60,'DM','DMA','Dominica'),
(61,'DO','DOM','Dominican Republic'), (62,'DZ','DZA','Algeria'), (63,'EC','ECU','Ecuador'),
(64,'EE','EST','Estonia'), (65,'EG','EGY','Egypt'), (66,'EH','ESH','Western Sahara'),
(67,'ER','ERI','Eritrea'), (68,'ES','ESP','Spain'), (69,'ET','ETH','Ethiopia'),
(70,'FI','FIN','Finland'), (71,'FJ','FJI','Fiji'), (72,'FK','FLK','Falkland Islands (Malvinas)'),
(73,'FM','FSM','Micronesia, Federated States of'), (74,'FO','FRO','Faroe Islands'),
(75,'FR','FRA','France'), (76,'GA','GAB','Gabon'), (222,'GB','GBR','United Kingdom'),
(77,'GD','GRD','Grenada'), (78,'GE','GEO','Georgia'), (79,'GF','GUF','French Guiana'),
(80,'GG','GGY','Guernsey'), (81,'GH','GHA','Ghana'), (82,'GI','GIB','Gibraltar'),
(83,'GL','GRL','Greenland'), (84,'GM','GMB','Gambia'), (85,'GN','GIN','Guinea'),
(86,'GP','GLP','Guadeloupe'), (87,'GQ','GNQ','Equatorial Guinea'), (88,'GR','GRC','Greece'),
(89,'GS','SGS','South Georgia and the South Sandwich Islands'), (90,'GT','GTM','Guatemala'),
(91,'GU','GUM','Guam'), (92,'GW','GNB','Guinea-Bissau'), (93,'GY','GUY','Guyana'),
(94,'HK','HKG','Hong Kong'), (95,'HM','HMD','Heard Island and McDonald Islands'),
(96,'HN','HND','Honduras'), (97,'HR','HRV','Croatia'), (98,'HT','HTI','Haiti'),
(99,'HU','HUN','Hungary'), (100,'ID','IDN','Indonesia'), (101,'IE','IRL','Ireland'),
(102,'IL','ISR','Israel'), (103,'IM','IMN','Isle of Man'), (104,'IN','IND','India'),
(105,'IO','IOT','British Indian Ocean Territory'), (106,'IQ','IRQ','Iraq'),
(107,'IR','IRN','Iran'), (108,'IS','ISL','Iceland'), (109,'IT','ITA','Italy'),
(110,'JE','JEY','Jersey'), (111,'JM','JAM','Jamaica'), (112,'JO','JOR','Jordan'),
(113,'JP','JPN','Japan'), (114,'KE','KEN','Kenya'), (115,'KG','KGZ','Kyrgyzstan'),
(116,'KH','KHM','Cambodia'), (117,'KI','KIR','Kiribati'), (118,'KM','COM','Comoros'),
(119,'KN','KNA','Saint Kitts and Nevis'), (120,'KP','PRK','North Korea'),
(121,'KR','KOR','South Korea'), (122,'KW','KWT','Kuwait'), (123,'KY','CYM','Cayman Islands'),
(124,'KZ','KAZ','Kazakhstan'), (125,'LA','LAO','Laos'), (126,'LB','LBN','Lebanon'),
(127,'LC','LCA','Saint Lucia'), (128,'LI','LIE','Liechtenstein'), (129,'LK','LKA','Sri Lanka'),
(130,'LR','LBR','Liberia'), (131,'LS','LSO','Lesotho'), (132,'LT','LTU','Lithuania'),
(133,'LU','LUX','Luxembourg'), (134,'LV','LVA','Latvia'), (135,'LY','LBY','Libya'),
(136,'MA','MAR','Morocco'), (137,'MC','MCO','Monaco'), (138,'MD','MDA','Moldova'),
(139,'ME','MNE','Montenegro'), (140,'MF','MAF','Saint Martin (French part)'),
(141,'MG','MDG','Madagascar'), (142,'MH','MHL','Marshall Islands'),
(143,'MK','MKD','North Macedonia'), (144,'ML','MLI','Mali'), (145,'MM','MMR','Myanmar'),
(146,'MN','MNG','Mongolia'), (147,'MO','MAC','Macao'),
(148,'MP','MNP','Northern Mariana Islands'), (149,'MQ','MTQ','Martinique'),
(150,'MR','MRT','Mauritania'), (151,'MS','MSR','Montserrat'), (152,'MT','MLT','Malta'),
(153,'MU','MUS','Mauritius'), (154,'MV','MDV','Maldives'), (155,'MW','MWI','Malawi'),
(156,'MX','MEX','Mexico'), (157,'MY','MYS','Malaysia'), (158,'MZ','MOZ','Mozambique'),
(159,'NA','NAM','Namibia'), (160,'NC','NCL','New Caledonia'), (161,'NE','NER','Niger'),
(162,'NF','NFK','Norfolk Island'), (163,'NG','NGA','Nigeria'), (164,'NI','NIC','Nicaragua'),
(165,'NL','NLD','Netherlands'), (166,'NO','NOR','Norway'), (167,'NP','NPL','Nepal'),
(168,'NR','NRU','Nauru'), (169,'NU','NIU','Niue'), (170,'NZ','NZL','New Zealand'),
(171,'OM','OMN','Oman'), (172,'PA','PAN','Panama'), (173,'PE','PER','Peru'),
(174,'PF','PYF','French Polynesia'), (175,'PG','PNG','Papua New Guinea'),
(176,'PH','PHL','Philippines'), (177,'PK','PAK','Pakistan'), (178,'PL','POL','Poland'),
(179,'PM','SPM','Saint Pierre and Miquelon'), (180,'PN','PCN','Pitcairn'),
(181,'PR','PRI','Puerto Rico'), (182,'PS','PSE','Palestine, State of'),
(183,'PT','PRT','Portugal'), (184,'PW','PLW','Palau'), (185,'PY','PRY','Paraguay'),
(186,'QA','QAT','Qatar'), (187,'RE','REU','Réunion'), (188,'RO','ROU','Romania'),
(189,'RS','SRB','Serbia'), (190,'RU','RUS','Russian Federation'), (191,'RW','RWA','Rwanda'),
(192,'SA','SAU','Saudi Arabia'), (193,'SB','SLB','Solomon Islands'),
(194,'SC','SYC','Seychelles'), (195,'SD','SDN','Sudan'), (196,'SE','SWE','Sweden'),
(197,'SG','SGP','Singapore'), (198,'SH','SHN','Saint Helena, Ascension and Tristan da Cunha'),
(199,'SI','SVN','Slovenia'), (200,'SJ','SJM','Svalbard and Jan Mayen'),
(201,'SK','SVK','Slovakia'), (202,'SL','SLE','Sierra Leone'), (203,'SM','SMR','San Marino'),
(204,'SN','SEN','Senegal'), (205,'SO','SOM','Somalia'), (206,'SR','SUR','Suriname'),
(207,'SS','SSD','South Sudan'), (208,'ST','STP','Sao Tome and Principe'),
(209,'SV','SLV','El Salvador'), (210,'SX','SXM','Sint Maarten (Dutch part)'),
(211,'SY','SYR','Syria'), (212,'SZ','SWZ','Eswatini'),
(213,'TC','TCA','Turks and Caicos Islands'), (214,'TD','TCD','Chad'),
(215,'TF','ATF','French Southern Territories'), (216,'TG','TGO','Togo'),
(217,'TH','THA','Thailand'), (218,'TJ','TJK','Tajikistan'), (219,'TK','TKL','Tokelau'),
(220,'TL','TLS','Timor-Leste'), (221,'TM','TKM','Turkmenistan'), (224,'TN','TUN','Tunisia'),
(225,'TO','TON','Tonga'), (226,'TR','TUR','Türkiye'), (227,'TT','TTO','Trinidad and Tobago'),
(228,'TV','TUV','Tuvalu'), (229,'TW','TWN','Taiwan'), (230,'TZ','TZA','Tanzania'),
(231,'UA','UKR','Ukraine'), (232,'UG','UGA','Uganda'),
(233,'UM','UMI','United States Minor Outlying Islands'), (223,'US','USA','United States'),
(234,'UY','URY','Uruguay'), (235,'UZ','UZB','Uzbekistan'),
(236,'VA','VAT','Holy See (Vatican City State)'),
(237,'VC','VCT','Saint Vincent and the Grenadines'), (238,'VE','VEN','Venezuela'),
(239,'VG','VGB','Virgin Islands, British'), (240,'VI','VIR','Virgin Islands, U.S.'),
(241,'VN','VNM','Vietnam'), (242,'VU','VUT','Vanuatu'), (243,'WF','WLF','Wallis and Futuna'),
(244,'WS','WSM','Samoa'), (245,'YE','YEM','Yemen'), (246,'YT','MYT','Mayotte'),
(247,'ZA','ZAF','South Africa'), (248,'ZM','ZMB','Zambia'), (249,'ZW','ZWE','Zimbabwe');