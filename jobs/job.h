/* What a job's files include, and the stages that they provide.
 *
 * A stage's function returns true when it did its work (ok, or later when it said so with
 * job_later()), false when it failed for a reason that it gave with job_note(). */
#ifndef JOBS_JOB_H
#define JOBS_JOB_H

#include "lib/buf.h"
#include "lib/db.h"
#include "lib/die.h"
#include "lib/http.h"
#include "lib/log.h"
#include "lib/outage.h"
#include "lib/settings.h"
#include "lib/stage.h"

bool reference_extract(struct job *);
bool reference_transform(struct job *);
bool orders_extract(struct job *);
bool customers_extract(struct job *);
bool customers_transform(struct job *);
bool customers_load(struct job *);
bool orders_transform(struct job *);
bool orders_load(struct job *);
bool payments_extract(struct job *);
bool payments_transform(struct job *);
bool payments_load(struct job *);
bool notes_extract(struct job *);
bool notes_transform(struct job *);
bool notes_load(struct job *);
bool fulfillment_extract(struct job *);
bool fulfillment_transform(struct job *);
bool fulfillment_load(struct job *);
bool statuses_extract(struct job *);
bool statuses_transform(struct job *);
bool statuses_load(struct job *);
bool inventory_extract(struct job *);
bool inventory_transform(struct job *);
bool inventory_load(struct job *);
bool reconcile_extract(struct job *);
bool reconcile_transform(struct job *);

/* Of an answer's note (struct get's entry): its rows are lists, though a drop-ship note need not have them
 * and a transfer has others.  Rows that cannot be read are not "no rows", nor is a note "not shipped" that
 * tells it in an unknown way. */
#define NOTE_PARTS                                                                                 \
	"SELECT whole(r.key) AS row_id, p.type, p.value FROM json_each(e.value, '$.orderRows') r"  \
	" JOIN json_each(iif(r.type = 'array', r.value, json_array(json(r.value)))) p"             \
	" WHERE r.type IN ('object', 'array')"                                                     \
	" UNION ALL SELECT whole(iif(p.type = 'object', p.value -> '$.salesOrderRowId', NULL)),"   \
	" p.type, p.value FROM json_each(e.value, '$.products') p WHERE p.key IS NOT NULL"
#define NOTE_ENTRY                                                                                  \
	"whole(e.key) > 0"                                                                          \
	" AND coalesce(json_type(e.value, '$.orderRows'), 'null') IN ('null', 'object', 'array')"   \
	" AND NOT EXISTS (SELECT 1 FROM json_each(e.value, '$.orderRows') r"                        \
	"                  WHERE r.key IS NOT NULL AND r.type NOT IN ('object', 'array'))"          \
	" AND coalesce(json_type(e.value, '$.status'), 'null') IN ('null', 'object')"               \
	" AND (coalesce(e.value ->> '$.status.shipped', e.value ->> '$.shipped') IS NULL"           \
	"  OR flag(coalesce(e.value ->> '$.status.shipped', e.value ->> '$.shipped')) IS NOT NULL)" \
	" AND (coalesce(flag(e.value ->> '$.transfer'), 0) OR NOT EXISTS (SELECT 1 FROM"            \
	"      (" NOTE_PARTS ") WHERE NOT coalesce(row_id > 0 AND"                                  \
	"      iif(type = 'object', whole(value -> '$.quantity') > 0, 0), 0)))"
#define GOODS_OUT_ENTRY                                                                            \
	NOTE_ENTRY " AND (json_type(e.value, '$.orderRows') IN ('object', 'array')"                \
		   " OR coalesce(flag(e.value ->> '$.transfer'), 0))"

#endif
