/* The live lists of both systems: what a mapping may name. */
#ifndef JOBS_REFERENCE_LISTS_H
#define JOBS_REFERENCE_LISTS_H

#include "lib/bigcommerce/list.h"
#include "lib/stage.h"

struct list {
	enum api api;
	const char *name;  /* ref_list.list */
	const char *path;  /* request */
	bool needed;       /* nothing works without it: a refused permission ends the run (77) */
	const char *items; /* JSON path of the list in the answer; NULL: rows of a search */
	const char *id, *title, *rate; /* JSON paths in an item; rate may be NULL */
	bool loose; /* of a shape that is not told: whatever has an id and a name; nothing stops without it */
	const char *columns; /* of a search; else NULL */
};
extern const struct list reference_lists[]; /* end: name NULL */

/* Read them all, several at a time.  False when one could not be read for now (noted). */
bool lists_read(struct job *);

/* products.c: Brightpearl's products; all of them, or those new or changed since the last time. */
bool products_read(struct job *, bool all);
/* catalog.c: BigCommerce's products and variants. */
bool catalog_read(struct job *);
bool catalog_read_new(struct job *); /* those made since, by their ids: one request */
void catalog_doubted(struct job *);  /* it is read again by the next run */
/* After settings changed: which column is the product key. */
void products_fill_key(struct job *);

/* Those of temp.asked(id), by their ids; what was answered is no longer in it then (named.c). */
bool products_read_asked(struct job *);
bool catalog_read_asked(struct job *, bool variants);

/* named.c: what orders name, asked for by id (table named_read).  kind: bc_customer, bc_product,
 * bp_product.  named_read(): asks `read` for temp.asked until nothing more is answered, and notes what was
 * there, what is not any more, and what could not be read. */
bool named_read(struct job *, const char *kind, bool (*read)(struct job *));
/* An answer to a request for these ids: those it holds, in the list at `path`, leave temp.asked. */
void named_answered(struct job *, const char *ids, const struct reply *, const char *path);
/* The same of BigCommerce's answer, whose records are in temp.page. */
void named_listed(struct job *, const char *ids, const struct bc_read *);
/* A whole list of that kind was read just now. */
void named_note_list(struct job *, const char *kind);

/* One list again, by its name. */
bool list_read(struct job *, enum api, const char *name);

/* Note in ref_read that a list was read (unavailable NULL), or why it cannot be. */
void list_note(struct job *, enum api, const char *list, const char *unavailable);

/* For the files that read lists, each of one system: the list is replaced by temp.page, in one transaction:
 * list_clear(), list_insert(), list_done(); or the account does not tell it. */
void list_clear(struct job *, const struct list *);
void list_insert(struct job *, const struct list *);
void list_done(struct job *, const struct list *);
void list_unavailable(struct job *, const struct list *, const char *why);
/* Every store has the lists that nothing works without: who says 404 to one knows no such store (78). */
void list_refuse_account(const struct list *) __attribute__((noreturn));

/* shop_lists.c: a list of BigCommerce: the request, and what it answers.  False: an outage, noted. */
struct call *shop_list_ask(struct job *, const struct list *);
bool shop_list_take(struct job *, const struct list *, struct call *);

#endif
