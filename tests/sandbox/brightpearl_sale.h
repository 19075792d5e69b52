/* Between brightpearl_sale.c, which checks a sales order, and brightpearl_sale_store.c. */
#ifndef BRIGHTPEARL_SALE_H
#define BRIGHTPEARL_SALE_H

#include "brightpearl.h"

extern const struct bp_field bp_sale_fields[];
/* The normalised record, or NULL after answering; may_have_ids: its rows may carry ids. */
cJSON *bp_sale_check(const cJSON *body, bool may_have_ids, struct answer *);
/* The 200 for a POST whose two keys are known, as bp_duplicate_body says. */
void bp_sale_duplicate(int64_t id, struct answer *);
/* Orders of a type ("SO", "SC") as section 8.2 shows them; ids is a JSON array. */
cJSON *bp_sale_read(const char *ids, const char *type);
/* Write a checked record over order id, with its rows, totals and defaults. */
void bp_sale_store(int64_t id, const cJSON *record);

#endif
