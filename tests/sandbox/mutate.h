/* Answers that are well-formed and wrong: fault kind "mutate", its arg is a number.
 *
 * A mutation changes the true answer of a request that was processed.  It is known by its number, from 1
 * on, and does the same to the same answer each time; those that need another answer (an earlier page,
 * another record) take it from what this process answered before.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include "exchange.h"

const char *mutation_name(int number); /* NULL: there is no such mutation */

/* Change the answer; false: this mutation means nothing for it, and it is as before. */
bool mutate(struct exchange *, int number);

/* Keep a true answer, for mutations of later ones. */
void mutate_remember(const struct exchange *);

/* Write into table mutation each one that would change this answer, once for each different result. */
void mutate_list(const struct exchange *, int64_t request);

#endif
