/* BigCommerce's products and variants -> ref_bc_product: other product keys than the SKU on the
 * line, and tax classes, which lines do not carry. */
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/bulk.h"

#include <stdlib.h>
#include <string.h>

#define MANY_NEW    100 /* products: more are read with all the others */
#define VARIANTS_OF 50  /* products */

/* Products by id, so that pages do not shift: ...&id:greater=LAST */
static const char keep_products[] =
	"INSERT OR REPLACE INTO ref_bc_product(product_id, variant_id, sku, sku_fold, upc, mpn, "
	"gtin,"
	"       upc_fold, mpn_fold, gtin_fold, tax_class_id, tracking, availability)"
	" SELECT value ->> '$.id', 0, tidy(value ->> '$.sku'), fold(value ->> '$.sku'), value ->> "
	"'$.upc',"
	"        value ->> '$.mpn', value ->> '$.gtin', fold(value ->> '$.upc'),"
	"        fold(value ->> '$.mpn'), fold(value ->> '$.gtin'),"
	"        whole(value -> '$.tax_class_id'),"
	"        value ->> '$.inventory_tracking', value ->> '$.availability'"
	"   FROM json_each(?, '$.data') WHERE whole(value -> '$.id') IS NOT NULL";

static const char keep_variants[] =
	"INSERT OR REPLACE INTO ref_bc_product(product_id, variant_id, sku, sku_fold, upc, mpn, "
	"gtin, upc_fold, mpn_fold, gtin_fold)"
	" SELECT value ->> '$.product_id', value ->> '$.id', tidy(value ->> '$.sku'), fold(value ->> "
	"'$.sku'),"
	"        value ->> '$.upc', value ->> '$.mpn', value ->> '$.gtin',"
	"        fold(value ->> '$.upc'), fold(value ->> '$.mpn'), fold(value ->> '$.gtin')"
	"   FROM json_each(?, '$.data')"
	"  WHERE whole(value -> '$.id') IS NOT NULL AND whole(value -> '$.product_id') IS NOT NULL";

/* One page into the table; *count records, *last the highest id.  False: an outage or a refusal. */
static bool keep_page(struct job *job, const char *path, const char *sql, int64_t *count,
		      int64_t *last, bool *absent)
{
	REPLY r = http_send(job->http, &(struct http_request){.api = BIGCOMMERCE,
							      .method = "GET",
							      .path = path,
							      .may_be_absent = true});

	*count = 0;
	if (r.outcome == HTTP_REFUSED) {
		*absent = true;
		db_begin(job->db);
		list_note(job, BIGCOMMERCE, "product", r.message);
		db_commit(job->db);
		return true;
	}
	if (r.outcome != HTTP_OK)
		return job_outage(job, BIGCOMMERCE, "reading the catalogue", &r);
	db_begin(job->db);
	*count = db_int(job->db, 0, "SELECT json_array_length(?, '$.data')", "t", reply_json(&r));
	*last = db_int(job->db, 0, "SELECT max(value ->> '$.id') FROM json_each(?, '$.data')", "t",
		       reply_json(&r));
	db_run(job->db, sql, "t", reply_json(&r));
	db_commit(job->db);
	return true;
}

/* Those with ids above `last`. */
static bool read_products(struct job *job, int64_t last, bool *absent)
{
	int64_t count = 1;

	while (count && !*absent) {
		char *path = xasprintf(
			"/v3/catalog/products?limit=250&sort=id&direction=asc&id:greater=%lld"
			"&include_fields=sku,upc,mpn,gtin,tax_class_id,inventory_tracking,"
			"availability",
			(long long)last);
		int64_t before = last;
		bool fine = keep_page(job, path, keep_products, &count, &last, absent);
		free(path);
		if (!fine)
			return false;
		if (count < 250 || last <= before)
			break;
	}
	return true;
}

static bool read_variants(struct job *job, const char *filter, bool *absent)
{
	int64_t count = 250, last;

	for (int page = 1; count == 250 && !*absent; page++) {
		char *path = xasprintf("/v3/catalog/variants?limit=250&page=%d%s"
				       "&include_fields=id,product_id,sku,upc,mpn,gtin",
				       page, filter);
		bool fine = keep_page(job, path, keep_variants, &count, &last, absent);
		free(path);
		if (!fine)
			return false;
	}
	return true;
}

bool catalog_read(struct job *job)
{
	bool absent = false;

	db_script(job->db,
		  "DELETE FROM ref_bc_product;"
		  "DELETE FROM ref_read WHERE list = 'product' AND system = 'bigcommerce'");
	if (!read_products(job, 0, &absent) || !read_variants(job, "", &absent))
		return false;
	if (absent)
		return true;
	db_begin(job->db);
	list_note(job, BIGCOMMERCE, "product", NULL);
	named_note_list(job, "bc_product");
	db_commit(job->db);
	return true;
}

static void keep_asked(struct job *job, const char *ids, const struct reply *r)
{
	db_begin(job->db);
	if (r->outcome == HTTP_OK)
		db_run(job->db, keep_products, "t", reply_json(r));
	named_answered(job, ids, r, "$.data");
	db_commit(job->db);
}

/* Some products at a time, all pages of their variants. */
static bool read_asked_variants(struct job *job)
{
	bool fine = true, absent = false;
	int64_t last = 0;
	char *ids;

	while (fine && !absent &&
	       (ids = db_text(job->db,
			      "SELECT group_concat(id) FROM (SELECT id FROM temp.asked WHERE id > ?"
			      " ORDER BY id LIMIT ?)",
			      "ii", last, (int64_t)VARIANTS_OF))) {
		char *filter = xasprintf("&product_id:in=%s", ids);
		const char *comma = strrchr(ids, ',');
		last = strtoll(comma ? comma + 1 : ids, NULL, 10);
		fine = read_variants(job, filter, &absent);
		free(filter);
		free(ids);
	}
	return fine;
}

bool catalog_read_asked(struct job *job, bool variants)
{
	if (variants && !read_asked_variants(job))
		return false;
	return bulk_read(
		job, &(struct bulk){
			     .api = BIGCOMMERCE,
			     .before = "/v3/catalog/products?limit=250&include_fields=sku,upc,mpn,"
				       "gtin,tax_class_id,inventory_tracking,availability&id:in=",
			     .after = "",
			     .most = 250,
			     .what = "products of orders",
			     .keep = keep_asked});
}

void catalog_doubted(struct job *job)
{
	db_run(job->db,
	       "UPDATE ref_read SET read_at = 0 WHERE system = 'bigcommerce' AND list = 'product'",
	       "");
}

bool catalog_read_new(struct job *job)
{
	int64_t last = db_int(job->db, 0, "SELECT max(product_id) FROM ref_bc_product", "");
	bool absent = false, fine;

	if (!last)
		return true;
	if (!read_products(job, last, &absent))
		return false;
	int64_t count = db_int(
		job->db, 0, "SELECT count(*) FROM ref_bc_product WHERE product_id > ?", "i", last);
	if (!count || absent)
		return true;
	if (count > MANY_NEW)
		return catalog_read(job);
	char *ids = db_text(
		job->db, "SELECT group_concat(product_id) FROM ref_bc_product WHERE product_id > ?",
		"i", last);
	char *filter = xasprintf("&product_id:in=%s", ids);
	fine = read_variants(job, filter, &absent);
	free(filter);
	free(ids);
	if (!fine)
		catalog_doubted(job);
	return fine;
}
