/* Place orders in the shop: compact JSON in, all of BigCommerce's fields, lines, addresses, taxes
 * and totals out.  The format is in README.md.  Scenarios, the demo shop, POST /sandbox/orders and
 * the retail loader all come through here, so that every order's sums are made in one place. */
#ifndef PLACE_H
#define PLACE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* A list, or one order; inside the caller's transaction.  An order whose id exists is replaced and
 * keeps the ids of lines with the same SKU.  touched: date_modified is now unless the order says
 * otherwise (else: its date_created).  False: *error is a message (static). */
bool place_orders(const cJSON *orders, bool touched, char **error);

#endif
