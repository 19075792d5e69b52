/* Between brightpearl_sale.c, which checks a sales order, and brightpearl_sale_store.c. */
#ifndef BRIGHTPEARL_SALE_H
#define BRIGHTPEARL_SALE_H

#include "brightpearl.h"

extern const struct bp_field bp_sale_fields[];
/* Write a checked record over order id, with its rows, totals and defaults. */
void bp_sale_store(int64_t id, const cJSON *record);

#endif
