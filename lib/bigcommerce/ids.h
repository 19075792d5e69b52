/* Records of a V3 list by their ids, many in a request.
 *
 * The caller fills temp.asked(id INTEGER PRIMARY KEY); they are asked for in ascending order by id:in, and each
 * answer, which is a list like any other (list.h), is handed over as temp.page with the ids that it was
 * about ("1001,1002").  read->absent, read->refused: there is no such list, or they may not be read.
 */
#ifndef LIB_BIGCOMMERCE_IDS_H
#define LIB_BIGCOMMERCE_IDS_H

#include "lib/bigcommerce/list.h"

/* Inside a transaction. */
typedef void bc_ids_keep(struct job *, const char *ids, const struct bc_read *);

/* False: an outage or a refusal, noted. */
bool bc_ids_read(struct job *, const struct bc_list *, bc_ids_keep *);

#endif
