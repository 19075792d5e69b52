/* BigCommerce's products and variants -> ref_bc_product: other product keys than the SKU on the
 * line, and tax classes, which lines do not carry. */
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/bigcommerce/ids.h"
#include "lib/pipeline.h"

#include <stdlib.h>
#include <string.h>

#define MANY_NEW    100 /* products: more are read with all the others */
#define VARIANTS_OF 50  /* products */

static const char keep_products[] =
	"INSERT OR REPLACE INTO ref_bc_product(product_id, variant_id, sku, sku_fold, upc, mpn, "
	"gtin,"
	"       upc_fold, mpn_fold, gtin_fold, tax_class_id, tracking, availability)"
	" SELECT id, 0, tidy(payload ->> '$.sku'), fold(payload ->> '$.sku'), payload ->> '$.upc',"
	"        payload ->> '$.mpn', payload ->> '$.gtin', fold(payload ->> '$.upc'),"
	"        fold(payload ->> '$.mpn'), fold(payload ->> '$.gtin'),"
	"        whole(payload -> '$.tax_class_id'),"
	"        payload ->> '$.inventory_tracking', payload ->> '$.availability' FROM temp.page";

static const char keep_variants[] =
	"INSERT OR REPLACE INTO ref_bc_product(product_id, variant_id, sku, sku_fold, upc, mpn, "
	"gtin, upc_fold, mpn_fold, gtin_fold)"
	" SELECT whole(payload -> '$.product_id'), id, tidy(payload ->> '$.sku'),"
	"        fold(payload ->> '$.sku'), payload ->> '$.upc', payload ->> '$.mpn',"
	"        payload ->> '$.gtin', fold(payload ->> '$.upc'), fold(payload ->> '$.mpn'),"
	"        fold(payload ->> '$.gtin') FROM temp.page";

static const struct bc_list products = {
	.what = "products",
	.path = "/v3/catalog/products?sort=id&direction=asc&include_fields=sku,upc,mpn,gtin,"
		"tax_class_id,inventory_tracking,availability",
	.limit = 250,
	.by_id = true,
	.may_be_absent = true,
	.may_be_forbidden = true,
	.may_be_refused = true,
	.shape =
		"json_type(value, '$.sku') IS NOT NULL OR json_type(value, '$.inventory_tracking') IS NOT NULL",
	.nameless = "product",
	.job = "reference",
};

static const struct bc_list variants = {
	.what = "variants",
	.path = "/v3/catalog/variants?include_fields=id,product_id,sku,upc,mpn,gtin",
	.limit = 250,
	.may_be_absent = true,
	.may_be_forbidden = true,
	.may_be_refused = true,
	.shape = "json_type(value, '$.product_id') IS NOT NULL",
	.id = "iif(whole(value -> '$.product_id') > 0, whole(value -> '$.id'), NULL)",
	.nameless = "variant",
	.job = "reference",
};

/* The whole list into the table by that script.  *absent: the account does not tell it. */
static bool read_list(struct job *job, const struct bc_list *list, const char *script, bool *absent)
{
	struct bc_read read;

	if (!bc_list_read(job, list, NULL, &read))
		return false;
	db_begin(job->db);
	*absent = read.absent || read.refused;
	if (*absent)
		list_note(job, BIGCOMMERCE, "product", read.message);
	else
		db_script(job->db, script);
	db_commit(job->db);
	return true;
}

/* Those with ids above `last`. */
static bool read_products(struct job *job, int64_t last, const char *script, bool *absent)
{
	struct bc_list list = products;

	list.above = last;
	return read_list(job, &list, script, absent);
}

static char *of_products(void *context, const struct bc_read *read)
{
	(void)read;
	return xasprintf("&product_id:in=%s", (const char *)context);
}

/* Those of some products; one without any is answered by an empty list or by 404. */
static bool read_variants_of(struct job *job, char *ids)
{
	struct bc_list list = variants;
	struct bc_read read;

	list.query = of_products;
	list.context = ids;
	list.may_be_forbidden = list.may_be_refused = false;
	list.nameless = NULL;
	if (!bc_list_read(job, &list, NULL, &read))
		return false;
	if (!read.absent)
		db_script(job->db, keep_variants);
	return true;
}

/* Both lists, then the table at once: until all is read, what is known stays. */
bool catalog_read(struct job *job)
{
	bool absent;

	if (!read_products(
		    job, 0,
		    "DROP TABLE IF EXISTS temp.all_products; CREATE TEMP TABLE all_products AS"
		    " SELECT id, payload FROM temp.page",
		    &absent))
		return false;
	if (!absent && !read_list(job, &variants, "", &absent))
		return false;
	if (absent)
		return true;
	db_begin(job->db);
	db_script(job->db, "DELETE FROM ref_bc_product");
	db_script(job->db, keep_variants);
	db_script(job->db,
		  "DELETE FROM temp.page;"
		  "INSERT INTO temp.page(id, payload) SELECT id, payload FROM temp.all_products;"
		  "DROP TABLE temp.all_products");
	db_script(job->db, keep_products);
	list_note(job, BIGCOMMERCE, "product", NULL);
	named_note_list(job, "bc_product");
	db_commit(job->db);
	return true;
}

static void keep_asked(struct job *job, const char *ids, const struct bc_read *read)
{
	if (!read->absent && !read->refused)
		db_script(job->db, keep_products);
	named_listed(job, ids, read);
}

/* Some products at a time, all pages of their variants. */
static bool read_asked_variants(struct job *job)
{
	int64_t last = 0;
	bool fine = true;
	char *ids;

	while (fine && (ids = asked_next_ids(job, &last, VARIANTS_OF))) {
		fine = read_variants_of(job, ids);
		free(ids);
	}
	return fine;
}

bool catalog_read_asked(struct job *job, bool with_variants)
{
	struct bc_list list = products;

	if (with_variants && !read_asked_variants(job))
		return false;
	list.what = "products of orders";
	list.by_id = false;
	list.may_be_forbidden = false;
	list.nameless = NULL;
	return bc_ids_read(job, &list, keep_asked);
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
	bool absent, fine;

	if (!last)
		return true;
	if (!read_products(job, last, keep_products, &absent))
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
	fine = read_variants_of(job, ids);
	free(ids);
	if (!fine)
		catalog_doubted(job);
	return fine;
}
