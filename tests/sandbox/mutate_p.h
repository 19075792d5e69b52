/* Between the parts of mutate.c. */
#ifndef MUTATE_P_H
#define MUTATE_P_H

#include "mutate.h"

/* A change of a parsed answer: the new root (which may be the old one, changed), or NULL for "means
 * nothing here" (then root is deleted by the caller). */
typedef cJSON *tree_fn(cJSON *root, const char *arg);

/* mutate_tree.c */
cJSON *json_rows(cJSON *root);               /* the list of records in an answer, or NULL */
void json_become(cJSON *item, cJSON *value); /* takes value */
void json_reverse(cJSON *list);
void json_cut(cJSON *list, int from, int count);
tree_fn tree_rows, tree_wrap;

/* mutate_meta.c */
tree_fn tree_totals, tree_columns;

/* mutate_field.c: changes every field of a kind; arg is "KIND=BECOMES" */
tree_fn tree_fields;

/* mutate_bytes.c: on the text itself; false: nothing to change */
bool bytes_change(char **body, const char *arg);

#endif
