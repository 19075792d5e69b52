/* Foreign bytes as one of the nine mapping files: the first byte chooses which, the rest is the file;
 * the other eight are missing.  Nothing may crash, leak, hang or die.  In the top folder:
 *
 *   awk -f lib/embed.awk lib/schema.sql > /tmp/schema.c
 *   clang -g -O1 -I. -fsanitize=fuzzer,address,undefined tests/fuzz/fuzz_map.c lib/[a-z]*.c /tmp/schema.c \
 *       -lcurl -lcsv -lcjson -lsqlite3 -lcrypto -lm -o /tmp/fuzz_map
 *   /tmp/fuzz_map -max_len=4096 -max_total_time=60 -dict=tests/fuzz/map.dict
 */
#include "tests/unit/map_store.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct store store;
	int count = 0;

	if (!store.db) {
		store = store_new();
		db_script(store.db,
			  "INSERT INTO ref_read(system, list, read_at) VALUES('bigcommerce', "
			  "'product', 0);"
			  "INSERT INTO ref_bc_product(product_id, variant_id, sku, sku_fold)"
			  " VALUES(1, 0, '00501', '00501')");
		for (const struct map_file *file = map_files; file->name; file++)
			store_remove(&store, file->name);
		sqlite3_exec(store.db->handle, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	}
	while (map_files[count].name)
		count++;
	if (!size)
		return 0;
	const char *name = map_files[bytes[0] % count].name;
	store_bytes(&store, name, (const char *)bytes + 1, size - 1);
	free(store_load(&store));
	store_remove(&store, name);
	return 0;
}
