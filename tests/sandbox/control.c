/* /sandbox/...: how a test acts as the merchant while the sandbox runs. */
#include "exchange.h"
#include "place.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

static void orders(struct exchange *x)
{
	char *error = NULL;

	if (!x->call.json) {
		answer_text(&x->answer, 400, "the body is not JSON\n", "text/plain");
		return;
	}
	state_begin();
	if (place_orders(x->call.json, true, &error)) {
		state_commit();
		answer_text(&x->answer, 204, NULL, NULL);
	} else {
		state_run("ROLLBACK", "");
		answer_text(&x->answer, 400, error, "text/plain");
	}
}

static void sql(struct exchange *x)
{
	char *error;

	if (x->call.body && state_script(x->call.body, &error)) {
		answer_text(&x->answer, 204, NULL, NULL);
		return;
	}
	answer_text(&x->answer, 400, x->call.body ? error : "no body", "text/plain");
	if (x->call.body)
		free(error);
}

void control_run(struct exchange *x)
{
	bool post = !strcmp(x->call.method, "POST");

	if (post && !strcmp(x->path, "/sandbox/orders"))
		orders(x);
	else if (post && !strcmp(x->path, "/sandbox/sql"))
		sql(x);
	else
		answer_text(&x->answer, 404, "POST /sandbox/orders or /sandbox/sql\n",
			    "text/plain");
}
