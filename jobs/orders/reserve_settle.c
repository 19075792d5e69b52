/* Reservations that were refused, or of which no answer came: what is there now tells what to do. */
#include "jobs/inventory/availability.h"
#include "jobs/job.h"
#include "jobs/orders/reserve.h"
#include "jobs/wave.h"
#include "lib/out.h"
#include "lib/reject.h"

#include <stdlib.h>
#include <string.h>

/* how: as out_came() has it; "short": nothing came of it, and how it came before stands. */
static void done(struct job *job, const char *key, const char *message, const char *how)
{
	out_done(job, "out_reservation", key,
		 db_int(job->db, 0, "SELECT sale_id FROM out_reservation WHERE key = ?", "t", key));
	db_run(job->db, "UPDATE out_reservation SET message = ? WHERE key = ?", "tt", message, key);
	if (how && !strcmp(how, "short"))
		out_count_came(job, how, 1);
	else
		out_came(job, "out_reservation", key, how);
}

static void reject(struct job *job, const char *key, const char *reason, const char *message,
		   const char *hint)
{
	char *record = db_text(job->db,
			       "SELECT 'reservation:' || order_id FROM out_reservation"
			       " WHERE key = ?",
			       "t", key);

	out_reject(job, "out_reservation", key, message);
	reject_open(job, "orders", record, reason, message, hint);
	job->counts.rejected++;
	free(record);
}

/* A row that was claimed, as its reservation was found. */
struct claim {
	char *key, *refused; /* refused: what was said, NULL = the outcome is unknown */
	bool ours;           /* it was a change of ours */
	bool release;        /* nothing is wanted any more */
	bool present;        /* there is a reservation */
	bool over, under;    /* more, less than is wanted is in it */
	bool on_hand;        /* some of what is wanted could have been had */
	bool untold; /* rows of which none is wanted were left out: they may be told with 0 */
};

static void set_zeros(struct job *job, const char *key, int64_t zeros)
{
	db_run(job->db, "UPDATE out_reservation SET zeros = ? WHERE key = ?", "it", zeros, key);
}

static void reject_kept(struct job *job, const char *key, const char *message)
{
	set_zeros(job, key, 2);
	/* as it will be composed from now on: the same is not tried again */
	db_run(job->db,
	       "UPDATE out_reservation SET body = json_object('products', (SELECT"
	       " json_group_array(json(p.value)) FROM json_each(body, '$.products') p"
	       " WHERE p.value ->> '$.quantity' > 0)) WHERE key = ?",
	       "t", key);
	reject(job, key, "reservation_not_released", message,
	       "lower the sales order's reservation in Brightpearl, so that its goods can be sold, "
	       "then ./run.sh retry");
}

/* What was tried is not tried again until more is wanted, or more is on hand. */
static void settle_present(struct job *job, const struct claim *c)
{
	if (!c->ours && c->refused) {
		reserve_store(job, c->key, "other");
		done(job, c->key, "somebody else reserved it: it is left as it is", "found");
		return;
	}
	reserve_store(job, c->key, "us");
	if (!c->refused && (c->over || c->under)) {
		out_release(job, "out_reservation", c->key, NULL);
	} else if (!c->over) {
		done(job, c->key, c->under ? c->refused : NULL,
		     c->refused ? c->under ? "short" : "found" : NULL);
	} else if (c->untold) {
		set_zeros(job, c->key, 1);
		out_release(job, "out_reservation", c->key, NULL);
	} else {
		char *message = wave_refusal(BRIGHTPEARL, c->refused);
		reject_kept(job, c->key, message);
		free(message);
	}
}

static void settle_absent(struct job *job, const struct claim *c)
{
	reserve_store(job, c->key, NULL);
	if (c->release)
		done(job, c->key, NULL, c->refused ? "found" : NULL);
	else if (!c->refused) /* a second reservation is refused, so repeating one is safe */
		out_absent(job, "out_reservation", c->key, true);
	else if (c->ours)
		out_release(job, "out_reservation", c->key, NULL);
	else if (!c->on_hand)
		done(job, c->key, c->refused, "short");
	else {
		char *message = wave_refusal(BRIGHTPEARL, c->refused);
		reject(job, c->key, "reservation_refused", message,
		       "mend what it names in the sales order or the warehouse, then ./run.sh "
		       "retry");
		free(message);
	}
}

static const char claims_sql[] =
	"SELECT x.key, x.refused, x.holder = 'us', json_array_length(x.body, '$.products') = 0,"
	" f.present, EXISTS (SELECT 1 FROM temp.found_row g JOIN out_reservation_row r"
	"   ON r.order_id = x.order_id AND r.row_id = g.row_id WHERE g.key = x.key"
	"   AND g.quantity > r.wanted),"
	" EXISTS (SELECT 1 FROM out_reservation_row r LEFT JOIN temp.found_row g"
	"   ON g.key = x.key AND g.row_id = r.row_id WHERE r.order_id = x.order_id"
	"   AND coalesce(g.quantity, 0) < r.wanted),"
	" EXISTS (SELECT 1 FROM out_reservation_row r JOIN stg_bp_availability_warehouse w"
	"   ON w.product_id = r.product_id AND w.warehouse_id = x.warehouse_id"
	"   WHERE r.order_id = x.order_id AND r.wanted > 0 AND w.on_hand > 0),"
	" x.zeros = 0 AND EXISTS (SELECT 1 FROM out_reservation_row r JOIN temp.found_row g"
	"   ON g.key = x.key AND g.row_id = r.row_id WHERE r.order_id = x.order_id"
	"   AND r.wanted = 0)"
	" FROM out_reservation x JOIN temp.found f ON f.key = x.key"
	" WHERE x.state = 'claimed' AND x.key > :last ORDER BY x.key LIMIT 1";

static bool next_claim(struct job *job, struct claim *c, const char *last)
{
	STMT st = db_prepare(job->db, claims_sql);

	bind(st, ":last", last);
	if (!stmt_row(st))
		return false;
	*c = (struct claim){.key = xstrdup(col_text(st, 0)),
			    .refused = col_null(st, 1) ? NULL : xstrdup(col_text(st, 1)),
			    .ours = col_int(st, 2),
			    .release = col_int(st, 3),
			    .present = col_int(st, 4),
			    .over = col_int(st, 5),
			    .under = col_int(st, 6),
			    .on_hand = col_int(st, 7),
			    .untold = col_int(st, 8)};
	return true;
}

/* Was there none to be had where a new reservation was refused? */
static bool read_stock_of_refused(struct job *job)
{
	db_script(
		job->db,
		"DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked(id INTEGER PRIMARY KEY);"
		"INSERT INTO temp.asked SELECT DISTINCT r.product_id FROM out_reservation x"
		"  JOIN temp.found f ON f.key = x.key AND NOT f.present"
		"  JOIN out_reservation_row r ON r.order_id = x.order_id AND r.wanted > 0"
		" WHERE x.state = 'claimed' AND x.refused IS NOT NULL AND x.holder IS NULL");
	return availability_read(job);
}

bool reserve_settle(struct job *job)
{
	struct claim c;
	char *last = xstrdup("");

	if (!reserve_read(job, "state = 'claimed'") || !read_stock_of_refused(job)) {
		free(last);
		return false;
	}
	db_begin(job->db);
	while (next_claim(job, &c, last)) {
		if (c.refused)
			db_run(job->db,
			       "UPDATE out_reservation_row SET tried = wanted WHERE order_id ="
			       " (SELECT order_id FROM out_reservation WHERE key = ?)",
			       "t", c.key);
		if (c.present)
			settle_present(job, &c);
		else
			settle_absent(job, &c);
		free(c.refused);
		free(last);
		last = c.key;
	}
	db_commit(job->db);
	free(last);
	return true;
}

bool reserve_guard(struct job *job)
{
	if (!reserve_read(job, "state = 'pending' AND holder IS NULL AND NOT guarded"))
		return false;
	db_begin(job->db);
	db_run(job->db,
	       "UPDATE out_reservation SET guarded = 1 WHERE key IN (SELECT key FROM temp.found)",
	       "");
	STMT st = db_prepare(job->db, "SELECT key FROM temp.found WHERE present ORDER BY key");
	while (stmt_row(st)) {
		reserve_store(job, col_text(st, 0), "other");
		done(job, col_text(st, 0), "somebody else reserved it: it is left as it is",
		     "found");
	}
	db_commit(job->db);
	return true;
}

/* Of what was changed and read again: more is still reserved than is wanted. */
#define KEPT                                                                                       \
	"state = 'done' AND holder = 'us' AND read_run = (SELECT id FROM current_run)"             \
	" AND order_id IN (SELECT order_id FROM temp.reserving)"                                   \
	" AND EXISTS (SELECT 1 FROM out_reservation_row r WHERE r.order_id = x.order_id"           \
	" AND r.reserved > r.wanted"

bool reserve_name_zeros(struct job *job)
{
	db_begin(job->db);
	db_script(job->db, "UPDATE out_reservation AS x SET zeros = 1 WHERE zeros = 0 AND " KEPT
			   " AND r.wanted = 0)");
	bool some = db_changes(job->db) > 0;
	db_commit(job->db);
	return some;
}

void reserve_tell_kept(struct job *job)
{
	db_begin(job->db);
	STMT st = db_prepare(
		job->db,
		"SELECT key, (SELECT printf('Brightpearl took the change, and still"
		" reserves %d pieces more than the order needs',"
		"   sum(r.reserved - r.wanted)) FROM out_reservation_row r"
		"  WHERE r.order_id = x.order_id AND r.reserved > r.wanted), coalesce(how, 'created')"
		" FROM out_reservation x WHERE " KEPT ")");

	while (stmt_row(st)) {
		out_count_came(job, col_text(st, 2), -1);
		reject_kept(job, col_text(st, 0), col_text(st, 1));
	}
	db_commit(job->db);
}
