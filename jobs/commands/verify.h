/* Reading a record before a person's word about it is believed.  All die (64) with what is wrong:
 * nothing was changed then. */
#ifndef JOBS_COMMANDS_VERIFY_H
#define JOBS_COMMANDS_VERIFY_H

#include "jobs/job.h"
#include "jobs/store.h"

/* A number as typed, 1 or more. */
int64_t verify_number(const char *command, const char *text);

/* It is a sales order, of no other order, and its total agrees (or --force). */
void verify_sale(struct job *, const struct options *, int64_t order, int64_t sales_order);

/* False: Brightpearl has that sales order no more, or cancelled it. */
bool verify_stands(struct job *, int64_t sales_order);

/* Brightpearl has it no more. */
void verify_gone(struct job *, int64_t sales_order);

/* It is a contact; another e-mail is only warned of. */
void verify_contact(struct job *, const char *email, int64_t contact);

#endif
