/* A store for tests of the mappings: a folder with the nine shipped files and a database with the
 * lists of the sandbox's account.  Tests run in the top folder of the checkout.
 *
 *   struct store s = store_new();
 *   store_file(&s, "statuses.csv", "from,status,...\n...");
 *   char *said = store_load(&s);     every complaint and warning, one a line
 */
#ifndef TEST_MAP_STORE_H
#define TEST_MAP_STORE_H

#include "lib/db.h"
#include "lib/die.h"
#include "lib/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct store {
	char folder[64];
	struct db *db;
	int complaints; /* of the last store_load() */
};

static inline void store_bytes(struct store *s, const char *name, const char *bytes, size_t size)
{
	char *path = xasprintf("%s/%s", s->folder, name);
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
		bug("cannot write %s", path);
	free(path);
}

static inline void store_file(struct store *s, const char *name, const char *text)
{
	store_bytes(s, name, text, strlen(text));
}

static inline void store_remove(struct store *s, const char *name)
{
	char *path = xasprintf("%s/%s", s->folder, name);
	unlink(path);
	free(path);
}

static inline void store_copy_shipped(struct store *s)
{
	static char bytes[1 << 20];

	for (const struct map_file *file = map_files; file->name; file++) {
		char *path = xasprintf("mappings/%s", file->name);
		FILE *shipped = fopen(path, "rb");
		if (!shipped)
			bug("%s: run the tests in the top folder of the checkout", path);
		size_t size = fread(bytes, 1, sizeof bytes - 100, shipped);
		fclose(shipped);
		bytes[size] = 0;
		/* what everybody has to fill in */
		char *empty = strstr(bytes, "orders.start_date,,");
		if (empty) {
			memmove(empty + 28, empty + 18, size - (size_t)(empty + 18 - bytes));
			memcpy(empty, "orders.start_date,everything", 28);
			size += 10;
		}
		store_bytes(s, file->name, bytes, size);
		free(path);
	}
}

static inline void store_lists(struct store *s)
{
	db_script(
		s->db,
		"WITH list(system, list, names) AS (VALUES"
		" ('bigcommerce', 'status', '[\"Incomplete\",\"Pending\",\"Shipped\",\"Partially "
		"Shipped\",\"Refunded\","
		"\"Cancelled\",\"Declined\",\"Awaiting Payment\",\"Awaiting Pickup\",\"Awaiting "
		"Shipment\",\"Completed\","
		"\"Awaiting Fulfillment\",\"Manual Verification "
		"Required\",\"Disputed\",\"Partially "
		"Refunded\"]'),"
		" ('bigcommerce', 'channel', '[null,\"Storefront\",\"Outlet\"]'),"
		" ('bigcommerce', 'customer_group', '[null,\"Retail\",\"Wholesale\",\"Wholesale "
		"EU\"]'),"
		" ('bigcommerce', 'tax_class', '[\"Default Tax Class\",\"Non-Taxable "
		"Products\",\"Books\"]'),"
		" ('bigcommerce', 'location', '[null,\"Default location\",\"Berlin\"]'),"
		" ('brightpearl', 'order_status', '[null,\"New web order\",\"On hold\",\"Ready to "
		"ship\",\"Shipped\","
		"\"Cancelled\"]'),"
		" ('brightpearl', 'channel', '[null,\"Brightpearl\",\"Online shop\"]'),"
		" ('brightpearl', 'warehouse', '[null,null,\"Main Warehouse\",\"Overflow "
		"Warehouse\"]'),"
		" ('brightpearl', 'price_list', '[null,\"Retail\"]'),"
		" ('brightpearl', 'shipping_method', '[null,\"Standard\",\"Express\"]'))"
		"INSERT INTO ref_list(system, list, id, name, name_fold)"
		" SELECT system, list, j.key, j.value, fold(j.value) FROM list, json_each(names) j"
		" WHERE j.value IS NOT NULL;"
		"INSERT INTO ref_list(system, list, id, name, name_fold, rate, detail) VALUES"
		" ('brightpearl', 'tax_code', 'T20', 'Standard', 'standard', '20', NULL),"
		" ('brightpearl', 'tax_code', 'T5', 'Reduced', 'reduced', '5', NULL),"
		" ('brightpearl', 'tax_code', 'T0', 'Zero', 'zero', '0', NULL),"
		" ('brightpearl', 'payment_method', 'CARD', 'Card', 'card', NULL,"
		"  '{\"code\":\"CARD\",\"bankAccounts\":[{\"currencyIsoCode\":\"GBP\"}]}'),"
		" ('brightpearl', 'payment_method', 'PAYPAL', 'PayPal', 'paypal', NULL, "
		"'[3,\"PAYPAL\",\"PayPal\"]'),"
		" ('brightpearl', 'payment_method', 'BANK', 'Bank transfer', 'bank transfer', "
		"NULL, NULL),"
		" ('brightpearl', 'custom_field', 'PCF_NOTE', 'Customer note', 'customer note', "
		"NULL, NULL);"
		"INSERT INTO ref_read(system, list, read_at) SELECT DISTINCT system, list, 0 FROM "
		"ref_list");
}

static inline struct store store_new(void)
{
	struct store s = {.folder = "/tmp/pearlbridge-map-XXXXXX"};

	if (!mkdtemp(s.folder))
		bug("no temporary folder");
	char *path = xasprintf("%s/test.db", s.folder);
	s.db = db_open(path);
	free(path);
	store_copy_shipped(&s);
	store_lists(&s);
	return s;
}

static inline void store_free(struct store *s)
{
	db_close(s->db);
	for (const struct map_file *file = map_files; file->name; file++)
		store_remove(s, file->name);
	store_remove(s, "test.db");
	store_remove(s, "test.db-wal");
	store_remove(s, "test.db-shm");
	rmdir(s->folder);
}

/* Loads the files and tells every complaint and warning, malloc'ed. */
static inline char *store_load(struct store *s)
{
	db_begin(s->db);
	s->complaints = map_load(s->db, s->folder);
	db_commit(s->db);
	return map_complaints(s->db);
}

#endif
