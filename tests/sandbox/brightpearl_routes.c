/* Which method on which path is whose.  Searches are one line each: a resource and two routes. */
#include "brightpearl.h"

#include <stddef.h>

#define SEARCH(name)                                                                               \
	static void search_##name(const struct call *call, struct answer *answer,                  \
				  char *const arg[4])                                              \
	{                                                                                          \
		(void)arg;                                                                         \
		bp_search_run(&bp_resource_##name, call, answer);                                  \
	}                                                                                          \
	static void describe_##name(const struct call *call, struct answer *answer,                \
				    char *const arg[4])                                            \
	{                                                                                          \
		(void)call, (void)arg;                                                             \
		bp_search_describe(&bp_resource_##name, answer);                                   \
	}

SEARCH(order)
SEARCH(sales_order)
SEARCH(note)
SEARCH(contact)
SEARCH(product)
SEARCH(currency)
SEARCH(payment)
SEARCH(goods_out)

#define SEARCHED(path, name)                                                                       \
	{"GET", path, search_##name},                                                              \
	{                                                                                          \
		"GET", path "/meta-data", describe_##name                                          \
	}
#define LISTED(path, run)                                                                          \
	{"GET", path, run},                                                                        \
	{                                                                                          \
		"GET", path "/*", run                                                              \
	}

const struct route brightpearl_routes[] = {
	{"POST", "/token", bp_token_post},
	{"POST", "/multi-message", bp_multi_post},
	{"GET", "/integration-service/account-configuration", bp_list_configuration},

	SEARCHED("/order-service/order-search", order),
	SEARCHED("/order-service/sales-order-search", sales_order),
	SEARCHED("/order-service/order-note-search", note),
	SEARCHED("/contact-service/contact-search", contact),
	SEARCHED("/product-service/product-search", product),
	SEARCHED("/accounting-service/currency-search", currency),
	SEARCHED("/accounting-service/customer-payment-search", payment),
	SEARCHED("/warehouse-service/goods-note/goods-out-search", goods_out),

	LISTED("/order-service/order-status", bp_list_order_status),
	{"GET", "/order-service/order-type", bp_list_order_type},
	{"GET", "/order-service/order-shipping-status", bp_list_shipping_status},
	{"GET", "/order-service/order-stock-status", bp_list_stock_status},
	LISTED("/order-service/sale/custom-field-meta-data", bp_field_describe),
	LISTED("/order-service/purchase/custom-field-meta-data", bp_field_describe),
	LISTED("/product-service/channel", bp_list_channel),
	LISTED("/product-service/price-list", bp_list_price_list),
	LISTED("/accounting-service/tax-code", bp_list_tax_code),
	LISTED("/accounting-service/payment-method", bp_list_payment_method),
	LISTED("/warehouse-service/warehouse", bp_list_warehouse),
	LISTED("/warehouse-service/shipping-method", bp_list_shipping_method),
	LISTED("/contact-service/lead-source", bp_list_lead_source),
	{"GET", "/contact-service/project", bp_list_project},
	{"GET", "/contact-service/project/", bp_list_project},

	{"POST", "/order-service/sales-order", bp_sale_post},
	{"OPTIONS", "/order-service/sales-order", bp_options_sale},
	{"GET", "/order-service/sales-order/*", bp_sale_get},
	{"PUT", "/order-service/sales-order/*", bp_sale_put},
	{"OPTIONS", "/order-service/sales-order/*", bp_options_sale},

	{"POST", "/order-service/sales-credit", bp_credit_post},
	{"GET", "/order-service/sales-credit/*", bp_credit_get},
	{"POST", "/accounting-service/customer-payment", bp_payment_post},
	{"DELETE", "/accounting-service/customer-payment/*", bp_payment_delete},

	{"OPTIONS", "/order-service/order", bp_options_order},
	{"GET", "/order-service/order/*", bp_order_get},
	{"PATCH", "/order-service/order/*", bp_order_patch},
	{"OPTIONS", "/order-service/order/*", bp_options_order},
	{"PUT", "/order-service/order/*/status", bp_order_status},
	{"POST", "/order-service/order/*/note", bp_note_post},
	LISTED("/order-service/order/*/note", bp_note_get),
	{"GET", "/order-service/order/*/custom-field", bp_field_get},
	{"PATCH", "/order-service/order/*/custom-field", bp_field_patch},

	{"POST", "/contact-service/postal-address", bp_address_post},
	{"GET", "/contact-service/postal-address/*", bp_address_get},
	{"PUT", "/contact-service/postal-address/*", bp_address_put},
	{"POST", "/contact-service/contact", bp_contact_post},
	{"OPTIONS", "/contact-service/contact", bp_options_contact},
	{"GET", "/contact-service/contact/*", bp_contact_get},
	{"PATCH", "/contact-service/contact/*", bp_contact_patch},
	{"OPTIONS", "/contact-service/contact/*", bp_options_contact},
	{"PUT", "/contact-service/contact/*/postal-address", bp_address_link},

	{"POST", "/warehouse-service/order/*/reservation/warehouse/*", bp_reservation_post},
	{"PUT", "/warehouse-service/order/*/reservation", bp_reservation_put},
	{"GET", "/warehouse-service/order/*/reservation", bp_reservation_get},
	{"GET", "/warehouse-service/product-availability/*", bp_product_availability},
	{"GET", "/warehouse-service/bundle-availability/*", bp_bundle_availability},
	LISTED("/warehouse-service/order/*/goods-note/goods-out", bp_goods_out_get),
	{"POST", "/warehouse-service/order/*/goods-note/goods-out", bp_goods_out_post},
	{"DELETE", "/warehouse-service/order/*/goods-note/goods-out/*", bp_goods_out_delete},
	{"PUT", "/warehouse-service/goods-note/goods-out/*", bp_goods_out_put},
	{"POST", "/warehouse-service/goods-note/goods-out/*/event", bp_goods_out_event},
	LISTED("/warehouse-service/order/*/goods-note/drop-ship", bp_drop_ship_get),

	{"OPTIONS", "/product-service/product", bp_options_product},
	{"GET", "/product-service/product/*", bp_product_get},
	{"OPTIONS", "/product-service/product/*", bp_options_product},
	{NULL, NULL, NULL},
};
