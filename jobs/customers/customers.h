/* Parts of the customers job.  Each returns false when the stage failed (the reason is noted). */
#ifndef JOBS_CUSTOMERS_CUSTOMERS_H
#define JOBS_CUSTOMERS_CUSTOMERS_H

#include "lib/stage.h"

/* read.c: the contacts of temp.to_read(id, brief) -> stg_bp_contact_data, with their billing
 * addresses unless brief.
 * One that Brightpearl does not know is marked as gone. */
bool customers_read(struct job *);

/* successor.c: of e-mails in temp.wanted whose contact is gone, the contact that took its place ->
 * link_customer; told once. */
bool customers_seek_gone(struct job *);

/* update.c: contacts that exist follow BigCommerce.  All of it may be repeated: what was in flight
 * is read again and compared. */
bool customers_settle_updates(struct job *);
bool customers_send_patches(struct job *);
bool customers_send_links(struct job *); /* addresses that were made, to their contacts */

/* Conditions on a row of out_customer: it may be sent (a run for some orders alone, by table
 * order_named, sends only their customers); it differs in its address (=), in something else (<>),
 * only in its address. */
#define CUSTOMER_PENDING                                                                           \
	"state = 'pending' AND held IS NULL AND (NOT EXISTS (SELECT 1 FROM order_named)"           \
	" OR key IN (SELECT o.email FROM order_named n JOIN stg_bc_order o USING (id)))"
#define CUSTOMER_DIFFERS(relation)                                                                 \
	"EXISTS (SELECT 1 FROM out_customer_change d WHERE d.key = out_customer.key AND"           \
	" d.path " relation " '/postAddressIds/BIL')"
#define CUSTOMER_TO_LINK                                                                           \
	CUSTOMER_PENDING " AND remote_id IS NOT NULL AND " CUSTOMER_DIFFERS(                       \
		"=") " AND NOT " CUSTOMER_DIFFERS("<>")

/* The contact's own address is known, so it is changed in place; else a new one is made and linked. */
#define CUSTOMER_IN_PLACE                                                                          \
	"address_id IS NULL AND EXISTS (SELECT 1 FROM stg_bp_contact_data d"                       \
	" WHERE d.id = out_customer.remote_id AND d.address IS NOT NULL AND d.address_own)"

/* load.c: Brightpearl refused the row: it is a reject.  Inside a transaction. */
void customers_refused(struct job *, const char *email, const char *why);

#endif
