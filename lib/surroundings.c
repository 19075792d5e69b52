#include "lib/surroundings.h"

#include "lib/buf.h"
#include "lib/log.h"

#include <stdlib.h>

/* Each with its name in .env.  Those without are cleared silently: they are set on many machines, and
 * Debian's libcurl would obey few of them. */
static struct variable {
	const char *name, *ours;
	bool was_set;
} variables[] = {
	{"http_proxy", "HTTPS_PROXY", false},  {"https_proxy", "HTTPS_PROXY", false},
	{"HTTPS_PROXY", "HTTPS_PROXY", false}, {"all_proxy", "HTTPS_PROXY", false},
	{"ALL_PROXY", "HTTPS_PROXY", false},   {"no_proxy", "NO_PROXY", false},
	{"NO_PROXY", "NO_PROXY", false},       {"SSLKEYLOGFILE", "SSLKEYLOGFILE", false},
	{"SSL_CERT_FILE", NULL, false},        {"SSL_CERT_DIR", NULL, false},
	{"OPENSSL_CONF", NULL, false},         {"OPENSSL_ENGINES", NULL, false},
	{"OPENSSL_MODULES", NULL, false},      {"HOSTALIASES", NULL, false},
};
#define VARIABLES (sizeof variables / sizeof *variables)

void surroundings_clear(void)
{
	for (struct variable *v = variables; v < variables + VARIABLES; v++) {
		const char *value = getenv(v->name);
		v->was_set = value && *value;
		unsetenv(v->name);
	}
}

void surroundings_tell(const struct config *c)
{
	static bool told;
	BUF list = buf_new(1000);

	if (told || log_is_quiet())
		return;
	told = true;
	for (const struct variable *v = variables; v < variables + VARIABLES; v++)
		if (v->was_set && v->ours && !config_names(c, v->ours))
			buf_printf(&list, "%s%s", list.size ? ", " : "", v->name);
	if (list.size)
		log_warn("", "ignored, as .env does not name it: %s of the environment", list.data);
	if (c->key_log)
		log_warn("",
			 ".env names SSLKEYLOGFILE: who can read %s can read every connection;"
			 " take it out when you are done",
			 c->key_log);
}
