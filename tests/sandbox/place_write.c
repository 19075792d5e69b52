/* Writing a placed order into its tables; what an earlier placing wrote is replaced. */
#include "place_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void forget_old(const struct place_order *o)
{
	static const char *const tables[] = {"bc_order_product", "bc_order_address", "bc_order_fee",
					     "bc_order_tax"};
	char sql[96];

	for (size_t i = 0; o->existed && i < sizeof tables / sizeof *tables; i++) {
		snprintf(sql, sizeof sql, "DELETE FROM %s WHERE order_id = ?", tables[i]);
		state_run(sql, "i", o->id);
	}
}

static void write_tax(const struct place_order *o, int64_t address, int64_t line, const char *type,
		      int64_t rate, int64_t amount)
{
	if (amount)
		state_run("INSERT INTO bc_order_tax (order_id, address_id, order_product_id, "
			  "line_item_type,"
			  " rate, amount) VALUES (?, ?, nullif(?, 0), ?, ?, ?)",
			  "iiitii", o->id, address, line, type, rate, amount);
}

static void write_lines(const struct place_order *o)
{
	char *email = state_text("SELECT email FROM bc_order WHERE id = ?", "i", o->id);

	for (int i = 0; i < o->line_count; i++) {
		const struct place_line *l = &o->lines[i];
		int64_t address = l->address < 0 ? 0 : o->addresses[l->address].id;
		bool mailed = *l->consignment == 'd' || *l->consignment == 'e';
		char *body = place_line_body(o, l);
		state_run("INSERT OR REPLACE INTO bc_order_product (id, order_id, address_id, "
			  "consignment,"
			  " recipient_email, body) VALUES (?, ?, ?, ?, ?, ?)",
			  "iiittt", l->id, o->id, address, l->consignment,
			  mailed ? place_text(l->from, "recipient", email) : NULL, body);
		free(body);
		write_tax(o, address, l->id, "item", l->rate, l->tax);
		write_tax(o, address, 0, "gift-wrapping", l->rate,
			  l->wrapping.inc - l->wrapping.ex);
	}
	free(email);
}

static void write_addresses(const struct place_order *o)
{
	for (int i = 0; i < o->address_count; i++) {
		const struct place_address *a = &o->addresses[i];
		char *body = place_address_body(o, a);
		state_run("INSERT OR REPLACE INTO bc_order_address (id, order_id, kind, body)"
			  " VALUES (?, ?, ?, ?)",
			  "iitt", a->id, o->id, a->pickup ? "pickup" : "shipping", body);
		free(body);
		write_tax(o, a->id, 0, "shipping", a->shipping.rate,
			  a->shipping.inc - a->shipping.ex);
		write_tax(o, a->id, 0, "handling", a->handling.rate,
			  a->handling.inc - a->handling.ex);
	}
}

static void write_fees(const struct place_order *o)
{
	for (int i = 0; i < o->fee_count; i++) {
		int64_t id = place_int(o->fees[i].from, "id", 0);
		if (!id)
			id = place_next_id("fee");
		char *body = place_fee_body(&o->fees[i], id);
		state_run("INSERT OR REPLACE INTO bc_order_fee VALUES (?, ?, ?)", "iit", id, o->id,
			  body);
		free(body);
	}
}

/* What the shop's clients may have written meanwhile stays unless the order says otherwise. */
#define KEPT(column) "coalesce(?, (SELECT " column " FROM bc_order WHERE id = ?1), '')"

static void write_order(const struct place_order *o)
{
	cJSON *billing = place_billing(o);
	char *body = place_order_body(o);
	int64_t shipped = place_date(o->from, "date_shipped", o->status_id == 2 ? o->modified : 0);

	state_run(
		"INSERT OR REPLACE INTO bc_order (id, status_id, customer_id, email, channel_id,"
		" payment_method, external_order_id, external_id, cart_id, total_inc_tax,"
		" is_deleted, staff_notes, customer_message, date_created, date_modified,"
		" date_shipped, body) VALUES (?1, ?, ?, ?, ?, ?, " KEPT(
			"external_order_id") ", ?, ?, ?, ?, " KEPT("staff_notes") ", " KEPT("custom"
											    "er_"
											    "messag"
											    "e") ","
												 " "
												 "?"
												 ","
												 " "
												 "?"
												 ","
												 " "
												 "n"
												 "u"
												 "l"
												 "l"
												 "i"
												 "f"
												 "("
												 "?"
												 ","
												 " "
												 "0"
												 ")"
												 ","
												 " "
												 "?"
												 ")",
		"iiitittttiittiiit", o->id, o->status_id, o->customer_id,
		place_text(billing, "email", ""), place_int(o->from, "channel_id", 1),
		place_text(o->from, "payment_method", "Credit Card"),
		place_text(o->from, "external_order_id", NULL),
		place_text(o->from, "external_id", NULL), place_text(o->from, "cart_id", ""),
		o->total.inc, (int64_t)place_bool(o->from, "is_deleted", false),
		place_text(o->from, "staff_notes", NULL),
		place_text(o->from, "customer_message", NULL), o->created, o->modified, shipped,
		body);
	free(body);
	cJSON_Delete(billing);
}

static void write_customer(const struct place_order *o)
{
	const cJSON *c = cJSON_GetObjectItemCaseSensitive(o->from, "customer");

	if (o->customer_id)
		state_run("INSERT OR IGNORE INTO bc_customer (id, email, first_name, last_name, "
			  "company,"
			  " phone, customer_group_id, date_created, date_modified) VALUES (?, ?, "
			  "?, ?, ?, ?, ?,"
			  " ?, ?)",
			  "itttttiii", o->customer_id, place_text(c, "email", ""),
			  place_text(c, "first_name", ""), place_text(c, "last_name", ""),
			  place_text(c, "company", ""), place_text(c, "phone", ""),
			  place_int(c, "customer_group_id", 1), o->created, o->created);
}

void place_write(const struct place_order *o)
{
	forget_old(o);
	write_customer(o);
	write_order(o);
	write_addresses(o);
	write_lines(o);
	write_fees(o);
	state_run("INSERT INTO bc_stock_move VALUES (?)", "i", o->id);
}
