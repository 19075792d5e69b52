/* out_note -> custom fields of sales orders, messages and notes of BigCommerce's orders.
 *
 * A custom field is changed by a PATCH of one operation, which no multi-message may hold; it
 * answers all custom fields of the order.  BigCommerce takes the one field that changed and answers
 * the order.  What they answer is what the other side made of the text. */
#include "jobs/job.h"
#include "jobs/notes/notes.h"

#include <stdlib.h>

extern const char sql_notes_pair[], sql_agreed_merge[], sql_notes_transform[];

static const char *const merge[] = {sql_notes_pair, sql_agreed_merge, sql_notes_transform, NULL};

/* The field's text as answered, else as sent; NULL when it was removed. */
static char *field_text(struct job *job, const char *key, const char *answer)
{
	return db_text(
		job->db,
		"SELECT coalesce(iif(json_valid(?1), ?1, '{}')"
		"                ->> printf('$.response.\"%s\"', substr(body ->> '$[0].path', 2)),"
		"                body ->> '$[0].value') FROM out_note WHERE key = ?2",
		"tt", answer, key);
}

static void told_brightpearl(struct job *job, const char *key, const char *answer)
{
	char *text = field_text(job, key, answer);
	char *bare = db_text(job->db, "SELECT bare(coalesce(?, ''))", "t", text);

	db_run(job->db,
	       "DELETE FROM stg_bp_sale_field WHERE (sale_id, code) = (SELECT k.sales_order_id,"
	       " substr(x.body ->> '$[0].path', 2) FROM out_note x"
	       " JOIN link_order k ON k.order_id = x.order_id WHERE x.key = ?)",
	       "t", key);
	db_run(job->db,
	       "INSERT INTO stg_bp_sale_field(sale_id, code, value, bare)"
	       " SELECT k.sales_order_id, substr(x.body ->> '$[0].path', 2), ?1, ?2 FROM out_note x"
	       " JOIN link_order k ON k.order_id = x.order_id WHERE x.key = ?3 AND ?1 IS NOT NULL",
	       "ttt", text, bare, key);
	db_run(job->db,
	       "UPDATE stg_bp_sale SET sha256 = '' WHERE id = (SELECT k.sales_order_id"
	       " FROM out_note x JOIN link_order k ON k.order_id = x.order_id WHERE x.key = ?)",
	       "t", key);
	agreed_done(job, &notes_job, key, bare);
	free(text);
	free(bare);
}

static void told_bigcommerce(struct job *job, const char *key, const char *answer)
{
	char *field = db_text(job->db,
			      "SELECT iif(field = 'customer_note', 'customer_message',"
			      " 'staff_notes') FROM out_note WHERE key = ?",
			      "t", key);
	char *text = db_text(job->db,
			     "SELECT coalesce(iif(json_valid(?1), ?1, '{}') ->> ?2, body ->> ?2)"
			     " FROM out_note WHERE key = ?3",
			     "ttt", answer, field, key);
	char *bare = db_text(job->db, "SELECT bare(?)", "t", text);
	char *sql = xasprintf("UPDATE stg_bc_order SET %s = plain(?), %s_bare = ?, sha256 = ''"
			      " WHERE id = (SELECT order_id FROM out_note WHERE key = ?)",
			      field, field);

	db_run(job->db, sql, "ttt", text, bare, key);
	agreed_done(job, &notes_job, key, bare);
	free(field);
	free(text);
	free(bare);
	free(sql);
}

static void refused_brightpearl(struct job *job, const char *key, const char *why)
{
	agreed_refused(job, &notes_job, BRIGHTPEARL, key, why);
}

static void refused_bigcommerce(struct job *job, const char *key, const char *why)
{
	agreed_refused(job, &notes_job, BIGCOMMERCE, key, why);
}

#define TO_BRIGHTPEARL AGREED_READY("brightpearl")
#define TO_BIGCOMMERCE AGREED_READY("bigcommerce")

static const struct wave to_brightpearl = {
	.api = BRIGHTPEARL,
	.table = "out_note",
	.ready = TO_BRIGHTPEARL,
	.select = "SELECT key, body, (SELECT printf('/order-service/order/%d/custom-field',"
		  " k.sales_order_id) FROM link_order k WHERE k.order_id = out_note.order_id)"
		  "  FROM out_note WHERE " TO_BRIGHTPEARL " AND key > :last ORDER BY key LIMIT 1",
	.method = "PATCH",
	.what = "notes",
	.claims = true,
	.single = true,
	.answered = told_brightpearl,
	.refused = refused_brightpearl,
};

static const struct wave to_bigcommerce = {
	.api = BIGCOMMERCE,
	.table = "out_note",
	.ready = TO_BIGCOMMERCE,
	.select = "SELECT key, body, printf('/v2/orders/%d', order_id) FROM out_note"
		  " WHERE " TO_BIGCOMMERCE " AND key > :last ORDER BY key LIMIT 1",
	.method = "PUT",
	.what = "notes",
	.claims = true,
	.answered = told_bigcommerce,
	.refused = refused_bigcommerce,
};

static bool send_to_brightpearl(struct job *job)
{
	return wave_send(job, &to_brightpearl);
}

static bool send_to_bigcommerce(struct job *job)
{
	return wave_send(job, &to_bigcommerce);
}

const struct agreed_job notes_job = {
	.name = "notes",
	.table = "out_note",
	.merge = merge,
	.direction = {"notes.to_bigcommerce", "notes.to_brightpearl"},
	.wave = {&to_bigcommerce, &to_brightpearl},
	.send = {send_to_bigcommerce, send_to_brightpearl},
};

bool notes_load(struct job *job)
{
	return agreed_load(job, &notes_job);
}
