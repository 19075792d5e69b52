/* Reading fields of compact orders. */
#include "lib/clock.h"
#include "place_p.h"

#include <string.h>

static const cJSON *get(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name)
						   : NULL;
	return cJSON_IsNull(item) ? NULL : item;
}

const char *place_text(const cJSON *object, const char *name, const char *otherwise)
{
	const cJSON *item = get(object, name);
	return cJSON_IsString(item) ? item->valuestring : otherwise;
}

int64_t place_int(const cJSON *object, const char *name, int64_t otherwise)
{
	const cJSON *item = get(object, name);
	return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : otherwise;
}

int64_t place_money(const cJSON *object, const char *name, int64_t otherwise)
{
	return money_of(get(object, name), otherwise);
}

bool place_bool(const cJSON *object, const char *name, bool otherwise)
{
	const cJSON *item = get(object, name);
	return item ? cJSON_IsTrue(item) : otherwise;
}

/* "20" or 20 percent */
int64_t place_rate(const cJSON *object, const char *name, int64_t otherwise)
{
	return money_of(get(object, name), otherwise);
}

/* a text in any form that the APIs know, or epoch seconds */
int64_t place_date(const cJSON *object, const char *name, int64_t otherwise)
{
	const cJSON *item = get(object, name);
	int64_t epoch = otherwise;

	if (cJSON_IsNumber(item))
		return (int64_t)item->valuedouble;
	if (cJSON_IsString(item))
		clock_parse(item->valuestring, &epoch);
	return epoch;
}

int64_t place_next_id(const char *sequence)
{
	state_run("UPDATE bc_sequence SET last = last + 1 WHERE name = ?", "t", sequence);
	return state_int(0, "SELECT last FROM bc_sequence WHERE name = ?", "t", sequence);
}
