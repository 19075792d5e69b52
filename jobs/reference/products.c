/* Brightpearl's products -> ref_bp_product, so that a SKU costs no request of its own. */
#include "jobs/job.h"
#include "jobs/reference/lists.h"
#include "lib/brightpearl/get.h"
#include "lib/brightpearl/search.h"

static void stage(struct job *job)
{
	db_script(job->db,
		  "INSERT OR REPLACE INTO ref_bp_product(id, sku, sku_fold, barcode, ean, upc, "
		  "mpn, isbn,"
		  "       name, status, stock_tracked)"
		  " SELECT whole(payload -> '$.productId'), tidy(payload ->> '$.SKU'),"
		  "        fold(payload ->> '$.SKU'), payload ->> '$.barcode', payload ->> '$.EAN',"
		  "        payload ->> '$.UPC', payload ->> '$.MPN', payload ->> '$.ISBN',"
		  "        tidy(payload ->> '$.productName'), payload ->> '$.productStatus',"
		  "        flag(payload ->> '$.stockTracked')"
		  "   FROM temp.page WHERE whole(payload -> '$.productId') IS NOT NULL");
}

static const struct search products = {
	.path = "/product-service/product-search",
	.columns = "productId,productName,SKU,barcode,EAN,UPC,ISBN,MPN,"
		   "stockTracked,productStatus",
	.told = "createdOn,updatedOn",
	.filter = "",
	.moved = "updatedOn",
	.what = "Brightpearl products",
	.stage = stage};

static bool read_by(struct job *job, const char *date, const char *name, bool all, int64_t *moved)
{
	struct search search = products;
	struct feed feed = feed_open(job, name, 0);

	search.date = date;
	/* what is not listed may become a text row, for good */
	search.guards = !setting_is(job->db, "orders.missing_sku", "hold");

	if (all)
		feed = (struct feed){.name = name};
	if (!search_window(job, &search, &feed))
		return false;
	*moved = feed_moved(&feed);
	return true;
}

/* SQL sees the key that settings choose as a column of its own. */
void products_fill_key(struct job *job)
{
	db_script(job->db,
		  "UPDATE ref_bp_product SET key_fold = k.key FROM (SELECT id, nullif(fold("
		  " CASE (SELECT value FROM setting WHERE name = 'products.brightpearl_key')"
		  " WHEN 'barcode' THEN barcode WHEN 'ean' THEN ean WHEN 'upc' THEN upc WHEN 'mpn' "
		  "THEN mpn"
		  " WHEN 'isbn' THEN isbn ELSE sku END), '') AS key FROM ref_bp_product) k"
		  " WHERE k.id = ref_bp_product.id AND k.key IS NOT ref_bp_product.key_fold");
}

bool products_read(struct job *job, bool all)
{
	int64_t moved = 0;

	if (all)
		db_script(job->db,
			  "DELETE FROM ref_bp_product; DELETE FROM ref_read WHERE list = 'product'"
			  " AND system = 'brightpearl'");
	if (!read_by(job, "createdOn", "bp_products_created", all, &moved))
		return false;
	if (!all && !read_by(job, "updatedOn", "bp_products_updated", false, &moved))
		return false;
	products_fill_key(job);
	db_begin(job->db);
	if (all) /* what changes from here on is told by updatedOn */
		feed_begin_at(job, "bp_products_updated", 0, moved);
	list_note(job, BRIGHTPEARL, "product", NULL);
	if (all)
		named_note_list(job, "bp_product");
	if (search_has_unread(job, &products))
		db_script(job->db, "UPDATE ref_read SET read_at = 0 WHERE system = 'brightpearl'"
				   " AND list = 'product'");
	db_commit(job->db);
	return true;
}

/* As GET product answers them: what is not set is absent there or empty. */
static void keep_asked(struct job *job, const char *ids, const struct reply *r)
{
	db_begin(job->db);
	if (r->outcome == HTTP_OK)
		db_run(job->db,
		       "UPDATE ref_bp_product SET sku = trim(p.value ->> '$.identity.sku'),"
		       "       sku_fold = fold(p.value ->> '$.identity.sku'),"
		       "       barcode = coalesce(p.value ->> '$.identity.barcode', ''),"
		       "       ean = coalesce(p.value ->> '$.identity.ean', ''),"
		       "       upc = coalesce(p.value ->> '$.identity.upc', ''),"
		       "       mpn = coalesce(p.value ->> '$.identity.mpn', ''),"
		       "       isbn = coalesce(p.value ->> '$.identity.isbn', ''),"
		       "       status = coalesce(p.value ->> '$.status', status),"
		       "       stock_tracked = coalesce(flag(p.value ->> '$.stock.stockTracked'), stock_tracked)"
		       "  FROM json_each(?, '$.response') p WHERE whole(p.value -> '$.id') = ref_bp_product.id",
		       "t", reply_json(r));
	named_answered(job, ids, r, "$.response");
	db_commit(job->db);
}

bool products_read_asked(struct job *job)
{
	if (!get_read(job, &(struct get){.before = "/product-service/product/",
					 .id = "$.id",
					 .record = "product:",
					 .called = "product",
					 .refused = keep_asked,
					 .most = 200,
					 .what = "products of orders",
					 .keep = keep_asked}))
		return false;
	products_fill_key(job);
	return true;
}
