#include "jobs/records.h"

#include "lib/die.h"

#include <stdlib.h>

const struct record_kind record_kinds[] = {
	{"customers", "customers", "out_customer", "true", "'customer:' || key", "NULL",
	 "customers", "create", BRIGHTPEARL},
	{"orders", "orders", "out_order", "true", "'order:' || order_id", "waits_for", "orders",
	 "create", BRIGHTPEARL},
	{"orders", "orders", "out_reservation", "true", "'reservation:' || order_id", "NULL",
	 "reservations", "reserve", BRIGHTPEARL},
	{"orders", "orders", "out_order_note", "true",
	 "'order_note:' || order_id || ':' || kind || iif(number = 1, '', ':' || number)",
	 "iif(order_id IN (SELECT order_id FROM link_order), NULL, 'order:' || order_id)",
	 "order notes", "create", BRIGHTPEARL},
	{"payments", "payments", "out_payment", "true", "'payment:' || order_id || ':' || part",
	 "coalesce(waits_for, (SELECT 'payment:' || a.order_id || ':' || a.part FROM out_payment a"
	 " WHERE a.key = out_payment.after AND a.state <> 'done'), iif(NOT EXISTS (SELECT 1 FROM"
	 " out_payment a WHERE a.key = out_payment.after), 'payment:' || order_id || ':' || after,"
	 " NULL))",
	 "payments", "create", BRIGHTPEARL},
	{"notes", "notes.to_brightpearl", "out_note", "target = 'brightpearl'", "key", "NULL",
	 "notes", "write", BRIGHTPEARL},
	{"notes", "notes.to_bigcommerce", "out_note", "target = 'bigcommerce'", "key", "NULL",
	 "notes", "write", BIGCOMMERCE},
	{"fulfillment", "fulfillment", "out_shipment", "true", "'shipment:' || key", "waits_for",
	 "shipments", "create", BIGCOMMERCE},
	{"fulfillment", "fulfillment", "out_tracking", "true", "'tracking:' || key", "NULL",
	 "tracking numbers", "write", BIGCOMMERCE},
	{"statuses", "statuses.to_brightpearl", "out_status", "target = 'brightpearl'", "key",
	 "NULL", "statuses", "write", BRIGHTPEARL},
	{"statuses", "statuses.to_bigcommerce", "out_status", "target = 'bigcommerce'", "key",
	 "NULL", "statuses", "write", BIGCOMMERCE},
	{"inventory", "inventory", "out_stock", "true", "record", "NULL", "quantities", "set",
	 BIGCOMMERCE},
	{0},
};

bool record_find(struct db *db, const struct record_kind *kind, const char *record,
		 struct record_row *row)
{
	char *sql = xasprintf("SELECT key, state, remote_id FROM %s WHERE (%s) AND %s = :record",
			      kind->table, kind->rows, kind->record);
	STMT st = db_prepare(db, sql);

	free(sql);
	bind(st, ":record", record);
	*row = (struct record_row){0};
	if (!stmt_row(st))
		return false;
	row->key = xstrdup(col_text(st, 0));
	row->state = xstrdup(col_text(st, 1));
	row->remote_id = col_int(st, 2);
	return true;
}

void record_free(struct record_row *row)
{
	free(row->key);
	free(row->state);
	*row = (struct record_row){0};
}

const char *record_held(struct db *db, const struct record_kind *kind)
{
	return db_int(db, 0, "SELECT count(*) FROM pragma_table_info(?) WHERE name = 'held'", "t",
		      kind->table)
		       ? "held"
		       : "NULL";
}

bool records_all_off(struct job *job)
{
	for (const struct record_kind *kind = record_kinds; kind->job; kind++)
		if (!job_is_off(job, kind->enabled))
			return false;
	return true;
}
