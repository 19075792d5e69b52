/* BigCommerce: the table of routes, who is let in, and how it says no. */
#include "bigcommerce.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

const struct route bigcommerce_routes[] = {
	{"GET", "/v2/time", store_time},
	{"GET", "/v2/store", store_get},
	{"GET", "/v2/order_statuses", order_statuses},
	{"GET", "/v2/order_statuses/*", order_status},
	{"GET", "/v2/orders", orders_list},
	{"GET", "/v2/orders/count", orders_count},
	{"GET", "/v2/orders/*", orders_get},
	{"PUT", "/v2/orders/*", orders_put},
	{"GET", "/v2/orders/*/products", order_products},
	{"GET", "/v2/orders/*/products/*", order_product},
	{"GET", "/v2/orders/*/shipping_addresses", order_addresses},
	{"GET", "/v2/orders/*/shipping_addresses/*", order_address},
	{"GET", "/v2/orders/*/coupons", order_coupons},
	{"GET", "/v2/orders/*/taxes", order_taxes},
	{"GET", "/v2/orders/*/fees", order_fees},
	{"GET", "/v2/orders/*/consignments", order_consignments},
	{"GET", "/v2/orders/*/messages", order_messages},
	{"GET", "/v2/orders/*/shipments", order_shipments},
	{"POST", "/v2/orders/*/shipments", shipment_post},
	{"GET", "/v2/orders/*/shipments/count", shipments_count},
	{"GET", "/v2/orders/*/shipments/*", shipment_get},
	{"PUT", "/v2/orders/*/shipments/*", shipment_put},
	{"GET", "/v2/customer_groups", customer_groups},
	{"GET", "/v2/tax_classes", tax_classes},
	{"GET", "/v2/currencies", currencies},
	{"GET", "/v2/payments/methods", payment_methods},
	{"GET", "/v3/channels", channels},
	{"GET", "/v3/customers", customers_list},
	{"GET", "/v3/catalog/products", products_list},
	{"GET", "/v3/catalog/variants", variants_list},
	{"GET", "/v3/inventory/locations", locations},
	{"GET", "/v3/inventory/items", inventory_items},
	{"PUT", "/v3/inventory/adjustments/absolute", inventory_adjust},
	{"GET", "/v3/orders/*/transactions", transactions_list},
	{"GET", "/v3/orders/payment_actions/refunds", refunds_list},
	{"GET", "/v3/orders/*/payment_actions/refunds", order_refunds},
	{NULL, NULL, NULL},
};

/* The scope word that a path needs; the first row that begins it wins. */
static const struct {
	const char *path, *scope;
} scopes[] = {
	{"/v2/orders", "orders"},
	{"/v2/order_statuses", "orders"},
	{"/v2/customer", "customers"},
	{"/v2/payments/", "payments_methods"},
	{"/v2/", "information"},
	{"/v3/orders/", "orders"},
	{"/v3/customers", "customers"},
	{"/v3/catalog/", "products"},
	{"/v3/inventory/locations", "locations"},
	{"/v3/inventory/", "inventory"},
	{"/v3/channels", "channels"},
	{NULL, NULL},
};

void bigcommerce_error(const struct call *call, struct answer *answer, int status, const char *fmt,
		       ...)
{
	char message[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof message, fmt, args);
	va_end(args);
	bool v3 = !strncmp(call->path, "/v3/", 4);
	cJSON *error = cJSON_CreateObject();
	cJSON_AddNumberToObject(error, "status", status);
	cJSON_AddStringToObject(error, v3 ? "title" : "message", message);
	if (v3) {
		cJSON_AddStringToObject(error, "type",
					"https://developer.bigcommerce.com/api-docs/"
					"getting-started/api-status-codes");
		cJSON_AddObjectToObject(error, "errors");
		cJSON_AddStringToObject(error, "instance", "");
		answer_json(answer, status, error);
		return;
	}
	cJSON *list = cJSON_CreateArray();
	cJSON_AddItemToArray(list, error);
	answer_json(answer, status, list);
}

static bool word_in(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = list; (p = strstr(p, word)); p += length)
		if ((p == list || p[-1] == ',' || p[-1] == ' ') && strchr(", ", p[length]))
			return true;
	return false;
}

static bool scope_denied(const struct call *call)
{
	const char *path = call->path, *scope = NULL;
	char *denied = state_text("SELECT value FROM switch WHERE name = 'bc_denied_scopes'", "");

	for (int i = 0; scopes[i].path && !scope; i++)
		if (!strncmp(path, scopes[i].path, strlen(scopes[i].path)))
			scope = scopes[i].scope;
	bool transactions = word_in(denied, "transactions");
	bool refused = scope && word_in(denied, scope);
	if (strstr(path, "/transactions")) /* no other scope will do */
		refused = transactions;
	else if (strstr(path, "/payment_actions/")) /* either one will do */
		refused = refused && transactions;
	free(denied);
	return refused;
}

static bool accepts_json(const struct call *call)
{
	const char *accept = call->header(call, "Accept");

	return accept && (strstr(accept, "application/json") || strstr(accept, "application/*") ||
			  strstr(accept, "*/*"));
}

static bool sends_json(const struct call *call)
{
	const char *type = call->header(call, "Content-Type");

	if (!call->body_size && strcmp(call->method, "PUT") != 0 &&
	    strcmp(call->method, "POST") != 0)
		return true;
	return type && !strncasecmp(type, "application/json", 16);
}

bool bigcommerce_admits(const struct call *call, struct answer *answer)
{
	const char *token = call->header(call, "X-Auth-Token");
	bool v3 = !strncmp(call->path, "/v3/", 4);

	if (!switch_is("bc_store_hash", call->tenant) && switch_is("unknown_store", "404"))
		bigcommerce_error(call, answer, 404, "The requested resource was not found.");
	else if (!token || !switch_is("bc_token", token) ||
		 !switch_is("bc_store_hash", call->tenant))
		bigcommerce_error(call, answer, 401,
				  v3 ? "Unauthorized"
				     : "No credentials were supplied "
				       "in the request, or they are not valid for this store.");
	else if (scope_denied(call))
		bigcommerce_error(call, answer, 403,
				  v3 ? "Unauthorized Access. You do not have permission "
				       "to access this resource."
				     : "You don't have a required scope to access "
				       "the endpoint");
	else if (!accepts_json(call))
		bigcommerce_error(call, answer, 406,
				  "The requested content type is not available.");
	else if (!sends_json(call))
		bigcommerce_error(call, answer, 415,
				  "The content type of the body must be "
				  "application/json.");
	else
		return true;
	return false;
}

char *bigcommerce_date(char text[40], int64_t epoch)
{
	time_t seconds = (time_t)epoch;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, 40, "%a, %d %b %Y %H:%M:%S +0000", &tm);
	return text;
}

bool bigcommerce_id(const char *text, int64_t *id)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || text[digits] || digits > 15)
		return false;
	*id = atoll(text);
	return true;
}
