/* The insides of place.c: one compact order with everything that is computed for it. */
#ifndef PLACE_P_H
#define PLACE_P_H

#include "money.h"
#include "sandbox.h"

struct place_cost {
	int64_t base, ex, inc, rate;
};

struct place_line {
	const cJSON *from;
	int64_t id, product_id, variant_id, quantity, shipped, rate, price;
	int64_t price_ex, price_inc, total_ex, total_inc;
	int64_t discount, discount_share, coupon_share; /* own, of the order's, of the coupon's */
	int64_t discounted, tax;                        /* what is left, and the tax in it */
	struct place_cost wrapping;
	int address;             /* index, -1: none */
	const char *consignment; /* shipping, pickup, download, email */
};

struct place_address {
	const cJSON *from; /* may be NULL */
	int64_t id, items, shipped;
	struct place_cost shipping, handling;
	bool pickup;
};

struct place_fee {
	const cJSON *from;
	struct place_cost cost;
};

struct place_order {
	const cJSON *from;
	int64_t id, created, modified, status_id, customer_id;
	bool inclusive, existed;
	int64_t rate, step; /* default tax rate; rounding of the estimated side */
	struct place_line *lines;
	int line_count;
	struct place_address *addresses;
	int address_count;
	struct place_fee *fees;
	int fee_count;
	int64_t discount, coupon; /* discount contains the lines' own discounts */
	struct place_cost subtotal, shipping, handling, wrapping, fee_sum, total;
	int64_t subtotal_tax, total_tax;
};

/* Fields of compact orders, with a default. */
const char *place_text(const cJSON *object, const char *name, const char *otherwise);
int64_t place_int(const cJSON *object, const char *name, int64_t otherwise);
int64_t place_money(const cJSON *object, const char *name, int64_t otherwise);
bool place_bool(const cJSON *object, const char *name, bool otherwise);
int64_t place_rate(const cJSON *object, const char *name, int64_t otherwise);
int64_t place_date(const cJSON *object, const char *name, int64_t otherwise);
int64_t place_next_id(const char *sequence); /* table bc_sequence */

void place_sums(struct place_order *);        /* place_sums.c: all amounts */
void place_write(const struct place_order *); /* place_write.c: all rows but payments */

/* place_json.c: bodies, malloc'ed texts; "raw" of the source is merged in last */
char *place_order_body(const struct place_order *);
char *place_line_body(const struct place_order *, const struct place_line *);
char *place_address_body(const struct place_order *, const struct place_address *);
char *place_fee_body(const struct place_fee *, int64_t id);
cJSON *place_billing(const struct place_order *);
void place_add_money(cJSON *into, const char *name, int64_t amount);
void place_add_taxed(cJSON *into, const char *prefix, int64_t ex, int64_t inc, int64_t tax);
char *place_print(cJSON *body, const cJSON *from); /* takes body */

/* place_payments.c: transactions, refunds, messages, coupon rows */
void place_payments(const struct place_order *);

#endif
