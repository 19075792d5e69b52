/* What the contracts say of budgets: headers on every answer, and how "too many" looks. */
#include "quota.h"

#include <inttypes.h>
#include <stdlib.h>

#define UNLIMITED_BC 2147483647 /* an unlimited plan: headers that nobody can use up */
#define UNLIMITED_BP 199

struct budget {
	int64_t limit, left, reset_ms, window_ms;
	bool over;
};

static struct budget look(enum api api, bool count)
{
	bool bc = api == API_BIGCOMMERCE;
	const char *name = bc ? "bigcommerce" : "brightpearl";
	struct budget b = {
		.limit = switch_int(bc ? "bc_quota" : "bp_quota"),
		.window_ms = bc ? 30000 : 60000,
	};
	int64_t now = sandbox_now(), window = now / b.window_ms;

	state_run("INSERT INTO quota VALUES (?, ?, ?) ON CONFLICT (api) DO UPDATE SET"
		  " used = iif(window = excluded.window, used, 0) + excluded.used,"
		  " window = excluded.window",
		  "tii", name, window, (int64_t)count);
	int64_t used = state_int(0, "SELECT used FROM quota WHERE api = ?", "t", name) +
		       switch_int(bc ? "bc_other_apps" : "bp_other_apps");
	b.reset_ms = b.window_ms - now % b.window_ms;
	b.over = b.limit && used > b.limit;
	b.left = used < b.limit ? b.limit - used : 0;
	if (!b.limit)
		b.limit = b.left = bc ? UNLIMITED_BC : UNLIMITED_BP;
	return b;
}

static void add_headers(struct exchange *x, const struct budget *b)
{
	if (x->api == API_BRIGHTPEARL) {
		exchange_header(x, "brightpearl-requests-remaining", "%" PRId64, b->left);
		exchange_header(x, "brightpearl-next-throttle-period", "%" PRId64, b->reset_ms);
		return;
	}
	exchange_header(x, "X-Rate-Limit-Time-Window-Ms", "%" PRId64, b->window_ms);
	exchange_header(x, "X-Rate-Limit-Time-Reset-Ms", "%" PRId64, b->reset_ms);
	exchange_header(x, "X-Rate-Limit-Requests-Quota", "%" PRId64, b->limit);
	exchange_header(x, "X-Rate-Limit-Requests-Left", "%" PRId64, b->left);
}

static void refuse(struct exchange *x, const struct budget *b)
{
	if (x->api == API_BRIGHTPEARL) {
		add_headers(x, b);
		answer_text(&x->answer, 503,
			    "{\"response\":\"You have sent too many requests. Please wait before "
			    "sending "
			    "another request\"}",
			    "application/json;charset=UTF-8");
		return;
	}
	if (switch_is("bc_429_headers", "all"))
		add_headers(x, b);
	if (!switch_is("bc_429_headers", "none"))
		exchange_header(x, "X-Retry-After", "%" PRId64, (b->reset_ms + 999) / 1000);
	answer_text(&x->answer, 429,
		    "{\"status\":429,\"title\":\"Too Many Requests\",\"type\":\"https://developer."
		    "bigcommerce.com/api-docs/getting-started/api-status-codes\"}",
		    "application/json");
}

bool quota_take(struct exchange *x)
{
	struct budget b = look(x->api, true);

	if (b.over)
		refuse(x, &b);
	else
		add_headers(x, &b);
	return !b.over;
}

void quota_refuse(struct exchange *x)
{
	struct budget b = look(x->api, false);

	refuse(x, &b);
}
