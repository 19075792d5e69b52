#include "jobs/records.h"

const struct record_kind record_kinds[] = {
	{"customers", "customers", "out_customer", "true", "'customer:' || key", "NULL",
	 "customers", "create", BRIGHTPEARL},
	{"orders", "orders", "out_order", "true", "'order:' || order_id", "waits_for", "orders",
	 "create", BRIGHTPEARL},
	{0},
};
