/* OPTIONS /{resource}[/{idset}]: the ids that exist, as URIs to GET them by, 200 to each. */
#include "brightpearl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PER_URI = 200, MOST = 100000 };

struct uris {
	cJSON *list;
	const char *prefix;
	FILE *out; /* of the URI being written, NULL between two */
	char *text;
	size_t size;
	int64_t from, to; /* the range being collected, from 0: none */
	int count;
};

static void end_range(struct uris *u)
{
	if (!u->from)
		return;
	fprintf(u->out, u->to > u->from ? "%s%" PRId64 "-%" PRId64 : "%s%" PRId64,
		ftell(u->out) ? "," : u->prefix, u->from, u->to);
	u->from = 0;
}

static void end_uri(struct uris *u)
{
	if (!u->out)
		return;
	end_range(u);
	fclose(u->out);
	cJSON_AddItemToArray(u->list, cJSON_CreateString(u->text));
	free(u->text);
	u->out = NULL;
	u->count = 0;
}

static void add_id(struct uris *u, int64_t id)
{
	if (!u->out)
		u->out = open_memstream(&u->text, &u->size);
	if (u->from && id == u->to + 1) {
		u->to = id;
	} else {
		end_range(u);
		u->from = u->to = id;
	}
	if (++u->count == PER_URI)
		end_uri(u);
}

static void respond_uris(const char *sql, const char *prefix, char *const arg[4],
			 struct answer *answer)
{
	char *ids = arg[0] ? bp_idset(arg[0], MOST, answer) : NULL;

	if (arg[0] && !ids)
		return;
	cJSON *response = cJSON_CreateObject();
	struct uris u = {.list = cJSON_AddArrayToObject(response, "getUris"), .prefix = prefix};
	sqlite3_stmt *q = state_prepare(sql);
	sqlite3_bind_text(q, 1, ids, -1, SQLITE_TRANSIENT);
	while (sqlite3_step(q) == SQLITE_ROW)
		add_id(&u, sqlite3_column_int64(q, 0));
	sqlite3_finalize(q);
	end_uri(&u);
	free(ids);
	bp_respond(answer, response);
}

#define CHOSEN "(?1 IS NULL OR id IN (SELECT value FROM json_each(?1))) ORDER BY id"

BP_ROUTE(bp_options_order)
{
	(void)call;
	respond_uris("SELECT id FROM bp_order WHERE " CHOSEN, "/order/", arg, answer);
}

BP_ROUTE(bp_options_sale)
{
	(void)call;
	respond_uris("SELECT id FROM bp_order WHERE order_type = 'SO' AND " CHOSEN, "/sales-order/",
		     arg, answer);
}

BP_ROUTE(bp_options_contact)
{
	(void)call;
	respond_uris("SELECT id FROM bp_contact WHERE " CHOSEN, "/contact/", arg, answer);
}

BP_ROUTE(bp_options_product)
{
	(void)call;
	respond_uris("SELECT id FROM bp_product WHERE " CHOSEN, "/product/", arg, answer);
}
