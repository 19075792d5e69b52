/* What the files of the Brightpearl side share.  All are bp_*: helpers that every route
 * needs in brightpearl_answer.c and _json.c, the others in the file that their comment names.
 *
 * A record that comes in goes through bp_check_record() with its table of fields and leaves it
 * normalised: nulls gone, dates as epoch seconds, decimals as ten-thousandths.  SQL then takes the
 * columns from that JSON by json_extract().  A record that goes out is one SELECT whose column
 * names say where in the answer the value belongs, see bp_select(). */
#ifndef BRIGHTPEARL_H
#define BRIGHTPEARL_H

#include "sandbox.h"

/* Envelope --------------------------------------------------------------------------------- */

void bp_respond(struct answer *, cJSON *response); /* 200 {"response": X}; takes it */
void bp_respond_id(struct answer *, int64_t id);
void bp_done(struct answer *); /* 200 {} */
void bp_fail(struct answer *, int status, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool bp_failed(const struct answer *);

/* The body, or NULL after answering CMNC-010. */
const cJSON *bp_body(const struct call *, struct answer *);
/* An id of a path, 0 after answering 400; bp_path_known() also answers 404 when `sql` (one ?) does
 * not know it. */
int64_t bp_path_id(const char *segment, struct answer *);
int64_t bp_path_known(const char *segment, const char *sql, const char *what, struct answer *);
/* An ID set as a JSON array of its ids, malloc'ed; NULL after answering 400. */
char *bp_idset(const char *text, int64_t most, struct answer *);

/* Time, money, JSON ------------------------------------------------------------------------- */

#define BP_DATE 40 /* room for a date as answered */

int64_t bp_now(void); /* epoch seconds */
/* When a record that changes now becomes visible to searches, epoch ms. */
int64_t bp_visible_at(void);
/* As the account writes it: 2022-01-26T10:39:46.000-06:00. */
char *bp_date(char text[BP_DATE], int64_t epoch);
/* A date alone, or a date-time with Z or an offset. */
bool bp_date_read(const char *text, int64_t *epoch);
/* Plain decimal text with at most `places` (<= 6) decimals, as an integer of `scale` decimals. */
bool bp_decimal_read(const char *text, int places, int scale, int64_t *units);
/* units of `scale` decimals as text with `places` decimals, rounded half away from zero. */
char *bp_decimal(char text[BP_DATE], int64_t units, int scale, int places);

/* What is at a path like "delivery.address"; NULL when absent or null. */
const cJSON *bp_at(const cJSON *, const char *path);
int64_t bp_at_int(const cJSON *, const char *path, int64_t otherwise);
const char *bp_at_text(const cJSON *, const char *path);
char *bp_print(const cJSON *);
/* Put an item at a dotted path, making the objects on the way; takes it. */
void bp_put(cJSON *object, const char *path, cJSON *item);

/* Rows as JSON: a list of objects, or with a :key column an object of objects.  The name of a
 * column is the path of its value, with a suffix where it is not shown as it is stored:
 *   :bool  :date (epoch s)  :m2 :m4 (ten-thousandths)  :m6 (millionths)  :json  :raw
 *   (a number as text)  :key
 * A NULL is left out.  fmt as in state_run(). */
cJSON *bp_select(const char *sql, const char *fmt, ...);

/* brightpearl_check.c: records that come in -------------------------------------------------- */

enum bp_kind {
	BP_INT,
	BP_TEXT,
	BP_EMAIL,
	BP_BOOL,
	BP_TIME,
	BP_DECIMAL,
	BP_RATE,
	BP_OBJECT,
	BP_LIST,
	BP_READONLY
};

struct bp_field {
	const char *name; /* NULL ends a table */
	enum bp_kind kind;
	bool required;
	int max;                       /* characters of a text: 0 means 255, -1 no limit */
	const char *accepts;           /* query with one ?: not 0 when the value will do */
	const struct bp_field *fields; /* of an object, or of each element of a list */
	const char *code;              /* of the error, where it is a special one */
};

/* The normalised copy, or NULL after answering 400 with `code`. */
cJSON *bp_check_record(const cJSON *record, const struct bp_field *, const char *code,
		       struct answer *);
/* One value against one field; what names it in messages. */
cJSON *bp_check_value(const cJSON *value, const struct bp_field *, const char *what,
		      const char *code, struct answer *);
extern const struct bp_field bp_check_address[]; /* addresses of orders */

/* brightpearl_patch.c: JSON Patch over a fixed list of paths ---------------------------------- */

struct bp_patch {
	const char *path, *ops; /* of "replace add remove" */
	struct bp_field value;
	const char *set, *remove; /* SQL: ?1 the record's id, ?2 the value */
	const char *refuses;      /* query with the id: not 0 when it may not be changed now */
};

/* False after answering the error. */
bool bp_patch_apply(const struct bp_patch *, int64_t id, const cJSON *operations, const char *code,
		    struct answer *);

/* brightpearl_search.c --------------------------------------------------------------------- */

enum bp_data {
	BP_INTEGER,
	BP_IDSET,
	BP_STRING,
	BP_SEARCH_STRING,
	BP_PERIOD,
	BP_BOOLEAN,
	BP_STRING_SET
};
enum { BP_F = 1, BP_S = 2, BP_FS = 3, BP_HIDDEN = 4 /* a filter, not a column */ };

struct bp_column {
	const char *name;
	enum bp_data type;
	const char *sql;
	int flags;
	const char *reference; /* query with one ?: the name of the value */
	const char *reference_name;
};

/* What a search lag does: nothing, hide what is new, or also show what was there before a change,
 * which then stands in {table}_version. */
enum bp_lag { BP_AT_ONCE, BP_LAGS, BP_VERSIONS };

struct bp_resource {
	const char *table; /* has a column id */
	enum bp_lag lag;
	const struct bp_column *columns; /* sorted by the first, if nothing else is asked for */
};

extern const struct bp_resource bp_resource_order, bp_resource_sales_order, bp_resource_note,
	bp_resource_contact, bp_resource_product, bp_resource_currency, bp_resource_payment,
	bp_resource_goods_out;
void bp_search_run(const struct bp_resource *, const struct call *, struct answer *);
void bp_search_describe(const struct bp_resource *, struct answer *);

/* brightpearl_order.c, used by its neighbours ------------------------------------------------ */

cJSON *bp_order_read(const char *ids, bool fields, bool null_fields);
/* The order has changed: call it before the change itself. */
void bp_order_touch(int64_t id);
int64_t bp_order_known(const char *segment, struct answer *);
/* Its totals and status codes from its rows. */
void bp_order_sum(int64_t id);
/* brightpearl_reservation.c: its allocation status from what is reserved and on goods-out notes;
 * and its reservation made no larger than its rows, which have changed. */
void bp_allocation_sum(int64_t id);
void bp_reservation_fit(int64_t id);
/* Would the row become smaller than what is reserved for it and on notes, where that is refused? */
bool bp_reservation_exceeds(int64_t row, int64_t quantity);
void bp_reservation_drop(int64_t order); /* as the cancelled status does */
cJSON *bp_field_values(int64_t order_id, bool missing);

/* A stored address (JSON) as answered: all texts, with the country spelled out or as a code. */
cJSON *bp_address_show(const char *json, bool spelled_out);

/* brightpearl_goods_out.c, used for drop-ship notes too: the ID sets of arg[0] and arg[1],
 * malloc'ed, NULL = all; false after answering the error.  And the answer: a map of notes, which it
 * takes. */
bool bp_note_sets(char *const arg[4], int64_t most, char **orders, char **notes, struct answer *);
void bp_note_respond(struct answer *, cJSON *notes);

#define BP_ROUTE(name) void name(const struct call *call, struct answer *answer, char *const arg[4])

BP_ROUTE(bp_token_post);
BP_ROUTE(bp_sale_post);
BP_ROUTE(bp_sale_put);
BP_ROUTE(bp_sale_get);
BP_ROUTE(bp_credit_post);
BP_ROUTE(bp_credit_get);
BP_ROUTE(bp_payment_post);
BP_ROUTE(bp_payment_delete);
BP_ROUTE(bp_order_get);
BP_ROUTE(bp_order_patch);
BP_ROUTE(bp_options_order);
BP_ROUTE(bp_options_sale);
BP_ROUTE(bp_options_contact);
BP_ROUTE(bp_options_product);
BP_ROUTE(bp_order_status);
BP_ROUTE(bp_note_post);
BP_ROUTE(bp_note_get);
BP_ROUTE(bp_field_get);
BP_ROUTE(bp_field_patch);
BP_ROUTE(bp_field_describe);
BP_ROUTE(bp_contact_post);
BP_ROUTE(bp_contact_get);
BP_ROUTE(bp_contact_patch);
BP_ROUTE(bp_address_post);
BP_ROUTE(bp_address_get);
BP_ROUTE(bp_address_link);
BP_ROUTE(bp_address_put);
BP_ROUTE(bp_product_get);
BP_ROUTE(bp_reservation_post);
BP_ROUTE(bp_reservation_put);
BP_ROUTE(bp_reservation_get);
BP_ROUTE(bp_product_availability);
BP_ROUTE(bp_bundle_availability);
BP_ROUTE(bp_multi_post);
BP_ROUTE(bp_goods_out_get);
BP_ROUTE(bp_goods_out_post);
BP_ROUTE(bp_goods_out_put);
BP_ROUTE(bp_goods_out_event);
BP_ROUTE(bp_goods_out_delete);
BP_ROUTE(bp_drop_ship_get);

BP_ROUTE(bp_list_configuration);
BP_ROUTE(bp_list_order_status);
BP_ROUTE(bp_list_order_type);
BP_ROUTE(bp_list_shipping_status);
BP_ROUTE(bp_list_stock_status);
BP_ROUTE(bp_list_channel);
BP_ROUTE(bp_list_price_list);
BP_ROUTE(bp_list_tax_code);
BP_ROUTE(bp_list_payment_method);
BP_ROUTE(bp_list_warehouse);
BP_ROUTE(bp_list_shipping_method);
BP_ROUTE(bp_list_lead_source);
BP_ROUTE(bp_list_project);

#endif
