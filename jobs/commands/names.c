#include "jobs/commands/names.h"

#include "jobs/commands/offers.h"
#include "jobs/commands/session.h"
#include "jobs/reference/lists.h"
#include "lib/csv.h"
#include "lib/file.h"
#include "lib/show.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A cell of a shipped file, and how the account's own is told: the SQL gives its name, or nothing. */
struct example {
	const char *file, *cell, *list, *own;
};

#define ONLY    "(SELECT count(*) FROM ref_list WHERE system = 'brightpearl' AND list = :list) = 1"
#define UNUSED  "instr(:text, char(10) || name || ',') = 0"
#define LIKE(x) "name_fold LIKE '%" x "%'"
#define RATE(x) "CAST(coalesce(rate, '0') AS REAL) = " x

static const struct example examples[] = {
	{"sales.csv", "Online shop", "channel",
	 ONLY " OR " LIKE("bigcommerce") " OR " LIKE("online") " OR " LIKE("web")},
	{"warehouses.csv", "Main Warehouse", "warehouse", UNUSED},
	{"warehouses.csv", "Overflow Warehouse", "warehouse", UNUSED},
	{"shipping.csv", "Express", "shipping_method",
	 LIKE("express") " OR " LIKE("next day") " OR " LIKE("priority")},
	{"shipping.csv", "Standard", "shipping_method",
	 ONLY " OR " LIKE("standard") " OR " LIKE("royal mail") " OR " LIKE("ground")},
	{"payments.csv", "CARD", "payment_method",
	 LIKE("card") " OR " LIKE("stripe") " OR " LIKE("braintree")},
	{"payments.csv", "PAYPAL", "payment_method", LIKE("paypal")},
	{"payments.csv", "BANK", "payment_method", LIKE("bank") " OR " LIKE("transfer")},
	{"taxes.csv", "T20", "tax_code", RATE("20")},
	{"taxes.csv", "T5", "tax_code", RATE("5")},
	/* which code without a rate means zero-rated, only its name tells */
	{"taxes.csv", "T0", "tax_code",
	 RATE("0") " AND (" LIKE(
		 "zero") " OR name_fold IN ('z', 't0')"
			 " OR coalesce(detail ->> '$.description', '') LIKE '%zero%')"},
};

/* NULL: there is none, or it is none that can be read. */
static char *read_file(const char *folder, const char *name)
{
	char *path = xasprintf("%s/mappings/%s", folder, name);
	size_t size = 0;
	char *text = csv_slurp(path, &size);

	free(path);
	return text;
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char *path = xasprintf("%s/mappings/%s", folder, name), *made = xasprintf("%s.tmp", path);
	int fd = file_open(made, O_WRONLY | O_CREAT | O_TRUNC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file || fputs(text, file) < 0 || fflush(file) != 0 || fsync(fileno(file)) < 0 ||
	    fclose(file) != 0 || rename(made, path) < 0)
		die(EX_CANTCREAT, "cannot write %s: %s", made, file_why(made));
	free(path);
	free(made);
}

/* As a cell of a CSV file. */
static char *as_cell(struct db *db, const char *name)
{
	return db_text(db, "SELECT cell(?)", "t", name);
}

/* Every cell of the text that is exactly `cell` becomes `own`.  malloc'ed. */
static char *replace_cell(const char *text, const char *cell, const char *own)
{
	BUF out = buf_new(1 << 20);
	size_t length = strlen(cell);

	for (const char *at = text; *at;) {
		bool begins = at == text || at[-1] == ',' || at[-1] == '\n';
		char after = begins && !strncmp(at, cell, length) ? at[length] : 'x';
		if (after == ',' || after == '\n' || after == '\r' || after == 0) {
			buf_text(&out, own);
			at += length;
		} else
			buf_add(&out, at++, 1);
	}
	return buf_take(&out);
}

static bool has_it(struct db *db, const struct example *e)
{
	return db_int(
		db, 0,
		"SELECT EXISTS (SELECT 1 FROM ref_list WHERE system = 'brightpearl' AND usable"
		" AND list = ? AND (name_fold = fold(?) OR id = ?))",
		"ttt", e->list, e->cell, e->cell);
}

/* The account's own name for it, malloc'ed; NULL: it cannot be told.  Codes go by their id. */
static char *own_name(struct db *db, const struct example *e, const char *text)
{
	char *sql = xasprintf(
		"SELECT iif(:list IN ('payment_method', 'tax_code'), id, name)"
		"  FROM ref_list WHERE system = 'brightpearl' AND list = :list AND usable"
		"   AND cell(name) IS NOT NULL AND (%s) ORDER BY CAST(id AS INTEGER), id LIMIT 1",
		e->own);
	STMT st = db_prepare(db, sql);

	free(sql);
	bind(st, ":list", e->list);
	if (sqlite3_bind_parameter_index(st, ":text"))
		bind(st, ":text", text);
	return stmt_row(st) ? xstrdup(col_text(st, 0)) : NULL;
}

/* text is replaced by the filled one. */
static void fill_cell(struct db *db, const struct options *o, const struct example *e, char **text)
{
	char *own = has_it(db, e) ? NULL : own_name(db, e, *text);

	if (own) {
		char *cell = as_cell(db, own), *filled = replace_cell(*text, e->cell, cell);
		show("  filled %s/mappings/%s: %s -> %s\n", o->store, e->file, e->cell, own);
		free(*text);
		*text = filled;
		free(cell);
	} else if (!has_it(db, e))
		show("  look   %s/mappings/%s: your account has no \"%s\"; write what it is "
		     "called\n",
		     o->store, e->file, e->cell);
	free(own);
}

static void fill_file(struct db *db, const struct options *o, const char *file)
{
	char *text = read_file(o->store, file), *shipped = read_file(o->home, file);

	if (text && shipped && !strcmp(text, shipped)) {
		for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
			if (!strcmp(examples[i].file, file))
				fill_cell(db, o, &examples[i], &text);
		if (strcmp(text, shipped) != 0)
			write_file(o->store, file, text);
	}
	free(text);
	free(shipped);
}

int names_fill(const struct options *o, int *complaints)
{
	struct session *s = session_begin(o, "init");
	struct job *job = session_job(s);
	int code = 0;

	if (lists_read(job)) {
		const char *last = "";
		for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
			if (strcmp(examples[i].file, last) != 0)
				fill_file(job->db, o, examples[i].file);
			last = examples[i].file;
		}
		db_begin(job->db);
		*complaints = session_mappings(job->db, o);
		offers_print(job->db, o);
		db_commit(job->db);
		show("  %d complaint%s about the mappings\n", *complaints,
		     *complaints == 1 ? "" : "s");
	} else {
		show("  the lists of both systems could not be read, so no names were filled in: "
		     "%s\n",
		     job->message);
		code = job->code ? job->code : EX_TEMPFAIL;
	}
	session_close(s);
	return code;
}
