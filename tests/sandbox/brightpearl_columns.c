/* The columns of every search, in the order of the recordings, and the filters without a column.
 * t is the resource's row. */
#include "brightpearl.h"

#define STATUS   "SELECT name FROM bp_order_status WHERE id = ?", "orderStatusNames"
#define TYPE     "SELECT name FROM bp_order_type WHERE id = ?", "orderTypeNames"
#define STOCK    "SELECT name FROM bp_stock_status WHERE id = ?", "orderStockStatusNames"
#define SHIPPING "SELECT name FROM bp_shipping_status WHERE id = ?", "orderShippingStatusNames"
#define PAYMENT  "SELECT code FROM bp_payment_status WHERE id = ?", "orderPaymentStatusNames"
#define CATEGORY                                                                                   \
	"SELECT json_array(category_id) FROM bp_product WHERE id = ?", "productCategoryMembership"

#define TYPE_ID      "(SELECT id FROM bp_order_type WHERE code = t.order_type)"
#define STOCK_ID     "(SELECT id FROM bp_stock_status WHERE code = t.stock_status)"
#define SHIPPING_ID  "(SELECT id FROM bp_shipping_status WHERE code = t.shipping_status)"
#define PAYMENT_ID   "(SELECT id FROM bp_payment_status WHERE code = t.payment_status)"
#define CHANNEL_TYPE "(SELECT type_id FROM bp_channel WHERE id = t.channel_id)"

static const struct bp_column order_columns[] = {
	{"orderId", BP_IDSET, "t.id", BP_FS, NULL, NULL},
	{"orderTypeId", BP_IDSET, TYPE_ID, BP_FS, TYPE},
	{"contactId", BP_INTEGER, "t.contact_id", BP_FS, NULL, NULL},
	{"orderStatusId", BP_INTEGER, "t.status_id", BP_FS, STATUS},
	{"orderStockStatusId", BP_INTEGER, STOCK_ID, BP_FS, STOCK},
	{"createdOn", BP_PERIOD, "t.created_on", BP_FS, NULL, NULL},
	{"createdById", BP_INTEGER, "t.created_by", BP_FS, NULL, NULL},
	{"customerRef", BP_STRING, "t.ref", BP_FS, NULL, NULL},
	{"orderPaymentStatusId", BP_INTEGER, PAYMENT_ID, BP_FS, PAYMENT},
	{"updatedOn", BP_PERIOD, "t.updated_on", BP_FS, NULL, NULL},
	{"parentOrderId", BP_IDSET, "t.parent_id", BP_FS, NULL, NULL},
	{"orderShippingStatusId", BP_INTEGER, SHIPPING_ID, BP_FS, SHIPPING},
	{"externalRef", BP_STRING, "t.external_ref", BP_FS, NULL, NULL},
	{"installedIntegrationInstanceId", BP_INTEGER, "t.instance_id", BP_FS, NULL, NULL},
	{"warehouseId", BP_IDSET, "t.warehouse_id", BP_FS, NULL, NULL},
	{"staffOwnerContactId", BP_INTEGER, "t.staff_owner_id", BP_FS, NULL, NULL},
	{"taxDate", BP_PERIOD, "t.tax_date", BP_FS, NULL, NULL},
	{"departmentId", BP_INTEGER, "t.channel_id", BP_FS, NULL, NULL},
	{"deliveryDate", BP_PERIOD, "t.delivery_date", BP_FS, NULL, NULL},
	{"placedOn", BP_PERIOD, "t.placed_on", BP_F | BP_HIDDEN, NULL, NULL},
	{"shippingMethodId", BP_IDSET, "t.shipping_method_id", BP_F | BP_HIDDEN, NULL, NULL},
	{"projectId", BP_INTEGER, "t.project_id", BP_F | BP_HIDDEN, NULL, NULL},
	{"leadSourceId", BP_INTEGER, "t.lead_source_id", BP_F | BP_HIDDEN, NULL, NULL},
	{"isClosed", BP_BOOLEAN, "(t.closed_on IS NOT NULL)", BP_F | BP_HIDDEN, NULL, NULL},
	{"isHistoricalOrder", BP_BOOLEAN, "0", BP_F | BP_HIDDEN, NULL, NULL},
	{"channelTypeId", BP_INTEGER, CHANNEL_TYPE, BP_F | BP_HIDDEN, NULL, NULL},
	{"externalRefs", BP_STRING_SET, "t.external_ref", BP_F | BP_HIDDEN, NULL, NULL},
	{"externalRefSearchString", BP_SEARCH_STRING, "t.external_ref", BP_F | BP_HIDDEN, NULL,
	 NULL},
	{NULL},
};
const struct bp_resource bp_resource_order = {"bp_order", BP_VERSIONS, order_columns};

/* only sales orders: a view, with versions of its own */
static const struct bp_column sales_order_columns[] = {
	{"salesOrderId", BP_IDSET, "t.id", BP_FS, NULL, NULL},
	{"customerId", BP_INTEGER, "t.contact_id", BP_FS, NULL, NULL},
	{"orderStatusId", BP_INTEGER, "t.status_id", BP_FS, STATUS},
	{"orderStockStatus", BP_STRING, "t.stock_status", BP_FS, NULL, NULL},
	{"createdOn", BP_PERIOD, "t.created_on", BP_FS, NULL, NULL},
	{"createdById", BP_INTEGER, "t.created_by", BP_FS, NULL, NULL},
	{"customerRef", BP_STRING, "t.ref", BP_FS, NULL, NULL},
	{"orderPaymentStatus", BP_STRING, "t.payment_status", BP_FS, NULL, NULL},
	{"updatedOn", BP_PERIOD, "t.updated_on", BP_FS, NULL, NULL},
	{"orderShippingStatus", BP_STRING, "t.shipping_status", BP_FS, NULL, NULL},
	{"externalRef", BP_STRING, "t.external_ref", BP_FS, NULL, NULL},
	{"installedIntegrationInstanceId", BP_INTEGER, "t.instance_id", BP_FS, NULL, NULL},
	{"warehouseId", BP_IDSET, "t.warehouse_id", BP_FS, NULL, NULL},
	{"staffOwnerId", BP_INTEGER, "t.staff_owner_id", BP_FS, NULL, NULL},
	{"taxDate", BP_PERIOD, "t.tax_date", BP_FS, NULL, NULL},
	{"channelId", BP_INTEGER, "t.channel_id", BP_FS, NULL, NULL},
	{"deliveryDate", BP_PERIOD, "t.delivery_date", BP_FS, NULL, NULL},
	{"isHistoricalOrder", BP_BOOLEAN, "0", BP_F | BP_HIDDEN, NULL, NULL},
	{"customerRefs", BP_STRING_SET, "t.ref", BP_F | BP_HIDDEN, NULL, NULL},
	{NULL},
};
const struct bp_resource bp_resource_sales_order = {"bp_sales_order", BP_VERSIONS,
						    sales_order_columns};

static const struct bp_column note_columns[] = {
	{"orderId", BP_IDSET, "t.order_id", BP_FS, NULL, NULL},
	{"noteId", BP_IDSET, "t.id", BP_FS, NULL, NULL},
	{"contactId", BP_INTEGER, "t.contact_id", BP_FS, NULL, NULL},
	{"noteText", BP_SEARCH_STRING, "t.text", BP_FS, NULL, NULL},
	{"isPublic", BP_BOOLEAN, "t.is_public", BP_FS, NULL, NULL},
	{"dateAdded", BP_PERIOD, "t.added_on", BP_FS, NULL, NULL},
	{"addedBy", BP_INTEGER, "t.added_by", BP_FS, NULL, NULL},
	{"orderStatusId", BP_INTEGER, "t.status_id", BP_FS, STATUS},
	{NULL},
};
const struct bp_resource bp_resource_note = {"bp_order_note", BP_LAGS, note_columns};

static const struct bp_column contact_columns[] = {
	{"contactId", BP_IDSET, "t.id", BP_FS, NULL, NULL},
	{"primaryEmail", BP_SEARCH_STRING, "t.email", BP_FS, NULL, NULL},
	{"secondaryEmail", BP_SEARCH_STRING, "t.email2", BP_FS, NULL, NULL},
	{"tertiaryEmail", BP_SEARCH_STRING, "t.email3", BP_FS, NULL, NULL},
	{"firstName", BP_SEARCH_STRING, "t.first_name", BP_FS, NULL, NULL},
	{"lastName", BP_SEARCH_STRING, "t.last_name", BP_FS, NULL, NULL},
	{"isSupplier", BP_BOOLEAN, "t.is_supplier", BP_F, NULL, NULL},
	{"companyName", BP_SEARCH_STRING, "t.company", BP_FS, NULL, NULL},
	{"isStaff", BP_BOOLEAN, "t.is_staff", BP_F, NULL, NULL},
	{"isCustomer", BP_BOOLEAN, "t.is_customer", BP_F, NULL, NULL},
	{"createdOn", BP_PERIOD, "t.created_on", BP_FS, NULL, NULL},
	{"updatedOn", BP_PERIOD, "t.updated_on", BP_FS, NULL, NULL},
	{"lastContactedOn", BP_PERIOD, "NULL", BP_FS, NULL, NULL},
	{"lastOrderedOn", BP_PERIOD, "NULL", BP_FS, NULL, NULL},
	{"nominalCode", BP_INTEGER, "t.nominal_code", BP_FS, NULL, NULL},
	{"isPrimary", BP_BOOLEAN, "t.is_primary", BP_FS, NULL, NULL},
	{"pri", BP_STRING, "t.phone", BP_F, NULL, NULL},
	{"sec", BP_STRING, "t.phone2", BP_F, NULL, NULL},
	{"mob", BP_STRING, "t.mobile", BP_F, NULL, NULL},
	{"exactCompanyName", BP_STRING, "t.company", BP_FS, NULL, NULL},
	{"title", BP_STRING, "nullif(t.salutation, '')", BP_FS, NULL, NULL},
	{"allEmail", BP_SEARCH_STRING, "(t.email || ' ' || t.email2 || ' ' || t.email3)",
	 BP_F | BP_HIDDEN, NULL, NULL},
	{NULL},
};
const struct bp_resource bp_resource_contact = {"bp_contact", BP_VERSIONS, contact_columns};

static const struct bp_column product_columns[] = {
	{"productId", BP_IDSET, "t.id", BP_FS, CATEGORY},
	{"productName", BP_SEARCH_STRING, "t.name", BP_FS, NULL, NULL},
	{"SKU", BP_STRING, "t.sku", BP_FS, NULL, NULL},
	{"barcode", BP_STRING, "t.barcode", BP_FS, NULL, NULL},
	{"EAN", BP_STRING, "t.ean", BP_FS, NULL, NULL},
	{"UPC", BP_STRING, "t.upc", BP_FS, NULL, NULL},
	{"ISBN", BP_STRING, "t.isbn", BP_FS, NULL, NULL},
	{"MPN", BP_STRING, "t.mpn", BP_FS, NULL, NULL},
	{"stockTracked", BP_BOOLEAN, "t.stock_tracked", BP_FS, NULL, NULL},
	{"salesChannelName", BP_STRING, "'Brightpearl'", BP_S, NULL, NULL},
	{"createdOn", BP_PERIOD, "t.created_on", BP_FS, NULL, NULL},
	{"updatedOn", BP_PERIOD, "t.updated_on", BP_FS, NULL, NULL},
	{"brightpearlCategoryCode", BP_IDSET, "t.category_id", BP_F, NULL, NULL},
	{"productGroupId", BP_INTEGER, "t.product_group_id", BP_FS, NULL, NULL},
	{"brandId", BP_IDSET, "t.brand_id", BP_FS, NULL, NULL},
	{"productTypeId", BP_IDSET, "t.product_type_id", BP_FS, NULL, NULL},
	{"productStatus", BP_STRING, "t.status", BP_FS, NULL, NULL},
	{"primarySupplierId", BP_IDSET, "t.supplier_id", BP_FS, NULL, NULL},
	{NULL},
};
const struct bp_resource bp_resource_product = {"bp_product", BP_LAGS, product_columns};

#define RATE "(t.exchange_rate / 1000000) || '.' || substr(t.exchange_rate % 1000000 + 1000000, 2)"

static const struct bp_column currency_columns[] = {
	{"id", BP_IDSET, "t.id", BP_FS, NULL, NULL},
	{"title", BP_STRING, "t.name", BP_FS, NULL, NULL},
	{"code", BP_STRING, "t.code", BP_FS, NULL, NULL},
	{"symbol", BP_STRING, "t.symbol", BP_FS, NULL, NULL},
	{"exchangeRate", BP_STRING, "(" RATE ")", BP_FS, NULL, NULL},
	{"isDefault", BP_BOOLEAN, "t.is_default", BP_FS, NULL, NULL},
	{"exchangeRateVarianceNominalCode", BP_STRING, "t.nominal_code", BP_FS, NULL, NULL},
	{NULL},
};
const struct bp_resource bp_resource_currency = {"bp_currency", BP_AT_ONCE, currency_columns};

#define AMOUNT(column)                                                                             \
	"printf('%s%d.%02d', iif(" column " < 0, '-', ''), abs(" column ") / 10000, abs(" column   \
	") % 10000 / 100)"

static const struct bp_column payment_columns[] = {
	{"paymentId", BP_IDSET, "t.id", BP_FS, NULL, NULL},
	{"transactionRef", BP_STRING, "t.transaction_ref", BP_F, NULL, NULL},
	{"transactionCode", BP_STRING, "t.transaction_code", BP_F, NULL, NULL},
	{"paymentMethodCode", BP_STRING, "t.method", BP_F, NULL, NULL},
	{"paymentType", BP_STRING, "t.type", BP_F, NULL, NULL},
	{"orderId", BP_IDSET, "t.order_id", BP_F, NULL, NULL},
	{"currencyId", BP_IDSET, "(SELECT id FROM bp_currency WHERE code = t.currency)", BP_F, NULL,
	 NULL},
	{"currencyCode", BP_STRING, "t.currency", BP_F, NULL, NULL},
	{"amountAuthorized", BP_STRING, AMOUNT("t.amount_authorized"), BP_F, NULL, NULL},
	{"amountPaid", BP_STRING, "coalesce(t.shown, " AMOUNT("t.amount_paid") ")", BP_F, NULL,
	 NULL},
	{"expires", BP_PERIOD, "t.expires", BP_F, NULL, NULL},
	{"paymentDate", BP_PERIOD, "t.payment_date", BP_FS, NULL, NULL},
	{"createdOn", BP_PERIOD, "t.created_on", BP_FS, NULL, NULL},
	{"journalId", BP_IDSET, "t.journal_id", BP_FS, NULL, NULL},
	{NULL},
};
const struct bp_resource bp_resource_payment = {"bp_payment", BP_LAGS, payment_columns};

static const struct bp_column goods_out_columns[] = {
	{"goodsOutNoteId", BP_IDSET, "t.id", BP_FS, NULL, NULL},
	{"printed", BP_BOOLEAN, "(t.printed_on IS NOT NULL)", BP_FS, NULL, NULL},
	{"picked", BP_BOOLEAN, "(t.picked_on IS NOT NULL)", BP_FS, NULL, NULL},
	{"packed", BP_BOOLEAN, "(t.packed_on IS NOT NULL)", BP_FS, NULL, NULL},
	{"shipped", BP_BOOLEAN, "(t.shipped_on IS NOT NULL)", BP_FS, NULL, NULL},
	{"shippedOn", BP_PERIOD, "t.shipped_on", BP_FS, NULL, NULL},
	{"orderId", BP_INTEGER, "t.order_id", BP_FS, NULL, NULL},
	{"shippingMethodId", BP_IDSET, "t.shipping_method_id", BP_FS, NULL, NULL},
	{"warehouseId", BP_IDSET, "t.warehouse_id", BP_FS, NULL, NULL},
	{"priority", BP_BOOLEAN, "t.priority", BP_FS, NULL, NULL},
	{"createdOn", BP_PERIOD, "t.created_on", BP_FS, NULL, NULL},
	{"releaseDate", BP_PERIOD, "t.release_date", BP_FS, NULL, NULL},
	{"createdBy", BP_INTEGER, "t.created_by", BP_FS, NULL, NULL},
	{"transfer", BP_BOOLEAN, "t.transfer", BP_FS, NULL, NULL},
	{NULL},
};
const struct bp_resource bp_resource_goods_out = {"bp_goods_out", BP_LAGS, goods_out_columns};
