-- Everything Pearlbridge knows, one table after another.  Points in time are seconds since 1970
-- UTC, money is in ten-thousandths of the currency's unit, yes/no is 1/0.  A payload is the record
-- exactly as received.  Prefixes: stg_ = as the other system has it, ref_ = its lists, map_ = the
-- mapping files as loaded, out_ = what must become true there, link_ = who is who.
-- Read when a database is opened: what is missing is added, nothing is ever dropped but views.

-- One row: which store and account this database belongs to; it refuses others.
CREATE TABLE IF NOT EXISTS binding (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	store_hash TEXT NOT NULL,           -- BigCommerce
	account TEXT NOT NULL,              -- Brightpearl
	reference TEXT                      -- orders.reference, frozen when the first order was sent
) STRICT;

-- Runs and stages -------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS run (
	id INTEGER PRIMARY KEY,
	started_at INTEGER NOT NULL,
	ended_at INTEGER,
	state TEXT NOT NULL CHECK (state IN ('open', 'done', 'unfinished')),
	code INTEGER,                       -- exit code of the last attempt at it
	version TEXT NOT NULL,              -- of Pearlbridge
	allow_large TEXT                    -- --allow-large: jobs whose brakes were taken off, NULL = none
) STRICT;

CREATE TABLE IF NOT EXISTS stage (
	run_id INTEGER NOT NULL REFERENCES run(id),
	name TEXT NOT NULL,                 -- orders.load
	outcome TEXT NOT NULL CHECK (outcome IN ('running', 'ok', 'later', 'failed')),
	code INTEGER NOT NULL DEFAULT 0,    -- sysexits.h; 0 = fine
	message TEXT,                       -- why it is later or failed, or a short result
	attempts INTEGER NOT NULL DEFAULT 1,-- how often it was begun in this run
	started_at INTEGER NOT NULL,
	ended_at INTEGER,
	extracted INTEGER NOT NULL DEFAULT 0, -- extract: records received
	changed INTEGER NOT NULL DEFAULT 0,   -- extract: of these, new or different
	considered INTEGER NOT NULL DEFAULT 0,-- transform: = planned + unchanged + skipped + rejected
	planned INTEGER NOT NULL DEFAULT 0,   -- load: = done + rejected + ignored + left
	unchanged INTEGER NOT NULL DEFAULT 0,
	skipped INTEGER NOT NULL DEFAULT 0,
	rejected INTEGER NOT NULL DEFAULT 0,
	done INTEGER NOT NULL DEFAULT 0,
	already_there INTEGER NOT NULL DEFAULT 0, -- of done: found there
	changed_there INTEGER NOT NULL DEFAULT 0, -- of done: what was there was changed; the others were created
	short_there INTEGER NOT NULL DEFAULT 0,   -- of done: nothing was made, since none was to be had
	ignored INTEGER NOT NULL DEFAULT 0,
	remaining INTEGER NOT NULL DEFAULT 0, -- left: pending or in doubt
	due INTEGER NOT NULL DEFAULT 0,     -- 1: of an earlier attempt; this one owes it anew
	PRIMARY KEY (run_id, name)
) STRICT;

-- Of a load's counts, what is of another kind than its transform planned: reservations, order notes.
CREATE TABLE IF NOT EXISTS stage_part (
	run_id INTEGER NOT NULL,
	name TEXT NOT NULL,                 -- orders.load
	units TEXT NOT NULL,                -- reservations
	done INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	remaining INTEGER NOT NULL,
	already_there INTEGER NOT NULL DEFAULT 0, -- as in stage
	changed_there INTEGER NOT NULL DEFAULT 0,
	short_there INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (run_id, name, units)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS request (
	id INTEGER PRIMARY KEY,
	run_id INTEGER,
	stage TEXT,
	at INTEGER NOT NULL,
	api TEXT NOT NULL,                  -- bigcommerce, brightpearl
	method TEXT NOT NULL,
	path TEXT NOT NULL,                 -- after the API's base, query included
	status INTEGER,                     -- HTTP status of the last attempt, 0 = no answer
	outcome TEXT NOT NULL,              -- ok, refused, later, unknown
	attempts INTEGER NOT NULL,
	ms INTEGER NOT NULL,                -- from first sending to last answer, waiting included
	bytes_out INTEGER NOT NULL,
	bytes_in INTEGER NOT NULL,          -- unpacked
	body TEXT,                          -- of a write
	answer TEXT                         -- to a write, or the reason why a read failed
) STRICT;

-- What time it is, by each system's own clock (its Date headers): see lib/server_clock.h.
CREATE TABLE IF NOT EXISTS server_clock (
	system TEXT PRIMARY KEY,            -- bigcommerce, brightpearl
	date INTEGER NOT NULL,              -- the last one believed, epoch seconds
	ticks INTEGER NOT NULL,             -- this machine's milliseconds since its start, then
	here INTEGER NOT NULL,              -- this machine's clock, then: never the measure of theirs
	boot TEXT NOT NULL,                 -- that start
	other INTEGER NOT NULL,             -- a date that was not believed, 0 = none
	other_ticks INTEGER NOT NULL,
	others INTEGER NOT NULL,            -- how many answers in a row told that one
	told_run INTEGER                    -- run in which it was told that this machine's clock is off
) STRICT;

-- By how much the servers' clocks are ahead of this machine's, which may be off: where what we noted (claimed_at,
-- started_at) is compared with what they tell (date_created, shipped_on).  0 when they agree to two minutes.
DROP VIEW IF EXISTS clock_ahead;
CREATE VIEW clock_ahead AS
SELECT coalesce((SELECT iif(abs(date - here) > 120, date - here, 0) FROM server_clock ORDER BY ticks DESC LIMIT 1), 0) AS seconds;

-- How far each feed is safely staged.
CREATE TABLE IF NOT EXISTS cursor (
	feed TEXT PRIMARY KEY,
	done_until INTEGER,                 -- the watermark: the newest date seen in the feed's own records
	begun_from INTEGER,                 -- lower bound of the very first window (0 = none)
	window_from INTEGER,                -- the window being read now, NULL when none is
	window_until INTEGER,
	position TEXT,                      -- in that window: last record safely staged
	window_at INTEGER,                  -- when its reading began, by the server's clock; NULL = not known
	window_newest INTEGER,              -- newest date seen in its records
	read_until INTEGER                  -- when the last whole window was begun to be read
) STRICT;

-- BigCommerce's count of orders beside what is staged of them (jobs/orders/missed.h).
CREATE TABLE IF NOT EXISTS order_count (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	gap INTEGER NOT NULL,               -- counted, and not staged; below zero: staged, and not counted
	listed_at INTEGER NOT NULL,         -- when those days were last listed, by the shop's clock; 0 = never
	vain INTEGER NOT NULL,              -- listings in a row that brought nothing
	archived INTEGER                    -- 1: archived orders are counted, 0: they are not, NULL: not known
) STRICT;

-- Orders that the list did not show when their days were listed: archived since, perhaps.
CREATE TABLE IF NOT EXISTS order_unlisted (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL                 -- this machine's clock, as in stg_seen
) STRICT;

-- Orders that the feed had not shown, as told in the run that fetched them.
CREATE TABLE IF NOT EXISTS order_fetched (
	run INTEGER PRIMARY KEY,
	message TEXT NOT NULL
) STRICT;

-- Staging: BigCommerce ----------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS stg_bc_order (
	id INTEGER PRIMARY KEY,
	payload TEXT,
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,       -- run in which it was new or different
	date_created INTEGER,
	date_modified INTEGER,
	status_id INTEGER,
	customer_id INTEGER,                -- 0 = guest
	email TEXT,                         -- billing, trimmed, lower case; '' = none
	channel_id INTEGER,
	source TEXT,                        -- order_source: www, manual, amazon ...
	payment_method TEXT,
	is_deleted INTEGER,                 -- archived
	is_digital INTEGER,
	inclusive INTEGER,                  -- 1: the *_inc amounts are exact, 0: the *_ex
	currency TEXT,                      -- the shopper paid in it (default_currency_code)
	store_currency TEXT,                -- the store's default, '' when not told
	rate_to_store TEXT,                 -- currency -> store's default, six decimals, NULL: not told
	total_inc INTEGER, total_ex INTEGER, total_tax INTEGER,
	subtotal_inc INTEGER, subtotal_ex INTEGER, subtotal_tax INTEGER,
	shipping_inc INTEGER, shipping_ex INTEGER, shipping_tax INTEGER,
	handling_inc INTEGER, handling_ex INTEGER, handling_tax INTEGER,
	wrapping_inc INTEGER, wrapping_ex INTEGER, wrapping_tax INTEGER,
	discount INTEGER,                   -- discount_amount
	coupon INTEGER,                     -- coupon_discount
	store_credit_amount INTEGER, gift_certificate_amount INTEGER, -- paid with them
	items_total INTEGER,
	customer_message TEXT, staff_notes TEXT, -- entities decoded once; '' = none
	customer_message_bare TEXT, staff_notes_bare TEXT, -- as they are compared (lib/echo.h)
	bill_first TEXT, bill_last TEXT, bill_company TEXT, bill_street_1 TEXT, bill_street_2 TEXT,
	bill_city TEXT, bill_state TEXT, bill_zip TEXT, bill_country TEXT, bill_iso3 TEXT, -- alpha-2, alpha-3
	bill_phone TEXT, bill_email TEXT, bill_state_fold TEXT,
	lines_sha256 TEXT,                  -- what an edit is: lines, addresses, shipping, totals
	lines_missing INTEGER NOT NULL DEFAULT 0, -- 1: the list call cut the lines, read /products
	addresses_missing INTEGER NOT NULL DEFAULT 0, -- 1: it gave no addresses, read /shipping_addresses
	unreadable TEXT,                    -- names the field that cannot be read, else NULL
	torn TEXT                           -- fields whose text is no UTF-8 and was read with U+FFFD, else NULL
) STRICT;
CREATE INDEX IF NOT EXISTS stg_bc_order_email ON stg_bc_order(email);
CREATE INDEX IF NOT EXISTS stg_bc_order_created ON stg_bc_order(date_created);
CREATE INDEX IF NOT EXISTS stg_bc_order_stopped ON stg_bc_order(status_id) WHERE status_id IN (4, 5, 6, 13);

CREATE TABLE IF NOT EXISTS stg_bc_order_line (
	order_id INTEGER NOT NULL REFERENCES stg_bc_order(id) ON DELETE CASCADE,
	id INTEGER NOT NULL,                -- order_product_id
	position INTEGER NOT NULL,          -- as listed
	address_id INTEGER,
	type TEXT,                          -- physical, digital, giftcertificate
	product_id INTEGER,                 -- 0 = custom line
	variant_id INTEGER,
	sku TEXT, sku_fold TEXT,
	upc TEXT, upc_fold TEXT,
	name TEXT,
	options TEXT,                       -- chosen options, "Size: L, Colour: Red"
	quantity INTEGER,
	shipped INTEGER NOT NULL DEFAULT 0, -- pieces
	refunded INTEGER NOT NULL DEFAULT 0,
	total_inc INTEGER, total_ex INTEGER, total_tax INTEGER, -- line, before discounts
	discounted_inc INTEGER,             -- line after all discounts, NULL when not told
	discount INTEGER,                   -- sum of applied_discounts
	parent_id INTEGER,                  -- line of the bundle that it is a part of, NULL = none
	wrap_name TEXT, wrap_inc INTEGER, wrap_ex INTEGER, wrap_tax INTEGER, -- gift wrapping
	PRIMARY KEY (order_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stg_bc_order_line_refunded ON stg_bc_order_line(order_id) WHERE refunded > 0;

CREATE TABLE IF NOT EXISTS stg_bc_order_address (
	order_id INTEGER NOT NULL REFERENCES stg_bc_order(id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	id INTEGER,
	kind TEXT NOT NULL,                 -- shipping, pickup
	first TEXT, last TEXT, company TEXT, street_1 TEXT, street_2 TEXT,
	city TEXT, state TEXT, zip TEXT, country TEXT, iso3 TEXT, phone TEXT, email TEXT,
	method TEXT, method_fold TEXT,      -- shipping method as shown to the shopper
	cost_inc INTEGER, cost_ex INTEGER, cost_tax INTEGER,
	state_fold TEXT,
	PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS stg_bc_order_fee (
	order_id INTEGER NOT NULL REFERENCES stg_bc_order(id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	name TEXT,
	cost_inc INTEGER, cost_ex INTEGER, cost_tax INTEGER,
	PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

-- Lines read one page at a time because the list call cut them.
CREATE TABLE IF NOT EXISTS stg_bc_order_products (
	order_id INTEGER NOT NULL REFERENCES stg_bc_order(id) ON DELETE CASCADE,
	page INTEGER NOT NULL,
	payload TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	PRIMARY KEY (order_id, page)
) STRICT, WITHOUT ROWID;

-- What an order says of its payment, and when its transactions were last read.
CREATE TABLE IF NOT EXISTS stg_bc_order_money (
	order_id INTEGER PRIMARY KEY,
	order_sha256 TEXT NOT NULL,         -- stg_bc_order.sha256 that the next three were read from
	payment_status TEXT NOT NULL,       -- captured, pending, ...; '' = none
	method_fold TEXT NOT NULL,          -- payment method as shown, lower case
	provider TEXT NOT NULL,             -- payment_provider_id, lower case, '' = none
	read_for TEXT,                      -- status, payment status and total of that moment, NULL = never
	read_at INTEGER,
	unlisted INTEGER NOT NULL DEFAULT 0, -- transactions that BigCommerce counts but does not list
	refunded_told INTEGER NOT NULL DEFAULT 0, -- refunded_amount
	short_since INTEGER,                -- since when its transactions do not add up, NULL = they do
	asked INTEGER NOT NULL DEFAULT 0,   -- how often they were asked for again since
	back_since INTEGER,                 -- the same of its refunds
	back_asked INTEGER NOT NULL DEFAULT 0,
	back_at INTEGER,                    -- when these were last asked for
	odd_for TEXT,                       -- what read_for would be, where the answer of that moment was none; NULL = it was one
	odd_asked INTEGER NOT NULL DEFAULT 0, -- how often in a row
	odd_at INTEGER                      -- and when last, NULL = to be asked now
) STRICT;
CREATE INDEX IF NOT EXISTS stg_bc_order_money_short ON stg_bc_order_money(order_id)
 WHERE short_since IS NOT NULL OR back_since IS NOT NULL;

CREATE TABLE IF NOT EXISTS stg_bc_transaction (
	id INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	payload TEXT,
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	event TEXT NOT NULL,                -- purchase, authorization, capture, refund, void, pending, settled
	method TEXT NOT NULL,               -- credit_card, store_credit, offline, ...
	gateway TEXT NOT NULL,
	amount INTEGER,
	currency TEXT,
	at INTEGER,
	reference_id INTEGER,               -- the transaction that it captures, voids, settles
	gateway_ref TEXT,                   -- gateway_transaction_id
	is_test INTEGER NOT NULL,
	failed INTEGER NOT NULL,            -- status error
	strange_status TEXT,                -- neither ok nor error: this
	unreadable TEXT                     -- names the field that cannot be read, else NULL
) STRICT;
CREATE INDEX IF NOT EXISTS stg_bc_transaction_order ON stg_bc_transaction(order_id);

CREATE TABLE IF NOT EXISTS stg_bc_refund (
	id INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	payload TEXT,
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	at INTEGER,
	total INTEGER, total_tax INTEGER,   -- total with tax
	unreadable TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS stg_bc_refund_order ON stg_bc_refund(order_id);

CREATE TABLE IF NOT EXISTS stg_bc_refund_payment (
	refund_id INTEGER NOT NULL REFERENCES stg_bc_refund(id) ON DELETE CASCADE,
	position INTEGER NOT NULL,          -- as listed, from 1
	id INTEGER,
	provider TEXT NOT NULL,             -- storecredit, authorizenet, ...
	amount INTEGER,
	offline INTEGER NOT NULL,
	declined INTEGER NOT NULL,
	transaction_ref TEXT,               -- transaction_id
	PRIMARY KEY (refund_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS stg_bc_refund_item (
	refund_id INTEGER NOT NULL REFERENCES stg_bc_refund(id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	type TEXT NOT NULL,                 -- PRODUCT, GIFT_WRAPPING, SHIPPING, HANDLING, ORDER, FEE, TAX
	item_id INTEGER,                    -- order_product_id, order_address_id or order
	quantity INTEGER,
	amount INTEGER,                     -- requested_amount, NULL = not told
	PRIMARY KEY (refund_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS stg_bc_customer (
	id INTEGER PRIMARY KEY,
	payload TEXT,
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	group_id INTEGER,                   -- 0 = none
	read_at INTEGER NOT NULL
) STRICT;

-- Staging: Brightpearl --------------------------------------------------------------------------

-- Orders as order-search lists them: the mirror of references, and which were updated when.
CREATE TABLE IF NOT EXISTS stg_bp_order (
	id INTEGER PRIMARY KEY,
	payload TEXT,                       -- the search's row
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	type_id INTEGER,                    -- 1 sales order, 3 sales credit
	external_ref TEXT,
	customer_ref TEXT,
	contact_id INTEGER,
	status_id INTEGER,
	channel_id INTEGER,
	parent_id INTEGER,                  -- order it was split from or made for, NULL = none
	created_on INTEGER,
	updated_on INTEGER                  -- NULL until the first update
) STRICT;
CREATE INDEX IF NOT EXISTS stg_bp_order_ref ON stg_bp_order(external_ref);
CREATE INDEX IF NOT EXISTS stg_bp_order_customer_ref ON stg_bp_order(customer_ref);
CREATE INDEX IF NOT EXISTS stg_bp_order_changed ON stg_bp_order(changed_run);
CREATE INDEX IF NOT EXISTS stg_bp_order_parent ON stg_bp_order(parent_id) WHERE parent_id IS NOT NULL;

-- Our sales orders in full, as GET order answers them.
CREATE TABLE IF NOT EXISTS stg_bp_sale (
	id INTEGER PRIMARY KEY,
	payload TEXT,
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	read_at INTEGER NOT NULL,           -- by the server's clock
	gone INTEGER NOT NULL DEFAULT 0,    -- 1: Brightpearl no longer has it
	type TEXT,                          -- SO, SC
	external_ref TEXT,
	customer_ref TEXT,                  -- the order's reference
	parent_id INTEGER,                  -- NULL = none
	contact_id INTEGER,
	status_id INTEGER,
	version INTEGER,                    -- for If-Match
	channel_id INTEGER,
	warehouse_id INTEGER,
	shipping_method_id INTEGER,         -- NULL = none
	currency TEXT,
	total INTEGER, total_tax INTEGER,
	price_mode TEXT,                    -- INC, EXC
	invoiced INTEGER,
	payment_status TEXT,                -- PAID, PARTIALLY_PAID, UNPAID, NOT_APPLICABLE
	stock_status TEXT,                  -- SON, SOP, SOA: none, some, all fulfilled; NON: no goods
	allocation_status TEXT,             -- ANR, ANA, APA, AAA
	shipping_status TEXT,               -- NST, SNS, SPS, ASS
	placed_on INTEGER, created_on INTEGER,
	updated_on INTEGER,                 -- NULL until the first update
	closed_on INTEGER                   -- NULL: open
) STRICT;

CREATE TABLE IF NOT EXISTS stg_bp_sale_row (
	sale_id INTEGER NOT NULL REFERENCES stg_bp_sale(id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	sequence INTEGER,
	external_ref TEXT,                  -- ours: BC-1042:77 = order and order_product_id
	product_id INTEGER,                 -- 1000 = free text
	sku TEXT,
	name TEXT,
	quantity INTEGER,                   -- ten-thousandths
	net INTEGER, tax INTEGER,           -- of the whole row
	tax_code TEXT,
	nominal_code TEXT,
	bundle_parent INTEGER NOT NULL DEFAULT 0,
	bundle_child INTEGER NOT NULL DEFAULT 0,
	parent_row_id INTEGER,              -- of a bundle's child
	PRIMARY KEY (sale_id, id)
) STRICT, WITHOUT ROWID;

-- Custom fields that have a value.
CREATE TABLE IF NOT EXISTS stg_bp_sale_field (
	sale_id INTEGER NOT NULL REFERENCES stg_bp_sale(id) ON DELETE CASCADE,
	code TEXT NOT NULL,                 -- PCF_...
	value TEXT NOT NULL,
	bare TEXT,                          -- as it is compared (lib/echo.h)
	PRIMARY KEY (sale_id, code)
) STRICT, WITHOUT ROWID;

-- What may be sold, as product-availability or bundle-availability answers it.
CREATE TABLE IF NOT EXISTS stg_bp_availability (
	product_id INTEGER PRIMARY KEY,
	payload TEXT,                       -- NULL: left out of the answer: not stock-tracked, or unknown
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	read_at INTEGER NOT NULL,           -- by the server's clock
	clock_at INTEGER,                   -- by ours: its age
	unreadable TEXT                     -- the last answer about it, which says no quantity; NULL: it was read
) STRICT;
CREATE TABLE IF NOT EXISTS stg_bp_availability_warehouse (
	product_id INTEGER NOT NULL REFERENCES stg_bp_availability(product_id) ON DELETE CASCADE,
	warehouse_id INTEGER NOT NULL,      -- one that holds none of the product is not listed
	in_stock INTEGER,
	allocated INTEGER,
	on_hand INTEGER NOT NULL,           -- in_stock - allocated: what may be sold
	PRIMARY KEY (product_id, warehouse_id)
) STRICT, WITHOUT ROWID;

-- Mirror of contacts by e-mail, from contact-search.
CREATE TABLE IF NOT EXISTS stg_bp_contact (
	id INTEGER PRIMARY KEY,
	payload TEXT,
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	email TEXT,                         -- primary, trimmed, lower case
	is_staff INTEGER, is_supplier INTEGER, is_customer INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS stg_bp_contact_email ON stg_bp_contact(email);

-- Contacts that were read whole, because their data may have to follow BigCommerce's.
CREATE TABLE IF NOT EXISTS stg_bp_contact_data (
	id INTEGER PRIMARY KEY,
	payload TEXT,
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	read_at INTEGER NOT NULL,
	read_run INTEGER NOT NULL,
	gone INTEGER NOT NULL,              -- 1: Brightpearl has it no more
	is_primary INTEGER,                 -- of its organisation; others have no billing address of their own
	address_id INTEGER,                 -- billing, else default
	address TEXT,                       -- that address as out_customer.body has it; NULL: cannot be read
	address_own INTEGER                 -- 1: it is this contact's alone, and may be changed in place
) STRICT;

CREATE TABLE IF NOT EXISTS stg_seen (
	record TEXT NOT NULL,               -- bc_order, bp_contact, ...
	id INTEGER NOT NULL,
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	PRIMARY KEY (record, id)
) STRICT, WITHOUT ROWID;

-- Every earlier version of a record.
CREATE TABLE IF NOT EXISTS stg_history (
	record TEXT NOT NULL,
	id INTEGER NOT NULL,
	replaced_at INTEGER NOT NULL,
	payload TEXT,
	sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS stg_history_record ON stg_history(record, id);

-- Live lists --------------------------------------------------------------------------------------

-- system 'bigcommerce': status, channel, customer_group, tax_class, location.
-- system 'brightpearl': order_status, channel, warehouse, price_list, tax_code, shipping_method,
-- payment_method, custom_field, currency.
CREATE TABLE IF NOT EXISTS ref_list (
	system TEXT NOT NULL,
	list TEXT NOT NULL,
	id TEXT NOT NULL,                   -- a tax code's or payment method's id is its code
	name TEXT NOT NULL,
	name_fold TEXT NOT NULL,            -- trimmed, lower case
	usable INTEGER NOT NULL DEFAULT 1,  -- 0: listed but refused there (hidden, disabled, other type)
	rate TEXT,                          -- tax_code: percent; currency: exchange rate; else NULL
	detail TEXT,                        -- the item as received
	kind TEXT,                          -- BigCommerce's channel: storefront, marketplace, pos, marketing
	PRIMARY KEY (system, list, id)
) STRICT, WITHOUT ROWID;

-- When each list was last read; absent = never.  unavailable says why it could not be (403, 404).
CREATE TABLE IF NOT EXISTS ref_read (
	system TEXT NOT NULL,
	list TEXT NOT NULL,
	read_at INTEGER NOT NULL,
	unavailable TEXT,
	PRIMARY KEY (system, list)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ref_bp_configuration (
	name TEXT PRIMARY KEY,              -- timeZone, baseCurrencyCode, shippingNominalCode, ...
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ref_bp_product (
	id INTEGER PRIMARY KEY,
	sku TEXT, sku_fold TEXT,
	barcode TEXT, ean TEXT, upc TEXT, mpn TEXT, isbn TEXT,
	name TEXT,
	status TEXT,                        -- LIVE, DISCONTINUED, ARCHIVED
	stock_tracked INTEGER,
	bundle INTEGER,                     -- NULL: not known, only GET product tells
	key_fold TEXT                       -- the value of products.brightpearl_key, lower case
) STRICT;
CREATE INDEX IF NOT EXISTS ref_bp_product_key ON ref_bp_product(key_fold);

-- What one of a bundle ships: bundles inside it are resolved.
CREATE TABLE IF NOT EXISTS ref_bp_component (
	bundle_id INTEGER NOT NULL,
	product_id INTEGER NOT NULL,
	quantity INTEGER NOT NULL,          -- pieces in one bundle
	PRIMARY KEY (bundle_id, product_id)
) STRICT, WITHOUT ROWID;

-- Simple products (variant_id = their base variant or 0) and variants of BigCommerce.
CREATE TABLE IF NOT EXISTS ref_bc_product (
	product_id INTEGER NOT NULL,
	variant_id INTEGER NOT NULL,        -- 0 = the product itself
	sku TEXT, sku_fold TEXT,
	upc TEXT, mpn TEXT, gtin TEXT,
	upc_fold TEXT, mpn_fold TEXT, gtin_fold TEXT,
	tax_class_id INTEGER,               -- of the product
	tracking TEXT,                      -- none, product, variant
	availability TEXT,                  -- available, disabled, preorder
	PRIMARY KEY (product_id, variant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ref_bc_product_sku ON ref_bc_product(sku_fold);

-- When a thing that an order names was last asked for by its id; of a whole list, id is 0.
CREATE TABLE IF NOT EXISTS named_read (
	kind TEXT NOT NULL,                 -- bc_customer, bc_product, bp_product
	id INTEGER NOT NULL,
	run INTEGER NOT NULL,
	at INTEGER NOT NULL,
	there INTEGER,                      -- 1: it was there, 0: it does not exist; NULL: it could not be read
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- Mappings as loaded ------------------------------------------------------------------------------
-- For a cell that names a thing of a list, X is the cell and X_id the thing's id; X_id is NULL for
-- "*", a prefix, a word like (same) and an empty cell.  X_like is a LIKE pattern (escape \) in lower
-- case for cells that select: "fedex%", "%" for "*".  named ranks the lines that fit: 1000 for every
-- selecting cell that is not "*", plus how exact it is (lib/map_ties.c); the highest wins.

-- What a cell meant when it last resolved: a renamed thing is still found by its id.
CREATE TABLE IF NOT EXISTS map_known (
	system TEXT NOT NULL,
	list TEXT NOT NULL,
	name_fold TEXT NOT NULL,
	id TEXT NOT NULL,
	PRIMARY KEY (system, list, name_fold)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS map_file (
	file TEXT PRIMARY KEY,              -- statuses.csv
	sha256 TEXT NOT NULL,
	loaded_at INTEGER NOT NULL,
	complaints INTEGER NOT NULL,
	stops INTEGER NOT NULL DEFAULT 0    -- those that stop the jobs which read it; others stop single records
) STRICT, WITHOUT ROWID;

-- Which of our columns a file's header has: lines that are offered fill no other.
CREATE TABLE IF NOT EXISTS map_column (
	file TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (file, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS map_complaint (
	file TEXT NOT NULL,
	line INTEGER NOT NULL,              -- 0 = the whole file
	column TEXT NOT NULL,               -- '' = the whole line
	severity TEXT NOT NULL CHECK (severity IN ('complaint', 'warning')),
	message TEXT NOT NULL
) STRICT;

-- Lists of which the mappings name something that is not there.
CREATE TABLE IF NOT EXISTS map_missed (
	system TEXT NOT NULL,
	list TEXT NOT NULL,
	PRIMARY KEY (system, list)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS map_settings (
	setting TEXT PRIMARY KEY,
	value TEXT NOT NULL,                -- normalised; the default where the file is silent
	line INTEGER NOT NULL               -- 0 = default
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS map_statuses (
	line INTEGER PRIMARY KEY,
	"from" TEXT NOT NULL,               -- bigcommerce, brightpearl
	status TEXT NOT NULL, status_id INTEGER, status_like TEXT NOT NULL,
	sync INTEGER NOT NULL,
	owes_goods INTEGER,                 -- NULL = by the status' nature
	becomes TEXT NOT NULL, becomes_id INTEGER, -- '' = (leave)
	named INTEGER NOT NULL,
	becomes_line INTEGER                -- the line of *, which says it for this one; NULL = it says so itself
) STRICT;

CREATE TABLE IF NOT EXISTS map_sales (
	line INTEGER PRIMARY KEY,
	channel TEXT NOT NULL, channel_id INTEGER, channel_like TEXT NOT NULL,
	customer_group TEXT NOT NULL, customer_group_id INTEGER, customer_group_like TEXT NOT NULL, -- (guest)
	currency TEXT NOT NULL, currency_like TEXT NOT NULL,
	country TEXT NOT NULL, country_like TEXT NOT NULL, -- ISO 3166 alpha-2, lower case, or "%"
	order_channel TEXT NOT NULL, order_channel_id INTEGER,
	price_list TEXT NOT NULL, price_list_id INTEGER,
	warehouse TEXT NOT NULL, warehouse_id INTEGER,
	lead_source_id INTEGER, project_id INTEGER, team_id INTEGER, staff_owner_id INTEGER,
	named INTEGER NOT NULL,
	sync TEXT NOT NULL DEFAULT '',      -- no = left out, hold = they wait; '' = yes
	contact_update TEXT NOT NULL DEFAULT '' -- as customers.update; '': fill_empty where a group is named, else that
) STRICT;

CREATE TABLE IF NOT EXISTS map_shipping (
	line INTEGER PRIMARY KEY,
	"from" TEXT NOT NULL,
	method TEXT NOT NULL, method_id INTEGER, method_like TEXT NOT NULL,
	sync INTEGER NOT NULL,
	becomes TEXT NOT NULL, becomes_id INTEGER,
	carrier TEXT NOT NULL, tracking_carrier TEXT NOT NULL, tracking_link TEXT NOT NULL,
	tracked INTEGER,                    -- 0: its shipments get no tracking number; NULL = they do
	named INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS map_payments (
	line INTEGER PRIMARY KEY,
	method TEXT NOT NULL, method_like TEXT NOT NULL,
	gateway TEXT NOT NULL, gateway_like TEXT NOT NULL,
	currency TEXT NOT NULL, currency_like TEXT NOT NULL,
	sync INTEGER NOT NULL,
	paid_at TEXT NOT NULL,              -- status ids between bars: |2|10|
	becomes TEXT NOT NULL, becomes_id TEXT, -- payment method code
	named INTEGER NOT NULL,
	transactions TEXT NOT NULL DEFAULT '', -- none = BigCommerce lists none: they are not asked for
	delay_minutes INTEGER NOT NULL DEFAULT 0 -- payments younger than this wait
) STRICT;

CREATE TABLE IF NOT EXISTS map_warehouses (
	line INTEGER PRIMARY KEY,
	warehouse TEXT NOT NULL, warehouse_id INTEGER,
	reserve INTEGER,                    -- order of trying; NULL = no
	publish INTEGER NOT NULL,
	buffer INTEGER NOT NULL,
	location TEXT NOT NULL, location_id INTEGER
) STRICT;

CREATE TABLE IF NOT EXISTS map_stock (
	line INTEGER PRIMARY KEY,
	sku TEXT NOT NULL, sku_fold TEXT NOT NULL,
	location TEXT NOT NULL, location_id INTEGER, -- '' = every location
	publish TEXT NOT NULL,              -- yes, no, fixed
	fixed INTEGER,
	buffer INTEGER,                     -- NULL = as the warehouse
	bad TEXT                            -- what is wrong with the line; what it speaks of waits
) STRICT;

CREATE TABLE IF NOT EXISTS map_sku_keys (
	line INTEGER PRIMARY KEY,
	bigcommerce TEXT NOT NULL, bigcommerce_fold TEXT NOT NULL,
	brightpearl TEXT NOT NULL, brightpearl_fold TEXT NOT NULL,
	bc_product INTEGER, bc_variant INTEGER, -- product:7, variant:9
	bp_product INTEGER,                 -- id:1001
	bad TEXT                            -- what is wrong with the line; what it speaks of waits
) STRICT;
CREATE INDEX IF NOT EXISTS map_sku_keys_key ON map_sku_keys(bigcommerce_fold);
CREATE INDEX IF NOT EXISTS map_sku_keys_product ON map_sku_keys(bc_product) WHERE bc_product IS NOT NULL;
CREATE INDEX IF NOT EXISTS map_sku_keys_variant ON map_sku_keys(bc_variant) WHERE bc_variant IS NOT NULL;

-- Products that a line of sku_keys.csv or stock.csv may mean, where a spreadsheet has damaged its key.
CREATE TABLE IF NOT EXISTS map_doubt (
	file TEXT NOT NULL,
	key_fold TEXT NOT NULL,             -- of the product
	line INTEGER NOT NULL,
	PRIMARY KEY (file, key_fold, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS map_taxes (
	line INTEGER PRIMARY KEY,
	country TEXT NOT NULL, country_like TEXT NOT NULL,
	region TEXT NOT NULL, region_like TEXT NOT NULL,
	customer_group TEXT NOT NULL, customer_group_id INTEGER, customer_group_like TEXT NOT NULL,
	item TEXT NOT NULL, item_like TEXT NOT NULL,
	tax_class TEXT NOT NULL, tax_class_id INTEGER, tax_class_like TEXT NOT NULL,
	rate TEXT NOT NULL,                 -- as written
	rate_units INTEGER,                 -- ten-thousandths of a percent: 20 % = 200000; NULL = any
	becomes TEXT NOT NULL, becomes_id TEXT, -- tax code; '' = reject
	named INTEGER NOT NULL,
	bad TEXT                            -- what is wrong with the line; what it speaks of waits
) STRICT;

-- What must be true in the other system --------------------------------------------------------
-- state: pending = to be sent; claimed = in flight, in doubt when found so at the start of a load;
-- done = the other side has `sent`; rejected = it (or the transform) refused; ignored = a person
-- said so.  A transform never changes a claimed row's state.

-- follow: one contact per e-mail.  Without remote_id it is to be created; with one, its data follow.
CREATE TABLE IF NOT EXISTS out_customer (
	key TEXT PRIMARY KEY,               -- e-mail, lower case
	body TEXT NOT NULL,                 -- {"address": ..., "contact": ...}
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,                          -- body last sent
	agreed TEXT,                        -- what of it Brightpearl took, or had already; NULL: none yet
	fill_empty INTEGER NOT NULL DEFAULT 0, -- 1: only what is empty there is written
	source_at INTEGER,                  -- date_created of the order that body was made from
	remote_id INTEGER,                  -- contact id
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	address_id INTEGER,                 -- made for the contact, not linked to it yet
	held TEXT,                          -- why a brake holds it, NULL = none does (jobs/brake.h)
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,               -- last look-up that found nothing
	look_ups INTEGER NOT NULL DEFAULT 0,-- since the claim
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of a contact that exists, each field that it has to be told (jobs/customers/difference.sql).
CREATE TABLE IF NOT EXISTS out_customer_change (
	key TEXT NOT NULL,                  -- of out_customer
	path TEXT NOT NULL,                 -- as in a PATCH; /postAddressIds/BIL: by a new address
	seen TEXT NOT NULL,                 -- in Brightpearl; '' = nothing, '?' = an address that cannot be read
	wanted TEXT NOT NULL,
	PRIMARY KEY (key, path)
) STRICT, WITHOUT ROWID;

-- source-edit: one sales order per BigCommerce order.  With a remote_id, a row that is not done is an
-- edit: BigCommerce's order changed after it was sent, and the sales order is to follow.
CREATE TABLE IF NOT EXISTS out_order (
	key TEXT PRIMARY KEY,               -- externalRef, minted once: BC-1042
	order_id INTEGER NOT NULL UNIQUE,
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	remote_id INTEGER,                  -- sales order id
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	waits_for TEXT,                     -- why it cannot be sent yet, NULL = it can
	total INTEGER NOT NULL,             -- what Brightpearl's total must be
	note TEXT,                          -- order note that belongs to it (further addresses), NULL = none
	channel_id INTEGER,
	warehouse_id INTEGER,               -- sales.csv: reserve here alone; NULL = as warehouses.csv says
	source_sha256 TEXT NOT NULL,        -- stg_bc_order.lines_sha256 that body was made from
	sent_sha256 TEXT,                   -- and that `sent` was made from
	sent_instance INTEGER,              -- installedIntegrationInstanceId it was last sent with, 0 = none
	agreed TEXT,                        -- of an edit under way: the body that Brightpearl took before, else NULL
	edit TEXT,                          -- and what it changes, in plain words, one change a line
	lines TEXT,                         -- which lines of BigCommerce's order the rows of body stand for -> link_row
	held TEXT,                          -- why a brake holds it, NULL = none does (jobs/brake.h)
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Payments ----------------------------------------------------------------------------------------

-- Customer payments as Brightpearl's search lists them, of orders that are about to get one of ours.
CREATE TABLE IF NOT EXISTS stg_bp_payment (
	id INTEGER PRIMARY KEY,
	payload TEXT,                       -- the search's row
	sha256 TEXT NOT NULL,
	changed_run INTEGER NOT NULL,
	sales_order_id INTEGER NOT NULL,
	transaction_ref TEXT,
	method TEXT,
	type TEXT,                          -- AUTH, CAPTURE, PAYMENT, RECEIPT, VOID
	currency TEXT,
	authorized INTEGER, paid INTEGER,   -- NULL: not readable
	at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS stg_bp_payment_order ON stg_bp_payment(sales_order_id);

-- create-only: a customer payment, or the sales credit of a refund.  Key (the transactionRef, or the
-- credit's externalRef) and method are minted once: an edited mapping cannot mint a second payment.
CREATE TABLE IF NOT EXISTS out_payment (
	key TEXT PRIMARY KEY,               -- BC-1042-T77; its letter: see jobs/payments/parts.sql
	order_id INTEGER NOT NULL,          -- BigCommerce
	part TEXT NOT NULL,                 -- what of the order it is: 77, R5, ...
	kind TEXT NOT NULL CHECK (kind IN ('payment', 'credit')),
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	remote_id INTEGER,                  -- payment, or sales credit
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	type TEXT NOT NULL,                 -- RECEIPT, PAYMENT, AUTH, CAPTURE, VOID; CREDIT
	method TEXT,                        -- paymentMethodCode; NULL: a credit has none
	amount INTEGER NOT NULL,
	at INTEGER NOT NULL,                -- the payment's date
	may_be_paid INTEGER NOT NULL,       -- on the order in all, in receipts and captures
	waits_for TEXT,                     -- why it cannot be sent yet, NULL = it can
	after TEXT,                         -- key of the row that must be done before, NULL = none
	refusal TEXT,                       -- Brightpearl refused it with this; counts once looked up
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS out_payment_order ON out_payment(order_id);
CREATE INDEX IF NOT EXISTS out_payment_after ON out_payment(after) WHERE after IS NOT NULL;

-- Values that are kept in step both ways (notes, statuses) ---------------------------------------

-- The pair of values that the two systems last agreed on: notes as they are compared (lib/echo.h),
-- statuses as ids.  Whichever differs from it now is news (jobs/agreed).
CREATE TABLE IF NOT EXISTS agreed (
	order_id INTEGER NOT NULL,          -- BigCommerce
	field TEXT NOT NULL,                -- customer_note, staff_note, status
	bigcommerce TEXT,                   -- NULL = not known: what is seen next is no news
	brightpearl TEXT,
	at INTEGER NOT NULL,                -- start of the run that recorded it
	differed INTEGER NOT NULL DEFAULT 0,-- left as they are: 1 they differed when first seen; 2 BigCommerce's
	                                    -- status would have moved the order back; 3 Brightpearl's value is
	                                    -- from before that direction was on; 4 as 2, with Brightpearl's status
	created INTEGER NOT NULL DEFAULT 0, -- 1: begun when we created the sales order; of a direction that was
	                                    -- never on (or not since), the value is still the one of that moment
	made TEXT,                          -- what Brightpearl showed then; NULL = not known
	PRIMARY KEY (order_id, field)
) STRICT, WITHOUT ROWID;

-- What going live left as it was and a person had carried after all (./run.sh catch-up).
CREATE TABLE IF NOT EXISTS catch_up (
	key TEXT PRIMARY KEY,               -- status:1042, note:1042:customer, shipment:GON600001
	job TEXT NOT NULL,                  -- notes, statuses, shipments
	order_id INTEGER NOT NULL,
	field TEXT NOT NULL,                -- as in agreed; '' for a shipment
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS catch_up_order ON catch_up(order_id, field);

-- Notes (out_note) --------------------------------------------------------------------------------

-- follow: one row for each note of an order that has to be carried, one way at a time.
CREATE TABLE IF NOT EXISTS out_note (
	key TEXT PRIMARY KEY,               -- note:1042:customer
	order_id INTEGER NOT NULL,
	field TEXT NOT NULL,                -- customer_note, staff_note
	target TEXT NOT NULL,               -- brightpearl, bigcommerce: where it is written
	source TEXT NOT NULL,               -- the other side's value, as it is compared
	merged INTEGER NOT NULL,            -- 1: both texts together, which then go back as news
	value TEXT NOT NULL,                -- what is written, as it is compared
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	remote_id INTEGER,                  -- the order there
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	held TEXT,                          -- why a brake holds it, NULL = none does (jobs/brake.h)
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Fulfillment (out_shipment, out_tracking, link_shipment) -----------------------------------------

-- Goods-out and drop-ship notes of Brightpearl.  Of a note that is not of an order of ours only what
-- the search told is kept.
CREATE TABLE IF NOT EXISTS stg_bp_goods_out_note (
	kind TEXT NOT NULL CHECK (kind IN ('GON', 'DSN')), -- goods-out, drop-ship
	id INTEGER NOT NULL,
	payload TEXT,                       -- NULL: not read in full
	sha256 TEXT,
	changed_run INTEGER NOT NULL,
	read_at INTEGER,                    -- in full, by the server's clock
	gone INTEGER NOT NULL DEFAULT 0,    -- 1: Brightpearl no longer has it
	listed_at INTEGER,                  -- by the search, as long as it was not read in full
	ours INTEGER,                       -- 1: of an order from BigCommerce, 0: not; NULL: not known yet
	sale_id INTEGER,                    -- sales order
	shipped_on INTEGER,                 -- NULL: not shipped
	transfer INTEGER,                   -- between warehouses
	shipping_method_id INTEGER,         -- NULL = none
	reference TEXT,                     -- tracking numbers as typed
	numbers TEXT,                       -- the same without blanks in them, one blank apart
	no_numbers TEXT,                    -- the whole of it when a part has no digit: that is no number; else NULL
	tracking TEXT,                      -- the first that fits BigCommerce's 50 characters, '' = none
	tracking_query TEXT,                -- that, percent-encoded
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stg_bp_goods_out_note_sale ON stg_bp_goods_out_note(sale_id);
CREATE INDEX IF NOT EXISTS stg_bp_goods_out_note_back ON stg_bp_goods_out_note(kind, id) WHERE gone OR shipped_on IS NULL;

CREATE TABLE IF NOT EXISTS stg_bp_goods_out_row (
	kind TEXT NOT NULL,
	note_id INTEGER NOT NULL,
	row_id INTEGER NOT NULL,            -- of the sales order
	product_id INTEGER,
	quantity INTEGER NOT NULL,          -- pieces, of all locations together
	PRIMARY KEY (kind, note_id, row_id)
) STRICT, WITHOUT ROWID;

-- When a sales order's own notes were read, goods-out and drop-ship.
CREATE TABLE IF NOT EXISTS stg_bp_sale_notes (
	sale_id INTEGER PRIMARY KEY,
	read_at INTEGER NOT NULL
) STRICT;

-- Sales orders seen outside of fulfillment.statuses since fulfillment began: only these are shipped
-- when they come into one of them.
CREATE TABLE IF NOT EXISTS stg_bp_sale_unshipped (
	sale_id INTEGER PRIMARY KEY
) STRICT;

-- Shipments that BigCommerce has, of the orders where that was looked up.
CREATE TABLE IF NOT EXISTS stg_bc_shipment (
	id INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	payload TEXT NOT NULL,
	address_id INTEGER,
	date_created INTEGER,
	tracking TEXT NOT NULL,             -- '' = none
	words TEXT NOT NULL                 -- comments, a blank around each word: our marker is one
) STRICT;
CREATE INDEX IF NOT EXISTS stg_bc_shipment_order ON stg_bc_shipment(order_id);
CREATE TABLE IF NOT EXISTS stg_bc_shipment_read (
	order_id INTEGER PRIMARY KEY,
	read_at INTEGER NOT NULL,
	order_sha256 TEXT                   -- of the order as it was staged then
) STRICT;

-- create-only: one shipment per note and delivery address.
CREATE TABLE IF NOT EXISTS out_shipment (
	key TEXT PRIMARY KEY,               -- marker in the comments, minted once: GON600001/A71, SO500001/0
	order_id INTEGER NOT NULL,          -- BigCommerce
	sale_id INTEGER NOT NULL,           -- Brightpearl
	kind TEXT NOT NULL,                 -- GON, DSN, SO
	note_id INTEGER NOT NULL,           -- of the note; of the sales order when a status ships
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	remote_id INTEGER,                  -- shipment id
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	waits_for TEXT,                     -- why it cannot be sent yet, NULL = it can
	waits_since INTEGER,                -- when it was first planned
	waited INTEGER NOT NULL DEFAULT 0,  -- 1: it had to wait for its tracking number, so it goes later than it left
	left_out TEXT,                      -- what of the note does not go with it, and why; NULL = nothing
	held TEXT,                          -- why a brake holds it, NULL = none does (jobs/brake.h)
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS out_shipment_order ON out_shipment(order_id);
CREATE INDEX IF NOT EXISTS out_shipment_note ON out_shipment(kind, note_id);

-- follow: tracking numbers that a note got, or changed, after its shipment was sent.
CREATE TABLE IF NOT EXISTS out_tracking (
	key TEXT PRIMARY KEY,               -- of the shipment
	order_id INTEGER NOT NULL,
	shipment_id INTEGER NOT NULL,       -- BigCommerce
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	remote_id INTEGER,
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS link_shipment (
	shipment_id INTEGER PRIMARY KEY,    -- BigCommerce
	key TEXT NOT NULL UNIQUE,           -- out_shipment
	order_id INTEGER NOT NULL,
	sales_order_id INTEGER NOT NULL,
	how TEXT NOT NULL,                  -- created, found
	at INTEGER NOT NULL
) STRICT;
-- Notes of which something left that BigCommerce was not told of: they are looked at again in each run.
CREATE TABLE IF NOT EXISTS shipment_rest (
	kind TEXT NOT NULL,
	note_id INTEGER NOT NULL,
	PRIMARY KEY (kind, note_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS link_shipment_order ON link_shipment(order_id);

-- Statuses (out_status) ---------------------------------------------------------------------------

-- follow: one row for each order whose status has to be carried, one way at a time.
CREATE TABLE IF NOT EXISTS out_status (
	key TEXT PRIMARY KEY,               -- status:1042
	order_id INTEGER NOT NULL,
	field TEXT NOT NULL,                -- status
	target TEXT NOT NULL,               -- brightpearl, bigcommerce: where it is written
	source TEXT NOT NULL,               -- status id on the other side
	merged INTEGER NOT NULL,            -- 0
	value TEXT NOT NULL,                -- status id to be written
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	remote_id INTEGER,                  -- the order there
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	held TEXT,                          -- why a brake holds it, NULL = none does (jobs/brake.h)
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Stock (out_stock) -------------------------------------------------------------------------------

-- follow: what each product or variant of BigCommerce must have on hand at each location.
CREATE TABLE IF NOT EXISTS out_stock (
	key TEXT PRIMARY KEY,               -- product.variant@location: 111.0@1
	location_id INTEGER NOT NULL,
	product_id INTEGER NOT NULL,        -- BigCommerce
	variant_id INTEGER NOT NULL,        -- 0 = stock is kept by product
	sku TEXT,
	record TEXT AS ('stock:' || coalesce(nullif(sku, ''), product_id || '.' || variant_id)
	                || '@' || location_id), -- what a person calls it
	quantity INTEGER NOT NULL,
	shown INTEGER,                      -- what BigCommerce shows, NULL = not known
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	remote_id INTEGER,                  -- always NULL: a number is set, nothing is made
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	held TEXT,                          -- why a brake holds it, NULL = none does (jobs/inventory/brake.h)
	held_at INTEGER,                    -- when it was first read so, our clock
	held_quantity INTEGER,              -- and what was read then
	owed INTEGER,                       -- units that orders held or had allocated when it was last set
	was_set INTEGER,                    -- to how many it was last set for certain; NULL: never
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What BigCommerce shows: as read by the last run, or as set since.
CREATE TABLE IF NOT EXISTS stg_bc_stock (
	product_id INTEGER NOT NULL,
	variant_id INTEGER NOT NULL,
	location_id INTEGER NOT NULL,
	on_hand INTEGER,
	PRIMARY KEY (product_id, variant_id, location_id)
) STRICT, WITHOUT ROWID;

-- The mapping files as they were when stock was last set and nothing was held.
CREATE TABLE IF NOT EXISTS stock_mapping (
	file TEXT PRIMARY KEY,              -- warehouses.csv
	sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Reservations (out_reservation) ------------------------------------------------------------------

-- follow: the one reservation that a sales order may have.
CREATE TABLE IF NOT EXISTS out_reservation (
	key TEXT PRIMARY KEY,               -- as out_order: BC-1042
	order_id INTEGER NOT NULL UNIQUE,   -- BigCommerce
	sale_id INTEGER NOT NULL,           -- Brightpearl
	warehouse_id INTEGER,               -- where; a reservation cannot move. NULL = not chosen yet
	body TEXT NOT NULL,                 -- {"products": [...]}; none of them = to be released
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	holder TEXT CHECK (holder IN ('us', 'other')), -- whose reservation is there; NULL = none
	guarded INTEGER NOT NULL DEFAULT 0, -- 1: it was asked whether an adopted order has one already
	refused TEXT,                       -- what Brightpearl said to the last attempt, NULL = no refusal
	read_back INTEGER NOT NULL DEFAULT 1, -- 0: accepted, but how much of it was not read yet
	seen TEXT,                          -- codes and notes of the sales order when it was last read; NULL = read it
	read_run INTEGER NOT NULL DEFAULT 0, -- run in which Brightpearl was last asked for it
	zeros INTEGER NOT NULL DEFAULT 0,   -- rows of which none is wanted: 0 left out; 1 told with 0; 2 neither worked
	remote_id INTEGER,                  -- sales order, once it has the reservation
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,                       -- why nothing, or no more, is reserved
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of each row of goods of such a sales order: what should be reserved for it and what is.  Pieces.
CREATE TABLE IF NOT EXISTS out_reservation_row (
	order_id INTEGER NOT NULL,
	row_id INTEGER NOT NULL,            -- of the sales order; a bundle's parts instead of the bundle
	product_id INTEGER NOT NULL,        -- Brightpearl
	wanted INTEGER NOT NULL,
	reserved INTEGER NOT NULL DEFAULT 0,-- as Brightpearl told it last
	shipped INTEGER NOT NULL,           -- of what is ordered, shipped before it was imported
	ordered INTEGER NOT NULL DEFAULT 0, -- when `reserved` was read
	noted INTEGER NOT NULL DEFAULT 0,   -- on goods-out notes then
	let_go INTEGER NOT NULL DEFAULT 0,  -- taken out of the reservation in Brightpearl: not reserved again
	tried INTEGER NOT NULL DEFAULT 0,   -- as much as this was asked for
	on_hand INTEGER NOT NULL DEFAULT 0, -- while short: what was there when more was last tried
	PRIMARY KEY (order_id, row_id)
) STRICT, WITHOUT ROWID;

-- Pieces of each row of a sales order that are on goods-out or drop-ship notes, shipped or not; read for orders
-- whose codes say that there are some.
CREATE TABLE IF NOT EXISTS stg_bp_noted (
	sale_id INTEGER NOT NULL,
	row_id INTEGER NOT NULL,
	pieces INTEGER NOT NULL,
	PRIMARY KEY (sale_id, row_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stg_bp_noted_read (
	sale_id INTEGER PRIMARY KEY,
	sale_read_at INTEGER NOT NULL,      -- read_at of the sales order then
	sale_sha256 TEXT                    -- and what it was
) STRICT;

-- Edits and order notes (out_order_note) ----------------------------------------------------------

-- create-only: notes on sales orders.  A note's text begins with the marker by which it is found again.
CREATE TABLE IF NOT EXISTS out_order_note (
	key TEXT PRIMARY KEY,               -- BC-1042:addresses, BC-1042:edit:2
	order_id INTEGER NOT NULL,
	kind TEXT NOT NULL,                 -- addresses: it has several; edit: what changed in BigCommerce
	number INTEGER NOT NULL,            -- of the order's notes of that kind, from 1
	source_sha256 TEXT,                 -- edit: the stg_bc_order.lines_sha256 that it tells of
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'rejected', 'ignored')),
	sent TEXT,
	remote_id INTEGER,                  -- note id
	how TEXT,                           -- created, found, changed (lib/out.h); NULL: not there yet
	held TEXT,                          -- why a brake holds it, NULL = none does (jobs/brake.h)
	attempts INTEGER NOT NULL DEFAULT 0,
	claimed_at INTEGER,
	looked_up_at INTEGER,
	look_ups INTEGER NOT NULL DEFAULT 0,
	message TEXT,
	changed_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS out_order_note_order ON out_order_note(order_id, kind, number);

-- How far the goods of an edited sales order are, by its goods-out notes.
CREATE TABLE IF NOT EXISTS stg_bp_sale_goods (
	sale_id INTEGER PRIMARY KEY,
	picked INTEGER NOT NULL,            -- 1: a note is picked or packed
	shipped INTEGER NOT NULL,           -- 1: a note is shipped
	noted INTEGER NOT NULL DEFAULT 0    -- 1: there is a note that is not shipped
) STRICT;

-- Reconcile ---------------------------------------------------------------------------------------

-- Each comparison of both systems.  The tables reconcile_bc_* and reconcile_bp_* hold what the last one
-- read, apart from what the other jobs staged.
CREATE TABLE IF NOT EXISTS reconcile_run (
	id INTEGER PRIMARY KEY,
	run_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	asked INTEGER NOT NULL,             -- 1: a person asked for it, 0: it was due
	from_at INTEGER NOT NULL,           -- orders placed from then on
	until_at INTEGER NOT NULL,          -- and before then
	zone TEXT NOT NULL,                 -- its days are counted in it
	seen_until INTEGER NOT NULL,        -- BigCommerce's changes up to then were known to the other jobs
	state TEXT NOT NULL CHECK (state IN ('reading', 'read', 'done')),
	stock INTEGER NOT NULL DEFAULT 0,   -- 1: stock was compared too
	orders INTEGER NOT NULL DEFAULT 0,  -- of BigCommerce, in that time
	differences INTEGER NOT NULL DEFAULT 0, -- over tolerance
	waiting INTEGER NOT NULL DEFAULT 0, -- differences that are told elsewhere, or that the next run settles
	expected INTEGER NOT NULL DEFAULT 0 -- differences that a setting or mapping explains
) STRICT;

CREATE TABLE IF NOT EXISTS reconcile_day (
	day TEXT PRIMARY KEY,               -- 2026-03-01
	from_at INTEGER NOT NULL,
	until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS reconcile_bc_order (
	id INTEGER PRIMARY KEY,
	date_created INTEGER NOT NULL,
	date_modified INTEGER,
	status_id INTEGER NOT NULL,
	customer_id INTEGER NOT NULL,       -- 0 = guest
	email TEXT NOT NULL,                -- lower case, '' = none
	method TEXT NOT NULL,               -- payment method as shown
	method_fold TEXT NOT NULL,
	provider TEXT NOT NULL,
	payment_status TEXT NOT NULL,
	currency TEXT NOT NULL,
	total INTEGER,                      -- NULL: cannot be read
	credit INTEGER NOT NULL,            -- paid by store credit
	gift INTEGER NOT NULL,              -- paid by gift certificates
	is_deleted INTEGER NOT NULL,        -- archived
	is_digital INTEGER NOT NULL,
	items_shipped INTEGER NOT NULL,
	unseen TEXT,                        -- what of it the feed had not shown; it was staged again
	unread INTEGER NOT NULL DEFAULT 0   -- 1: its transactions were asked for, and could not be read
) STRICT;

CREATE TABLE IF NOT EXISTS reconcile_bc_refund (
	id INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL,
	amount INTEGER NOT NULL             -- of its payments that were not declined
) STRICT;

-- Transactions, of the orders whose payments disagreed only; without store credit and certificates.
CREATE TABLE IF NOT EXISTS reconcile_bc_money (
	order_id INTEGER PRIMARY KEY,
	moved INTEGER NOT NULL,
	authorized INTEGER NOT NULL         -- and neither captured nor voided
) STRICT;

CREATE TABLE IF NOT EXISTS reconcile_bc_stock (
	product_id INTEGER NOT NULL,
	variant_id INTEGER NOT NULL,
	location_id INTEGER NOT NULL,
	on_hand INTEGER,
	PRIMARY KEY (product_id, variant_id, location_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS reconcile_bp_order (
	id INTEGER PRIMARY KEY,
	type_id INTEGER,                    -- 1 sales order, 3 sales credit
	external_ref TEXT,
	customer_ref TEXT,
	parent_id INTEGER,                  -- NULL = none
	status_id INTEGER,
	created_on INTEGER,
	order_id INTEGER,                   -- BigCommerce's, by link or reference; NULL: none of ours
	asked INTEGER,                      -- BigCommerce was asked for that order alone: 1 it has it, 0 not,
	                                    -- 2 it did not say
	read INTEGER NOT NULL DEFAULT 0,    -- 1: in full, as follows
	placed_on INTEGER,
	currency TEXT,
	total INTEGER,
	shipping_status TEXT                -- NST, SNS, SPS, ASS
) STRICT;
CREATE INDEX IF NOT EXISTS reconcile_bp_order_order ON reconcile_bp_order(order_id);
CREATE INDEX IF NOT EXISTS reconcile_bp_order_parent ON reconcile_bp_order(parent_id);

CREATE TABLE IF NOT EXISTS reconcile_bp_payment (
	id INTEGER PRIMARY KEY,
	sale_id INTEGER NOT NULL,
	type TEXT NOT NULL,
	paid INTEGER NOT NULL,              -- money back to the customer is negative; 0: only authorised
	odd INTEGER NOT NULL DEFAULT 0      -- 1: its amount or its type cannot be read
) STRICT;
CREATE INDEX IF NOT EXISTS reconcile_bp_payment_sale ON reconcile_bp_payment(sale_id);

-- Shipped goods-out notes.
CREATE TABLE IF NOT EXISTS reconcile_bp_note (
	id INTEGER PRIMARY KEY,
	sale_id INTEGER NOT NULL,
	shipped_on INTEGER,
	reference TEXT NOT NULL             -- tracking numbers, '' = none
) STRICT;

-- The counts and sums of the last comparison, in ten-thousandths.
CREATE TABLE IF NOT EXISTS reconcile_sum (
	section TEXT NOT NULL CHECK (section IN ('day', 'status', 'payment')),
	name TEXT NOT NULL,
	currency TEXT NOT NULL,
	bc_count INTEGER NOT NULL, bc_sum INTEGER NOT NULL,   -- orders that belong in Brightpearl
	left_count INTEGER NOT NULL, left_sum INTEGER NOT NULL, -- orders left out by settings or mappings
	bp_count INTEGER NOT NULL, bp_sum INTEGER NOT NULL,
	PRIMARY KEY (section, name, currency)
) STRICT, WITHOUT ROWID;

-- What differed, of the last 100 comparisons.
CREATE TABLE IF NOT EXISTS reconcile_difference (
	reconcile_id INTEGER NOT NULL REFERENCES reconcile_run(id),
	class TEXT NOT NULL CHECK (class IN ('difference', 'waiting', 'expected')),
	kind TEXT NOT NULL,                 -- missing, double, total, payment, refund, unknown, shipment, tracking, stock, doubt
	key TEXT NOT NULL,                  -- order:1042
	bigcommerce TEXT NOT NULL,          -- what it says, '' = nothing
	brightpearl TEXT NOT NULL,
	message TEXT NOT NULL,              -- what is wrong
	hint TEXT NOT NULL,                 -- what to do, or why it is no difference
	PRIMARY KEY (reconcile_id, kind, key)
) STRICT, WITHOUT ROWID;

-- Who is who, and what was decided ----------------------------------------------------------------

CREATE TABLE IF NOT EXISTS link_customer (
	email TEXT PRIMARY KEY,
	contact_id INTEGER NOT NULL,
	how TEXT NOT NULL,                  -- created, found, linked (by hand), settled, adopted, followed
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS link_order (
	order_id INTEGER PRIMARY KEY,       -- BigCommerce
	sales_order_id INTEGER NOT NULL UNIQUE, -- Brightpearl
	how TEXT NOT NULL,                  -- created, found, linked (by hand), settled, adopted
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS link_order_other ON link_order(order_id) WHERE how <> 'created'; -- not made by us

-- Which lines of BigCommerce's order a row of its sales order stands for, since the row was sent; what leaves as
-- that row is these.  A reference may be edited away and a product replaced: the row's id stays.
CREATE TABLE IF NOT EXISTS link_row (
	order_id INTEGER NOT NULL,          -- BigCommerce
	ref TEXT NOT NULL,                  -- the row's externalRef: BC-1042:77
	line_id INTEGER NOT NULL,           -- order_product_id
	quantity INTEGER NOT NULL,          -- pieces of that line
	product_id INTEGER NOT NULL,        -- that the row was sent with, 1000 = free text
	row_id INTEGER,                     -- Brightpearl; NULL: not read back yet
	PRIMARY KEY (order_id, ref, line_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS link_row_row ON link_row(row_id);

-- Orders that this run is for, alone (./run.sh order 1042 ...); empty = for all.
CREATE TABLE IF NOT EXISTS order_named (
	id INTEGER PRIMARY KEY,             -- BigCommerce
	absent INTEGER NOT NULL DEFAULT 0   -- 1: BigCommerce has no such order
) STRICT;

-- Where BigCommerce listed an order whose id could not be read: read again until it can be.
CREATE TABLE IF NOT EXISTS order_gap (
	after_id INTEGER PRIMARY KEY,       -- the order before it; 0 = none
	run INTEGER NOT NULL                -- in which it was seen first
) STRICT;

-- Ranges below orders.start_date and orders.start_id that a person asked for (backfill --only all).
CREATE TABLE IF NOT EXISTS backfill (
	from_at INTEGER NOT NULL,           -- by date_created, both ends included
	until_at INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (from_at, until_at)
) STRICT, WITHOUT ROWID;

-- Another connector's orders that look like an order of ours but differ from it: it is not sent
-- until a person says who is who (adopt finds them; link or retry settles it).
CREATE TABLE IF NOT EXISTS adopt_differs (
	order_id INTEGER PRIMARY KEY,       -- BigCommerce
	sales_order_id INTEGER NOT NULL,    -- Brightpearl
	message TEXT NOT NULL,              -- what differs
	at INTEGER NOT NULL
) STRICT;

-- What a person said about a record; retry takes it back.
CREATE TABLE IF NOT EXISTS decision (
	job TEXT NOT NULL,
	key TEXT NOT NULL,                  -- order:1042
	what TEXT NOT NULL CHECK (what IN ('ignored', 'linked', 'settled')), -- ignored: leave it out
	why TEXT NOT NULL,
	at INTEGER NOT NULL,
	edit_sha256 TEXT,                   -- the stg_bc_order.lines_sha256 that it is about: a later edit ends it; NULL = about all
	PRIMARY KEY (job, key)
) STRICT, WITHOUT ROWID;

-- What is told once (lib/told.h).
CREATE TABLE IF NOT EXISTS told (
	record TEXT NOT NULL,               -- order:1042
	what TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (record, what)
) STRICT, WITHOUT ROWID;

-- Considered and deliberately not carried, with the reason; rewritten by each transform.
CREATE TABLE IF NOT EXISTS skip (
	job TEXT NOT NULL,
	key TEXT NOT NULL,
	reason TEXT NOT NULL,
	amount INTEGER,                     -- money that it leaves out, below zero: that was paid back
	PRIMARY KEY (job, key)
) STRICT, WITHOUT ROWID;

-- What could not be mapped or was refused.  A row without closed_at waits for a person, or for the
-- record to succeed.
CREATE TABLE IF NOT EXISTS reject (
	id INTEGER PRIMARY KEY,
	job TEXT NOT NULL,
	key TEXT NOT NULL,                  -- order:1042, customer:bob@x.com
	reason TEXT NOT NULL,               -- one word for counting: unknown_sku
	message TEXT NOT NULL,              -- what is wrong
	hint TEXT NOT NULL,                 -- what to do
	csv_line TEXT,                      -- the line that would mend it: "mappings/taxes.csv: GB,..."
	by_load INTEGER NOT NULL DEFAULT 0, -- 1: the other system refused it
	opened_at INTEGER NOT NULL,
	opened_run INTEGER NOT NULL,
	closed_at INTEGER,
	cause TEXT NOT NULL DEFAULT ''      -- product:TEA: what several records wait for; '' = the record alone
) STRICT;
DROP INDEX IF EXISTS reject_open;
CREATE UNIQUE INDEX reject_open ON reject(job, key, reason, cause) WHERE closed_at IS NULL;

-- Every record that waits for the cause of a reject, its own key among them.
CREATE TABLE IF NOT EXISTS reject_record (
	reject_id INTEGER NOT NULL,
	key TEXT NOT NULL,
	opened_run INTEGER NOT NULL,        -- since when it waits
	PRIMARY KEY (reject_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reject_record_key ON reject_record(key);

-- Rejects as each record sees them: record = that of its own, and each other one that waits for the same.
DROP VIEW IF EXISTS reject_told;
CREATE VIEW reject_told AS
SELECT r.*, r.key AS record FROM reject r
UNION ALL
SELECT r.*, m.key FROM reject_record m JOIN reject r ON r.id = m.reject_id WHERE m.key <> r.key;

-- The run at hand.
DROP VIEW IF EXISTS current_run;
CREATE VIEW current_run AS SELECT coalesce(max(id), 0) AS id FROM run;

-- reconcile_sum as people read it.
DROP VIEW IF EXISTS reconcile_sheet;
CREATE VIEW reconcile_sheet AS
SELECT section, name, currency,
       bc_count, printf('%s%d.%02d', iif(bc_sum < 0, '-', ''), abs(bc_sum) / 10000, abs(bc_sum) % 10000 / 100) AS bc_sum,
       left_count,
       printf('%s%d.%02d', iif(left_sum < 0, '-', ''), abs(left_sum) / 10000, abs(left_sum) % 10000 / 100) AS left_sum,
       bp_count, printf('%s%d.%02d', iif(bp_sum < 0, '-', ''), abs(bp_sum) / 10000, abs(bp_sum) % 10000 / 100) AS bp_sum,
       printf('%s%d.%02d', iif(bc_sum < bp_sum, '-', ''), abs(bc_sum - bp_sum) / 10000, abs(bc_sum - bp_sum) % 10000 / 100)
       AS difference
  FROM reconcile_sum;

-- What the jobs decide by -------------------------------------------------------------------------

-- Settings by name, so that SQL reads them like columns.
DROP VIEW IF EXISTS setting;
CREATE VIEW setting AS SELECT setting AS name, value FROM map_settings;

-- What becomes of edits after an order was sent: orders.edits for both halves, where it is set.
DROP VIEW IF EXISTS edit_policy;
CREATE VIEW edit_policy AS
SELECT coalesce(nullif(s.value, ''), a.value) AS address, coalesce(nullif(s.value, ''), l.value) AS lines
  FROM setting s JOIN setting a ON a.name = 'orders.edits.address' JOIN setting l ON l.name = 'orders.edits.lines'
 WHERE s.name = 'orders.edits';

-- What reference and externalRef begin with: as it was when the first order was sent.
DROP VIEW IF EXISTS order_reference;
CREATE VIEW order_reference AS
SELECT coalesce((SELECT reference FROM binding),
                (SELECT value FROM setting WHERE name = 'orders.reference')) AS prefix;

-- Shipments of ours that are not among those that BigCommerce told of when it was asked since: a person deleted them.
DROP VIEW IF EXISTS shipment_deleted;
CREATE VIEW shipment_deleted AS
SELECT x.key, x.order_id, x.kind, x.note_id, x.claimed_at
  FROM out_shipment x
  JOIN stg_bc_shipment_read d ON d.order_id = x.order_id AND d.read_at > x.claimed_at + 60 -- not just made
 WHERE x.state = 'done'
   AND (NOT EXISTS (SELECT 1 FROM stg_bc_shipment b WHERE b.order_id = x.order_id AND b.id = x.remote_id)
        OR EXISTS (SELECT 1 FROM out_shipment y WHERE y.order_id = x.order_id AND y.state = 'done'
                      AND y.remote_id = x.remote_id AND y.claimed_at > x.claimed_at));

-- Back orders that show whose they are by nothing but the reference and the contact that they took over from
-- an order of ours: not every way of splitting one names its parent.
DROP VIEW IF EXISTS order_taken_over;
CREATE VIEW order_taken_over AS
SELECT o.id, x.remote_id AS parent_id
  FROM stg_bp_order o
  JOIN out_order x ON x.key = o.customer_ref AND x.remote_id < o.id
  LEFT JOIN stg_bp_sale f ON f.id = x.remote_id
  LEFT JOIN stg_bp_order g ON g.id = x.remote_id
 WHERE o.parent_id IS NULL AND o.type_id = 1 AND coalesce(o.external_ref, '') = ''
   AND o.contact_id IN (f.contact_id, g.contact_id);

-- What was shipped before this moment is never sent: fulfillment.start_date, else the moment that
-- fulfillment was found on yes after it was not, else (for what plan shows) first on plan.
DROP VIEW IF EXISTS fulfillment_start;
CREATE VIEW fulfillment_start AS
SELECT coalesce((SELECT CAST(value AS INTEGER) FROM setting
                  WHERE name = 'fulfillment.start_date' AND value GLOB '[0-9]*'),
                (SELECT done_until FROM cursor WHERE feed = 'fulfillment_yes'),
                (SELECT done_until FROM cursor WHERE feed = 'fulfillment_plan')) AS at;

-- Orders that a person or a job still has to bring over: never sent, refused, ignored, in flight, or
-- edited in BigCommerce since they were sent.
DROP VIEW IF EXISTS order_open;
CREATE VIEW order_open AS
SELECT o.id, x.state, x.key, x.remote_id IS NOT NULL AS sent
  FROM stg_bc_order o
  LEFT JOIN out_order x ON x.order_id = o.id
 WHERE x.state IS NULL
    OR x.state IN ('pending', 'claimed', 'rejected', 'ignored')
    OR (x.state = 'done' AND x.sent_sha256 IS NOT o.lines_sha256);

-- Linked orders whose sales order is cancelled or gone, beside one with the same reference that is not:
-- a person made it anew.
DROP VIEW IF EXISTS order_replaced;
CREATE VIEW order_replaced AS
SELECT k.order_id, k.sales_order_id, s.gone, s.changed_run, min(o.id) AS living
  FROM link_order k
  JOIN stg_bp_sale s ON s.id = k.sales_order_id
  JOIN out_order x ON x.order_id = k.order_id
  JOIN stg_bp_order o ON o.customer_ref IN (s.customer_ref, x.key) AND o.customer_ref <> '' AND o.id <> s.id AND o.type_id = 1
  LEFT JOIN ref_bp_configuration c ON c.name = 'cancelledOrderStatusId'
 WHERE (s.gone OR s.status_id = CAST(c.value AS INTEGER)) AND o.status_id IS NOT CAST(c.value AS INTEGER)
   AND NOT EXISTS (SELECT 1 FROM link_order l WHERE l.sales_order_id = o.id)
 GROUP BY k.order_id;

-- For each BigCommerce status: the line of statuses.csv that decides (NULL = none), and whether orders
-- in it owe goods: by the line, else by the status' nature (pending, shipped, completed, refunded,
-- cancelled, declined, disputed and incomplete ones do not).
DROP VIEW IF EXISTS status_choice;
CREATE VIEW status_choice AS
SELECT n.id AS status_id, n.name, m.line, m.sync, m.becomes, m.becomes_id,
       coalesce(m.owes_goods, n.id NOT IN (0, 1, 2, 4, 5, 6, 10, 13)) AS owes, m.owes_goods IS NULL AND n.id = 7 AS unpaid
  FROM (SELECT r.id, r.name,
               (SELECT s.line FROM map_statuses s
                 WHERE s."from" = 'bigcommerce'
                   AND (s.status_id = r.id OR (s.status_id IS NULL AND r.id <> 0
                        AND r.name_fold LIKE s.status_like ESCAPE '\'))
                 ORDER BY s.named DESC, s.status_id IS NULL, s.line LIMIT 1) AS line
          FROM (SELECT CAST(id AS INTEGER) AS id, name, name_fold FROM ref_list
                 WHERE system = 'bigcommerce' AND list = 'status') r) n
  LEFT JOIN map_statuses m ON m.line = n.line;

-- Whether each order owes goods.  Awaiting Payment does for inventory.unpaid_hold_days, unless its line says
-- so by itself: released = it did, and no longer does.
DROP VIEW IF EXISTS order_owes;
CREATE VIEW order_owes AS
SELECT order_id, status_id, name, owes AND NOT (unpaid AND late) AS owes, owes AND unpaid AND late AS released
  FROM (SELECT o.id AS order_id, c.status_id, c.name, c.owes, c.unpaid,
               coalesce(o.date_created < (SELECT max(started_at) FROM run) + (SELECT seconds FROM clock_ahead) - 86400 * (SELECT CAST(value AS INTEGER) FROM setting
                        WHERE name = 'inventory.unpaid_hold_days'), 0) AS late
          FROM stg_bc_order o JOIN status_choice c ON c.status_id = o.status_id);

-- Orders that sales.csv leaves out or holds, or that are of nothing but products which are no goods (invoices
-- paid in a portal), and why.  A channel that is a marketplace needs a line of its own: Brightpearl may read it
-- by itself.  Undecided, so not left out, while the customer's group was not read since the order changed.
DROP VIEW IF EXISTS order_left_out;
CREATE VIEW order_left_out AS
SELECT o.id, o.channel_id, o.channel_name, m.line,
       CASE WHEN o.of_left_out THEN 'of nothing but what orders.leave_out_skus names'
            WHEN o.undecided AND EXISTS (SELECT 1 FROM map_sales x WHERE x.customer_group_id >= 0
                 OR (x.customer_group_id IS NULL AND x.customer_group_like <> '%')) THEN NULL
            WHEN m.sync = 'no' THEN printf('line %d of sales.csv leaves it out (sync no)', m.line)
            WHEN m.sync = 'hold' THEN printf('held: line %d of sales.csv says so', m.line)
            WHEN o.marketplace AND coalesce(m.channel_like, '%') = '%'
            THEN printf('held: channel "%s" is a marketplace without a line of its own in sales.csv', o.channel_name)
       END AS reason
  FROM (SELECT o.id, o.channel_id, coalesce(h.name, 'number ' || o.channel_id) AS channel_name,
               coalesce(h.kind, iif(o.source IN ('amazon', 'ebay', 'facebookmarketplace'), 'marketplace', '')) = 'marketplace'
               AS marketplace,
               o.customer_id > 0 AND (k.id IS NULL OR NOT EXISTS (SELECT 1 FROM named_read r WHERE r.kind = 'bc_customer'
                      AND r.id = o.customer_id AND r.there IS NOT NULL AND r.run >= o.changed_run)) AS undecided,
               NOT o.lines_missing AND EXISTS (SELECT 1 FROM stg_bc_order_line l WHERE l.order_id = o.id AND l.quantity > 0)
               AND NOT EXISTS (SELECT 1 FROM stg_bc_order_line l WHERE l.order_id = o.id AND l.quantity > 0
                  AND (coalesce(l.sku_fold, '') = '' OR NOT instr((SELECT value FROM setting WHERE name = 'orders.leave_out_skus'),
                                                                  '|' || l.sku_fold || '|'))) AS of_left_out,
               (SELECT m.line FROM map_sales m
                 WHERE (m.channel_id = o.channel_id OR (m.channel_id IS NULL
                        AND coalesce(h.name_fold, '') LIKE m.channel_like ESCAPE '\'))
                   AND (m.customer_group_id = CASE o.customer_id WHEN 0 THEN -1 ELSE coalesce(k.group_id, 0) END
                        OR (m.customer_group_id IS NULL AND coalesce(g.name_fold, '') LIKE m.customer_group_like ESCAPE '\'))
                   AND lower(o.currency) LIKE m.currency_like ESCAPE '\'
                   AND lower(coalesce(a.country, o.bill_country, '')) LIKE m.country_like ESCAPE '\'
                 ORDER BY m.named DESC, m.line LIMIT 1) AS sales_line
          FROM stg_bc_order o
          LEFT JOIN stg_bc_order_address a ON a.order_id = o.id AND a.position = 1
          LEFT JOIN stg_bc_customer k ON k.id = o.customer_id
          LEFT JOIN ref_list g ON g.system = 'bigcommerce' AND g.list = 'customer_group' AND g.id = k.group_id
          LEFT JOIN ref_list h ON h.system = 'bigcommerce' AND h.list = 'channel' AND h.id = o.channel_id) o
  LEFT JOIN map_sales m ON m.line = o.sales_line;

-- Whose contact data follow, and how far, by the line of sales.csv that an order chooses: registered, all,
-- fill_empty, no.  A customer group that has a line of its own is a business, as a rule: staff look after it.
DROP VIEW IF EXISTS order_contact_update;
CREATE VIEW order_contact_update AS
SELECT x.id, CASE WHEN coalesce(m.contact_update, '') <> '' THEN m.contact_update
                  WHEN s.value <> 'no' AND (m.customer_group_id >= 0
                       OR (m.customer_group_id IS NULL AND m.customer_group_like <> '%')) THEN 'fill_empty'
                  ELSE s.value END AS rule
  FROM order_left_out x
  JOIN setting s ON s.name = 'customers.update'
  LEFT JOIN map_sales m ON m.line = x.line;

-- For each of them: the line of statuses.csv that decides (the most named one), whether it is wanted
-- in any status but Incomplete (digital goods only), and why it is skipped (NULL: it is wanted, or
-- already there).
DROP VIEW IF EXISTS order_choice;
CREATE VIEW order_choice AS
WITH chosen AS (
	SELECT o.*, n.state, n.sent, coalesce(k.name, 'status ' || o.status_id) AS status_name,
	       EXISTS (SELECT 1 FROM backfill b WHERE o.date_created BETWEEN b.from_at AND b.until_at) AS asked_for,
	       coalesce(o.is_digital, 0) AND o.status_id NOT IN (0, 4, 5, 6)
	       AND (SELECT value FROM setting WHERE name = 'orders.digital') = 'always' AS any_status,
	       k.line AS status_line, k.sync
	  FROM order_open n
	  JOIN stg_bc_order o ON o.id = n.id
	  LEFT JOIN status_choice k ON k.status_id = o.status_id)
SELECT c.id, c.email, c.customer_id, c.state, c.sent, c.status_id, c.status_name, c.status_line, c.any_status,
       CASE
       WHEN c.state = 'claimed' THEN NULL
       WHEN d.key IS NOT NULL OR c.state = 'ignored' THEN 'ignored by hand' || coalesce(': ' || d.why, '')
       WHEN c.sent THEN NULL
       WHEN c.unreadable IS NOT NULL THEN NULL
       WHEN c.is_deleted THEN 'archived in BigCommerce'
       WHEN NOT c.asked_for AND (SELECT value FROM setting WHERE name = 'orders.start_date') GLOB '[0-9]*'
            AND c.date_created < CAST((SELECT value FROM setting WHERE name = 'orders.start_date') AS INTEGER)
            THEN 'before orders.start_date'
       WHEN NOT c.asked_for AND c.id < CAST((SELECT value FROM setting WHERE name = 'orders.start_id') AS INTEGER)
            THEN 'before orders.start_id'
       WHEN c.customer_id = 0 AND (SELECT value FROM setting WHERE name = 'orders.guests') = 'no'
            THEN 'guest order (orders.guests is no)'
       WHEN c.status_id = 0 AND c.status_line IS NULL THEN 'status Incomplete'
       WHEN c.sync = 0 AND NOT c.any_status THEN 'status ' || c.status_name || ' (statuses.csv, sync no)'
       ELSE (SELECT x.reason FROM order_left_out x WHERE x.id = c.id)
       END AS skipped
  FROM chosen c
  LEFT JOIN decision d ON d.job = 'orders' AND d.key = 'order:' || c.id AND d.what = 'ignored';

-- The key by which each line's product is known in Brightpearl, and the product.  catalogued = it is
-- a product of BigCommerce's catalogue (a custom line or a gift certificate is none).  sku_line = the line of
-- sku_keys.csv that decides: the variant's, else the product's; of a product with several variants the key's
-- before the product's.  bad = what is wrong with that line, or with one that may speak of it.
DROP VIEW IF EXISTS bp_product_live;
CREATE VIEW bp_product_live AS
SELECT *, coalesce(upper(status), '') NOT IN ('DISCONTINUED', 'ARCHIVED') AS live, coalesce(status, '') <> '' AS told
  FROM ref_bp_product;

DROP VIEW IF EXISTS line_key;
CREATE VIEW line_key AS
SELECT l.order_id, l.id, l.sku, l.quantity, l.catalogued, l.key AS bc_key,
       coalesce(iif(k.bp_product IS NULL, k.brightpearl_fold, NULL), l.key) AS key, k.bp_product AS named_id, l.sku_line,
       coalesce(k.brightpearl, l.sku) AS shown,
       CASE WHEN k.bad IS NOT NULL THEN printf('line %d of sku_keys.csv is wrong: %s', k.line, k.bad)
            WHEN k.line IS NULL AND l.key <> '' THEN
            (SELECT printf('line %d of sku_keys.csv may speak of it: %s', d.line, b.bad)
               FROM map_doubt d JOIN map_sku_keys b ON b.line = d.line
              WHERE d.file = 'sku_keys.csv' AND d.key_fold = l.key) END AS bad
  FROM (SELECT l.*, CASE WHEN (SELECT count(*) FROM ref_bc_product x
                                WHERE x.product_id = l.product_id AND x.variant_id > 0) > 1
                         THEN coalesce(l.variant_line, l.key_line, l.product_line)
                         ELSE coalesce(l.variant_line, l.product_line, l.key_line) END AS sku_line
          FROM (SELECT l.*,
                       (SELECT k.line FROM map_sku_keys k WHERE l.variant_id > 0 AND k.bc_variant = l.variant_id
                         ORDER BY k.bad IS NULL, k.line LIMIT 1) AS variant_line,
                       (SELECT k.line FROM map_sku_keys k WHERE l.product_id > 0 AND k.bc_product = l.product_id
                         ORDER BY k.bad IS NULL, k.line LIMIT 1) AS product_line,
                       (SELECT k.line FROM map_sku_keys k WHERE k.bigcommerce_fold = l.key
                         ORDER BY k.bad IS NULL, k.line LIMIT 1) AS key_line
                  FROM (SELECT l.order_id, l.id, l.sku, l.quantity, l.product_id, l.variant_id,
                               l.product_id > 0 AND l.type <> 'giftcertificate' AS catalogued,
                               CASE (SELECT value FROM setting WHERE name = 'products.bigcommerce_key')
                               WHEN 'upc' THEN coalesce(nullif(l.upc_fold, ''), nullif(v.upc_fold, ''), p.upc_fold)
                               WHEN 'mpn' THEN coalesce(nullif(v.mpn_fold, ''), p.mpn_fold)
                               WHEN 'gtin' THEN coalesce(nullif(v.gtin_fold, ''), p.gtin_fold)
                               ELSE l.sku_fold END AS key
                          FROM stg_bc_order_line l
                          LEFT JOIN ref_bc_product p ON p.product_id = l.product_id AND p.variant_id = 0
                          LEFT JOIN ref_bc_product v ON v.product_id = l.product_id AND v.variant_id = l.variant_id) l) l) l
  LEFT JOIN map_sku_keys k ON k.line = l.sku_line;

-- Of several products with one key the only live one is meant (one whose status is not told may be live); of
-- several live ones, that which has the key letter by letter; else more than one match is none.
DROP VIEW IF EXISTS line_product;
CREATE VIEW line_product AS
SELECT k.*,
       iif(k.named_id IS NULL, (SELECT count(*) FROM ref_bp_product b WHERE b.key_fold = k.key),
           (SELECT count(*) FROM ref_bp_product b WHERE b.id = k.named_id)) AS matches,
       CASE WHEN k.bad IS NOT NULL THEN NULL
            WHEN k.named_id IS NOT NULL THEN (SELECT b.id FROM ref_bp_product b WHERE b.id = k.named_id)
            ELSE (SELECT CASE WHEN count(*) = 1 THEN max(b.id)
                              WHEN sum(b.live) = 1 AND sum(b.live AND b.told) = 1 THEN max(iif(b.live, b.id, NULL))
                              WHEN sum(b.live AND b.sku = k.shown) = 1 THEN max(iif(b.live AND b.sku = k.shown, b.id, NULL))
                              WHEN sum(b.live) = 0 AND sum(b.sku = k.shown) = 1 THEN max(iif(b.sku = k.shown, b.id, NULL)) END
                    FROM bp_product_live b WHERE b.key_fold = k.key) END AS product_id
  FROM line_key k;

-- What mappings ask of an order beyond what it tells itself: its customer's group, its products' tax
-- classes or keys.
DROP VIEW IF EXISTS mapping_needs;
CREATE VIEW mapping_needs AS
SELECT EXISTS (SELECT 1 FROM (SELECT customer_group_id AS id, customer_group_like AS text FROM map_sales
                              UNION ALL SELECT customer_group_id, customer_group_like FROM map_taxes)
                WHERE id >= 0 OR (id IS NULL AND text <> '%')) AS groups,
       EXISTS (SELECT 1 FROM map_taxes WHERE tax_class_id IS NOT NULL OR tax_class_like <> '%') AS classes,
       (SELECT value FROM setting WHERE name = 'products.bigcommerce_key') <> 'sku' AS keys;

-- Orders about to be sent, or edited, with the moment from which what they name must have been read: the
-- run in which they were new or changed, and when its reading of orders began.
DROP VIEW IF EXISTS order_naming;
CREATE VIEW order_naming AS
SELECT o.id, o.customer_id, o.changed_run AS run, o.date_modified,
       (SELECT started_at FROM stage s WHERE s.run_id = o.changed_run AND s.name = 'orders.extract') AS at
  FROM order_choice c JOIN stg_bc_order o ON o.id = c.id
 WHERE c.skipped IS NULL AND o.unreadable IS NULL AND c.state IS NOT 'claimed';

-- Reservations ------------------------------------------------------------------------------------

-- Orders that are called off in the shop: refunded, cancelled, declined.
DROP VIEW IF EXISTS order_called_off;
CREATE VIEW order_called_off AS
SELECT id FROM stg_bc_order WHERE status_id IN (4, 5, 6);

-- Sales orders that can still ship: there, and not in the status that Brightpearl takes for cancelled.
DROP VIEW IF EXISTS sale_alive;
CREATE VIEW sale_alive AS
SELECT s.id FROM stg_bp_sale s
 WHERE NOT s.gone
   AND s.status_id IS NOT (SELECT CAST(value AS INTEGER) FROM ref_bp_configuration WHERE name = 'cancelledOrderStatusId');

-- How a sales order stood when its reservation was read: when this changes, it is read again.
DROP VIEW IF EXISTS sale_codes;
CREATE VIEW sale_codes AS
SELECT s.id, coalesce(s.allocation_status, '') || ' ' || coalesce(s.stock_status, '') || ' ' || coalesce(s.shipping_status, '')
       || coalesce((SELECT ' ' || group_concat(row_id || ':' || pieces)
                      FROM (SELECT * FROM stg_bp_noted n WHERE n.sale_id = s.id ORDER BY row_id)), '') AS codes
  FROM stg_bp_sale s;

-- Orders that owe goods and for which less could be reserved than they want.
DROP VIEW IF EXISTS order_short;
CREATE VIEW order_short AS
SELECT x.key, x.order_id, x.sale_id, x.warehouse_id, x.message, sum(r.wanted - r.reserved) AS pieces
  FROM out_reservation x
  JOIN out_reservation_row r ON r.order_id = x.order_id AND r.wanted > r.reserved
  JOIN order_owes w ON w.order_id = x.order_id AND w.owes
  JOIN sale_alive s ON s.id = x.sale_id
 WHERE x.state = 'done' AND x.holder IS NOT 'other'
 GROUP BY x.order_id;

-- Payments ----------------------------------------------------------------------------------------

-- Orders that are in Brightpearl or on their way there, with the line of payments.csv that their
-- payment method chooses, and how far their transactions are known:
--   digest   what a new reading must follow: status, payment status, total
--   silent   why they need not be read, NULL = they do
--   own      store credit and gift certificates, as the order tells them
--   on_account  payments.csv says (account): on credit terms, nothing to be asked or told
DROP VIEW IF EXISTS order_money;
CREATE VIEW order_money AS
WITH known AS (
	SELECT o.id, o.status_id, o.total_inc, o.currency, o.date_created, m.payment_status, m.method_fold,
	       m.provider, m.read_for, m.read_at,
	       coalesce(o.store_credit_amount, 0) + coalesce(o.gift_certificate_amount, 0) AS own,
	       o.status_id || ' ' || m.payment_status || ' ' || o.total_inc AS digest,
	       (SELECT p.line FROM map_payments p
	         WHERE m.method_fold LIKE p.method_like ESCAPE '\' AND m.provider LIKE p.gateway_like ESCAPE '\'
	           AND lower(o.currency) LIKE p.currency_like ESCAPE '\'
	         ORDER BY p.named DESC, p.line LIMIT 1) AS line
	  FROM stg_bc_order_money m JOIN stg_bc_order o ON o.id = m.order_id
	 WHERE o.unreadable IS NULL)
SELECT k.*, coalesce(p.paid_at, '') AS paid_at, coalesce(p.becomes = '(account)', 0) AS on_account,
       CASE WHEN k.total_inc = 0 THEN 'nothing to pay'
            WHEN p.becomes = '(account)' THEN 'on credit terms'
            WHEN p.transactions = 'none' THEN 'no transactions'
            WHEN k.payment_status = 'declined' THEN 'declined'
            WHEN k.payment_status IN ('', 'pending') AND (coalesce(p.paid_at, '') <> ''
                 OR k.provider IN ('bankdeposit', 'cheque', 'cod', 'moneyorder', 'instore', 'custom')
                 OR k.method_fold IN ('bank deposit', 'cash on delivery', 'check', 'cheque', 'money order',
                                      'pay in store', 'manual', 'manual payment')) -- as BigCommerce names them
                 OR k.payment_status = '' AND k.status_id IN (0, 1, 6, 7) THEN 'no payment' END AS silent
  FROM known k LEFT JOIN map_payments p ON p.line = k.line;

-- What each transaction did to its order's money:
--
--   event                    moved: came in          held: authorised   loose
--   purchase, capture        its amount              a capture: less
--   settled                  nothing where it names a purchase or a capture, its amount where it
--                            names another; where it names none: loose, for it may be the same
--                            money as what is listed beside it
--   authorization                                    its amount
--   void                     less, of what was paid  less, of what was authorised: what it names,
--                            else an authorisation before it, else a purchase; no amount is all
--                            (let_go: of one that was captured in part, so that is all that comes of it)
--   pending, refund          nothing: no money moved yet; refunds have a list of their own
--   anything else, unreadable: odd, the amount that it may be (NULL = any); told by a reject
--
-- Tests and what failed are no money at all.  own = store credit, gift certificate.
DROP VIEW IF EXISTS transaction_money;
CREATE VIEW transaction_money AS
SELECT id, order_id, event, own, odd,
       CASE WHEN odd THEN 0
            WHEN event IN ('purchase', 'capture') THEN amount
            WHEN event = 'settled' AND about IS NOT NULL AND about NOT IN ('purchase', 'capture') THEN amount
            WHEN event = 'void' AND about IN ('purchase', 'capture') THEN -all_of_it ELSE 0 END AS moved,
       CASE WHEN odd THEN 0
            WHEN event = 'authorization' THEN amount
            WHEN event = 'capture' THEN -amount
            WHEN event = 'void' AND about IS NOT 'purchase' AND about IS NOT 'capture' THEN -all_of_it ELSE 0 END AS held,
       iif(event = 'settled' AND about IS NULL AND NOT odd, amount, 0) AS loose,
       iif(event = 'void' AND about = 'authorization' AND captured > 0 AND NOT odd, min(all_of_it, max(0, about_amount - captured)), 0) AS let_go,
       iif(event = 'void' AND about IN ('purchase', 'capture') AND NOT odd, all_of_it, 0) AS undone,
       iif(event = 'refund' AND NOT odd, amount, 0) AS back, amount
  FROM (SELECT t.id, t.order_id, t.event, t.amount, a.event AS about, coalesce(nullif(t.amount, 0), a.amount, 0) AS all_of_it,
               a.amount AS about_amount,
               (SELECT sum(c.amount) FROM stg_bc_transaction c WHERE t.event = 'void' AND c.order_id = t.order_id AND c.event = 'capture'
                   AND coalesce(c.reference_id, a.id) = a.id AND NOT c.is_test AND NOT c.failed) AS captured,
               t.method IN ('store_credit', 'gift_certificate') AS own,
               t.unreadable IS NOT NULL OR t.strange_status IS NOT NULL OR t.amount < 0
               OR t.event NOT IN ('purchase', 'authorization', 'capture', 'refund', 'void', 'pending', 'settled') AS odd
          FROM stg_bc_transaction t
          LEFT JOIN stg_bc_transaction a ON a.order_id = t.order_id AND a.id <> t.id AND a.id = coalesce(
               (SELECT r.id FROM stg_bc_transaction r WHERE r.id = t.reference_id AND r.order_id = t.order_id),
               iif(t.event = 'void', coalesce(
                   (SELECT max(r.id) FROM stg_bc_transaction r WHERE r.order_id = t.order_id AND r.id < t.id
                       AND r.event = 'authorization' AND NOT r.is_test AND NOT r.failed),
                   (SELECT max(r.id) FROM stg_bc_transaction r WHERE r.order_id = t.order_id AND r.id < t.id
                       AND r.event = 'purchase' AND NOT r.is_test AND NOT r.failed)), NULL))
         WHERE NOT t.is_test AND NOT t.failed);

-- Whether the money of an order adds up: what it says itself beside what its transactions and refunds list.
--
--   the order says                              must have come in    must have gone back
--   captured, paid                              all, but for what was voided of it when a part was captured
--                                                                    refunded_amount
--   partially refunded                          all                  refunded_amount, at least something
--   refunded                                    all                  all, both but for what a void of it took back
--   authorized, capture pending                 all, as authorised, where payments.uncaptured sends that
--   void, declined                              nothing              nothing
--   anything else, with the status Refunded,    nothing              all, or something, if money is known to
--     Partially Refunded                                             have come in
--
--   all      = its total (before store credit and gift certificates, as it was read when it was sent)
--              less store credit and gift certificates, which the order itself tells
--   came, held = what its transactions list of it: view transaction_money; odd ones count, they are told
--   missing  = what must have come in and is not listed.  Nothing where nothing is to be asked (silent), where
--              payments.csv says when it counts as paid (paid_at) or that it is not sent, for test payments, and
--              where BigCommerce lists no more than 250 transactions
--   went     = its refunds, but what was declined; back_missing = what must have gone back beyond that, of
--              orders that we made, unless payments.refunds is off
--   moving   = money may still move untold: pending, or authorised and not captured
DROP VIEW IF EXISTS order_adds_up;
CREATE VIEW order_adds_up AS
WITH valued AS MATERIALIZED (
	SELECT v.*, m.unlisted, m.refunded_told, coalesce(p.sync, 1) AS sync, coalesce(k.how, 'created') AS how,
	       CASE WHEN x.total IS NULL OR abs(v.total_inc - x.total) <= 50 THEN v.total_inc
	            WHEN abs(v.total_inc + v.own - x.total) <= 50 THEN v.total_inc + v.own
	            WHEN abs(v.total_inc + coalesce(o.store_credit_amount, 0) - x.total) <= 50
	                 THEN v.total_inc + coalesce(o.store_credit_amount, 0)
	            WHEN abs(v.total_inc + coalesce(o.gift_certificate_amount, 0) - x.total) <= 50
	                 THEN v.total_inc + coalesce(o.gift_certificate_amount, 0)
	            ELSE v.total_inc END - v.own AS due,
	       CASE WHEN v.payment_status IN ('captured', 'paid', 'partially refunded', 'refunded') THEN 'paid'
	            WHEN v.payment_status IN ('authorized', 'capture pending') THEN 'held'
	            WHEN v.payment_status IN ('void', 'declined') THEN 'nothing' ELSE '' END AS says
	  FROM order_money v
	  JOIN stg_bc_order o ON o.id = v.id
	  JOIN stg_bc_order_money m ON m.order_id = v.id
	  LEFT JOIN map_payments p ON p.line = v.line
	  LEFT JOIN link_order k ON k.order_id = v.id
	  LEFT JOIN out_order x ON x.order_id = v.id),
listed AS MATERIALIZED (
	SELECT v.*,
	       coalesce((SELECT sum(t.moved) FROM transaction_money t WHERE t.order_id = v.id AND (v.own = 0 OR NOT t.own)), 0) AS moved,
	       coalesce((SELECT sum(t.loose) FROM transaction_money t WHERE t.order_id = v.id AND (v.own = 0 OR NOT t.own)), 0) AS loose,
	       coalesce((SELECT sum(t.let_go) FROM transaction_money t WHERE t.order_id = v.id AND (v.own = 0 OR NOT t.own)), 0) AS let_go,
	       coalesce((SELECT sum(t.undone) FROM transaction_money t WHERE t.order_id = v.id AND (v.own = 0 OR NOT t.own)), 0) AS undone,
	       max(0, coalesce((SELECT sum(t.held) FROM transaction_money t WHERE t.order_id = v.id AND (v.own = 0 OR NOT t.own)), 0)) AS held,
	       coalesce((SELECT sum(abs(coalesce(t.amount, v.total_inc))) FROM transaction_money t WHERE t.order_id = v.id AND t.odd), 0) AS odd,
	       coalesce((SELECT sum(t.back) FROM transaction_money t WHERE t.order_id = v.id), 0) AS back,
	       (SELECT sum(CASE WHEN r.unreadable IS NOT NULL THEN v.total_inc
	                        ELSE coalesce((SELECT sum(iif(p.declined, 0, p.amount)) FROM stg_bc_refund_payment p WHERE p.refund_id = r.id), r.total) END)
	          FROM stg_bc_refund r WHERE r.order_id = v.id) AS went,
	       EXISTS (SELECT 1 FROM stg_bc_transaction t WHERE t.order_id = v.id AND t.is_test) AS tested,
	       EXISTS (SELECT 1 FROM stg_bc_transaction t WHERE t.order_id = v.id AND t.event IN ('authorization', 'pending')
	                  AND NOT t.is_test AND NOT t.failed) AS may_move,
	       EXISTS (SELECT 1 FROM out_payment x WHERE x.order_id = v.id AND x.type IN ('RECEIPT', 'CAPTURE') AND x.state = 'done') AS was_sent
	  FROM valued v
	 WHERE v.says <> 'nothing' OR v.refunded_told > 0),
counted AS MATERIALIZED ( -- money of a refunded order that a void took back came in and went back by that
	SELECT c.*, iif(c.payment_status = 'refunded', max(0, min(c.undone, c.due - c.came)), 0) AS taken_back
	  FROM (SELECT l.*, l.moved + iif(l.moved + l.loose <= l.due + 50, l.loose, 0) + l.odd AS came FROM listed l) c),
judged AS MATERIALIZED (
	SELECT c.*,
	       CASE WHEN c.silent IS NOT NULL OR c.paid_at <> '' OR NOT c.sync OR c.tested OR c.unlisted > 0 THEN 0
	            WHEN c.says = 'paid' THEN c.due - c.came - c.let_go - c.taken_back
	            WHEN c.says = 'held' AND (SELECT value FROM setting WHERE name = 'payments.uncaptured') <> 'skip'
	                 THEN c.due - c.came - c.held ELSE 0 END AS missing_now,
	       CASE WHEN c.how <> 'created' OR c.on_account OR NOT c.sync OR c.total_inc = 0 OR c.tested OR c.says = 'nothing'
	                 OR (SELECT value FROM setting WHERE name = 'payments.refunds') = 'off'
	                 OR NOT (c.says = 'paid' OR c.came > 0 OR c.was_sent) THEN 0
	            WHEN c.taken_back > 0 THEN max(0, max(c.refunded_told, c.back, c.due) - c.taken_back)
	            ELSE max(c.refunded_told, c.back, CASE
	                     WHEN c.payment_status = 'refunded' THEN max(c.due, 1)
	                     WHEN c.payment_status = 'partially refunded' THEN 1
	                     WHEN c.status_id = 4 THEN max(c.due, 1)
	                     WHEN c.status_id = 14 THEN 1 ELSE 0 END) END AS must_go_back
	  FROM counted c)
SELECT id, line, status_id, payment_status, currency, due, came, held, coalesce(went, 0) AS went, says, must_go_back,
       iif(missing_now > 50, missing_now, 0) AS missing,
       iif(must_go_back - coalesce(went, 0) > 50 OR must_go_back > 0 AND coalesce(went, 0) <= 0, must_go_back - coalesce(went, 0), 0) AS back_missing,
       silent IS NULL AND payment_status <> 'refunded' AND due > came + let_go
       AND (may_move OR payment_status IN ('pending', 'authorized', 'capture pending', 'void pending', 'held for review')) AS moving
  FROM judged;

-- Payments of Brightpearl which together are one of ours: staff entered it in parts.  Its own id is out_payment.remote_id.
CREATE TABLE IF NOT EXISTS payment_part (
	payment_id INTEGER PRIMARY KEY,     -- Brightpearl
	key TEXT NOT NULL                   -- of out_payment
) STRICT;

-- Brightpearl's payments by what they are: staff take money back by a PAYMENT, or by a RECEIPT below zero.
DROP VIEW IF EXISTS bp_payment;
CREATE VIEW bp_payment AS
SELECT id, sales_order_id, transaction_ref, method, type, currency, at,
       CASE WHEN type IN ('AUTH', 'VOID') THEN type
            WHEN (type = 'PAYMENT') = (paid >= 0) THEN 'PAYMENT' ELSE 'RECEIPT' END AS class,
       abs(iif(type IN ('AUTH', 'VOID'), authorized, paid)) AS amount,
       iif(type IN ('AUTH', 'VOID'), authorized, paid) IS NULL
       OR coalesce(type, '') NOT IN ('AUTH', 'CAPTURE', 'PAYMENT', 'RECEIPT', 'VOID') AS odd, -- what it is cannot be told
       CASE WHEN type IN ('RECEIPT', 'CAPTURE') THEN paid WHEN type = 'PAYMENT' THEN -paid ELSE 0 END AS balance
  FROM stg_bp_payment;

-- Everything in BigCommerce that can have stock: a product, or each variant where stock is kept by
-- variant; with the Brightpearl product of the same key.
DROP VIEW IF EXISTS stock_item;
CREATE VIEW stock_item AS
SELECT i.*,
       iif(i.named_id IS NULL, (SELECT count(*) FROM ref_bp_product b WHERE b.key_fold = i.key),
           (SELECT count(*) FROM ref_bp_product b WHERE b.id = i.named_id)) AS matches,
       CASE WHEN i.bad IS NOT NULL THEN NULL
            WHEN i.named_id IS NOT NULL THEN (SELECT b.id FROM ref_bp_product b WHERE b.id = i.named_id)
            ELSE (SELECT CASE WHEN count(*) = 1 THEN max(b.id)
                              WHEN sum(b.live) = 1 AND sum(b.live AND b.told) = 1 THEN max(iif(b.live, b.id, NULL))
                              WHEN sum(b.live AND b.sku = i.shown) = 1 THEN max(iif(b.live AND b.sku = i.shown, b.id, NULL))
                              WHEN sum(b.live) = 0 AND sum(b.sku = i.shown) = 1 THEN max(iif(b.sku = i.shown, b.id, NULL)) END
                    FROM bp_product_live b WHERE b.key_fold = i.key) END AS bp_product_id
  FROM (SELECT i.product_id, i.variant_id, i.sku, i.sku_fold, i.tracking, i.availability, i.key AS bc_key, i.sku_line,
               coalesce(iif(k.bp_product IS NULL, k.brightpearl_fold, NULL), i.key) AS key, k.bp_product AS named_id,
               coalesce(k.brightpearl, i.sku) AS shown,
               CASE WHEN k.bad IS NOT NULL THEN printf('line %d of sku_keys.csv is wrong: %s', k.line, k.bad)
                    WHEN k.line IS NULL AND i.key <> '' THEN
                    (SELECT printf('line %d of sku_keys.csv may speak of it: %s', d.line, b.bad)
                       FROM map_doubt d JOIN map_sku_keys b ON b.line = d.line
                      WHERE d.file = 'sku_keys.csv' AND d.key_fold = i.key) END AS bad
          FROM (SELECT i.*, iif(i.variants > 1, coalesce(i.variant_line, i.key_line, i.product_line),
                                coalesce(i.variant_line, i.product_line, i.key_line)) AS sku_line
                  FROM (SELECT i.*,
                               (SELECT k.line FROM map_sku_keys k WHERE k.bc_variant = i.own_variant
                                 ORDER BY k.bad IS NULL, k.line LIMIT 1) AS variant_line,
                               (SELECT k.line FROM map_sku_keys k WHERE k.bc_product = i.product_id
                                 ORDER BY k.bad IS NULL, k.line LIMIT 1) AS product_line,
                               (SELECT k.line FROM map_sku_keys k WHERE k.bigcommerce_fold = i.key
                                 ORDER BY k.bad IS NULL, k.line LIMIT 1) AS key_line
                          FROM (SELECT i.*, CASE WHEN i.variant_id > 0 THEN i.variant_id
                                                 WHEN i.variants = 1 THEN (SELECT x.variant_id FROM ref_bc_product x
                                                      WHERE x.product_id = i.product_id AND x.variant_id > 0) END AS own_variant
                                  FROM (SELECT p.product_id, coalesce(v.variant_id, 0) AS variant_id, p.tracking, p.availability,
                                               (SELECT count(*) FROM ref_bc_product x
                                                 WHERE x.product_id = p.product_id AND x.variant_id > 0) AS variants,
                                               coalesce(nullif(v.sku, ''), iif(v.variant_id IS NULL, p.sku, NULL)) AS sku,
                                               coalesce(nullif(v.sku_fold, ''), iif(v.variant_id IS NULL, p.sku_fold, NULL)) AS sku_fold,
                                               CASE (SELECT value FROM setting WHERE name = 'products.bigcommerce_key')
                                               WHEN 'upc' THEN coalesce(nullif(v.upc_fold, ''), iif(v.variant_id IS NULL, p.upc_fold, NULL))
                                               WHEN 'mpn' THEN coalesce(nullif(v.mpn_fold, ''), iif(v.variant_id IS NULL, p.mpn_fold, NULL))
                                               WHEN 'gtin' THEN coalesce(nullif(v.gtin_fold, ''), iif(v.variant_id IS NULL, p.gtin_fold, NULL))
                                               ELSE coalesce(nullif(v.sku_fold, ''), iif(v.variant_id IS NULL, p.sku_fold, NULL)) END AS key
                                          FROM ref_bc_product p
                                          LEFT JOIN ref_bc_product v
                                                 ON p.tracking = 'variant' AND v.product_id = p.product_id AND v.variant_id > 0
                                         WHERE p.variant_id = 0) i) i) i) i
          LEFT JOIN map_sku_keys k ON k.line = i.sku_line) i;

-- Units of Brightpearl products that Brightpearl has set aside for an order that owes goods: reserved, or on
-- notes.  A bundle has as many as its scarcest part.  What is ours in doubt counts as it was before.
DROP VIEW IF EXISTS order_reserved;
CREATE VIEW order_reserved AS
WITH part AS (
	SELECT k.order_id, w.product_id, w.bundle_child, p.id AS bundle_row, p.product_id AS bundle_id, p.quantity AS bundles, w.quantity,
	       min(w.quantity / 10000, coalesce(r.reserved, 0)) AS reserved,
	       coalesce(n.pieces, iif(s.stock_status = 'SOA', w.quantity / 10000, 0)) AS noted
	  FROM stg_bc_order o
	  JOIN order_owes c ON c.order_id = o.id AND c.owes
	  JOIN link_order k ON k.order_id = o.id
	  JOIN stg_bp_sale s ON s.id = k.sales_order_id
	  JOIN stg_bp_sale_row w ON w.sale_id = s.id AND NOT w.bundle_parent AND w.quantity >= 10000
	  LEFT JOIN stg_bp_sale_row p ON w.bundle_child AND p.sale_id = w.sale_id AND p.id = w.parent_row_id
	  LEFT JOIN out_reservation_row r ON r.order_id = k.order_id AND r.row_id = w.id
	  LEFT JOIN stg_bp_noted n ON n.sale_id = w.sale_id AND n.row_id = w.id)
SELECT order_id, product_id, reserved, noted FROM part WHERE NOT bundle_child AND reserved + noted > 0
UNION ALL
SELECT order_id, bundle_id, min(reserved * bundles / quantity), min(noted * bundles / quantity) FROM part
 WHERE bundle_child AND bundle_id IS NOT NULL GROUP BY order_id, bundle_row HAVING max(reserved + noted) > 0;

-- Products of which Brightpearl has less allocated, in all its warehouses, than is believed to be reserved for
-- orders: staff took some away, and no sales order shows it.  `missing` units of it are owed all the same.
DROP VIEW IF EXISTS reserved_no_more;
CREATE VIEW reserved_no_more AS
SELECT b.product_id, b.pieces - a.pieces AS missing
  FROM (SELECT w.product_id, sum(min(max(0, w.quantity / 10000 - coalesce(n.pieces, 0)), r.reserved)) AS pieces
          FROM out_reservation_row r
          JOIN link_order k ON k.order_id = r.order_id
          JOIN order_owes c ON c.order_id = r.order_id AND c.owes
          JOIN sale_alive s ON s.id = k.sales_order_id
          JOIN stg_bp_sale z ON z.id = s.id AND NOT z.invoiced AND z.closed_on IS NULL
          JOIN stg_bp_sale_row w ON w.sale_id = s.id AND w.id = r.row_id
          LEFT JOIN stg_bp_noted n ON n.sale_id = s.id AND n.row_id = w.id
         WHERE r.reserved > 0 GROUP BY w.product_id) b
  JOIN (SELECT product_id, sum(max(0, allocated)) AS pieces FROM stg_bp_availability_warehouse
         GROUP BY product_id HAVING count(allocated) = count(*)) a ON a.product_id = b.product_id
 WHERE b.pieces > a.pieces;

DROP VIEW IF EXISTS reservation_doubted;

DROP VIEW IF EXISTS stock_held;
