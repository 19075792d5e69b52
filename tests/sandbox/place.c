/* From compact orders to rows: read, match what was there before, compute, write. */
#include "place.h"
#include "place_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *get(const struct place_order *o, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(o->from, name);
}

static void read_header(struct place_order *o, bool touched)
{
	int64_t now = sandbox_now() / 1000;

	o->id = place_int(o->from, "id", 0);
	if (!o->id)
		o->id = place_next_id("order");
	state_run("UPDATE bc_sequence SET last = max(last, ?) WHERE name = 'order'", "i", o->id);
	int64_t created = state_int(0, "SELECT date_created FROM bc_order WHERE id = ?", "i",
				    o->id);
	o->existed = created != 0;
	o->created = place_date(o->from, "created", o->existed ? created : now);
	o->modified = place_date(o->from, "modified", touched ? now : o->created);
	o->status_id = state_int(11, "SELECT status_id FROM bc_order WHERE id = ?", "i", o->id);
	o->status_id = place_int(o->from, "status_id", o->status_id);
	o->customer_id = place_int(get(o, "customer"), "id", 0);
	o->inclusive = place_bool(o->from, "inclusive", true);
	o->rate = place_rate(o->from, "tax_rate", 0);
	o->step = switch_is("bc_tax_rounding", "order")                       ? 1
		  : !switch_is("bc_tax_rounding", "as_told")                  ? 100
		  : place_int(o->from, "decimals", o->inclusive ? 4 : 2) == 2 ? 100
									      : 1;
	o->discount = place_money(o->from, "discount", 0);
	o->coupon = place_money(get(o, "coupon"), "discount", 0);
}

/* The address ids that the order had are used again, by position. */
static int64_t address_id(const struct place_order *o, int n)
{
	int64_t id = state_int(0,
			       "SELECT id FROM bc_order_address WHERE order_id = ? ORDER BY id"
			       " LIMIT 1 OFFSET ?",
			       "ii", o->id, (int64_t)n);
	return id ? id : place_next_id("address");
}

static struct place_address *add_address(struct place_order *o, const cJSON *from, bool pickup)
{
	int n = o->address_count++;

	o->addresses = realloc(o->addresses, (size_t)o->address_count * sizeof *o->addresses);
	struct place_address *a = &o->addresses[n];
	*a = (struct place_address){.from = from, .pickup = pickup};
	a->id = place_int(from, "id", 0);
	if (!a->id)
		a->id = address_id(o, n);
	a->shipping.base = place_money(from, "cost",
				       n ? 0 : place_money(o->from, "shipping_cost", 0));
	a->shipping.rate = place_rate(o->from, "shipping_tax_rate", o->rate);
	a->handling.base = n ? 0 : place_money(o->from, "handling_cost", 0);
	a->handling.rate = o->rate;
	return a;
}

/* absent: the billing address; one object; a list; false: none */
static void read_addresses(struct place_order *o)
{
	const cJSON *shipping = get(o, "shipping"), *item;

	if (cJSON_IsFalse(shipping))
		return;
	if (cJSON_IsArray(shipping))
		cJSON_ArrayForEach (item, shipping)
			add_address(o, item, false);
	else
		add_address(o, shipping, false);
}

static void read_fees(struct place_order *o)
{
	const cJSON *item;

	o->fees = calloc((size_t)cJSON_GetArraySize(get(o, "fees")) + 1, sizeof *o->fees);
	cJSON_ArrayForEach (item, get(o, "fees")) {
		struct place_fee *f = &o->fees[o->fee_count++];
		f->from = item;
		f->cost.base = place_money(item, "cost", 0);
		f->cost.rate = place_rate(item, "tax_rate", o->rate);
	}
}

/* The id of a line with this SKU that the order had and that no earlier line has taken. */
static int64_t line_id(const struct place_order *o, int n, const char *sku)
{
	int64_t taken = 0;

	if (!o->existed)
		return place_next_id("product");
	for (int i = 0; i < n; i++)
		taken += !strcmp(place_text(o->lines[i].from, "sku", ""), sku);
	int64_t id = state_int(0,
			       "SELECT id FROM bc_order_product WHERE order_id = ? AND sku = ?"
			       " ORDER BY id LIMIT 1 OFFSET ?",
			       "iti", o->id, sku, taken);
	return id ? id : place_next_id("product");
}

static void place_on_address(struct place_order *o, struct place_line *l)
{
	const char *type = place_text(l->from, "type", "physical");

	l->address = (int)place_int(l->from, "address", 0);
	l->consignment = "shipping";
	if (place_bool(l->from, "pickup", false)) {
		l->consignment = "pickup";
		for (l->address = 0;
		     l->address < o->address_count && !o->addresses[l->address].pickup;)
			l->address++;
		if (l->address == o->address_count)
			add_address(o, NULL, true);
	} else if (!strcmp(type, "digital") || !strcmp(type, "giftcertificate")) {
		l->consignment = *type == 'd' ? "download" : "email";
		l->address = -1;
	}
	if (l->address >= o->address_count || l->address < 0)
		l->address = -1;
	else
		o->addresses[l->address].items += l->quantity;
}

static void read_line(struct place_order *o, int n, const cJSON *from)
{
	struct place_line *l = &o->lines[n];
	const char *sku = place_text(from, "sku", "");

	l->from = from;
	l->quantity = place_int(from, "quantity", 1);
	l->id = place_int(from, "id", 0);
	if (!l->id)
		l->id = line_id(o, n, sku);
	l->shipped = place_int(
		from, "shipped",
		state_int(0, "SELECT quantity_shipped FROM bc_order_product WHERE id = ?", "i",
			  l->id));
	l->variant_id = state_int(0, "SELECT id FROM bc_variant WHERE sku = ? AND sku <> ''", "t",
				  sku);
	l->product_id = state_int(0, "SELECT product_id FROM bc_variant WHERE id = ?", "i",
				  l->variant_id);
	l->product_id = place_int(from, "product_id", l->product_id);
	l->variant_id = place_int(from, "variant_id", l->variant_id);
	l->price = state_int(0,
			     "SELECT coalesce(v.price, p.price) FROM bc_product p"
			     " LEFT JOIN bc_variant v ON v.id = ? WHERE p.id = ?",
			     "ii", l->variant_id, l->product_id);
	l->price = place_money(from, "price", l->price);
	l->rate = place_rate(from, "tax_rate", o->rate);
	l->discount = place_money(from, "discount", 0);
	l->wrapping.base = place_money(from, "wrapping", 0);
	l->wrapping.rate = l->rate;
	place_on_address(o, l);
	if (l->address >= 0)
		o->addresses[l->address].shipped += l->shipped;
}

static void read_lines(struct place_order *o)
{
	const cJSON *lines = get(o, "lines"), *item;

	o->line_count = 0;
	o->lines = calloc((size_t)cJSON_GetArraySize(lines) + 1, sizeof *o->lines);
	cJSON_ArrayForEach (item, lines) {
		read_line(o, o->line_count, item);
		o->line_count++;
	}
}

static void place_one(const cJSON *from, bool touched)
{
	struct place_order o = {.from = from};

	read_header(&o, touched);
	read_addresses(&o);
	read_fees(&o);
	read_lines(&o);
	place_sums(&o);
	place_write(&o);
	place_payments(&o);
	free(o.lines);
	free(o.addresses);
	free(o.fees);
}

bool place_orders(const cJSON *orders, bool touched, char **error)
{
	static char not_order[] = "every order must be a JSON object with a list of lines\n";
	const cJSON *item;

	if (cJSON_IsObject(orders)) {
		place_one(orders, touched);
		return true;
	}
	cJSON_ArrayForEach (item, orders) {
		if (!cJSON_IsObject(item) || !cJSON_IsArray(cJSON_GetObjectItem(item, "lines"))) {
			*error = not_order;
			return false;
		}
		place_one(item, touched);
	}
	return true;
}
