#define _GNU_SOURCE
#include "lib/config.h"

#include "lib/buf.h"
#include "lib/config_file.h"
#include "lib/die.h"
#include "lib/redact.h"
#include "lib/surroundings.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define FIELD(name, member)                                                                        \
	{                                                                                          \
		name, offsetof(struct config, member), false                                       \
	}
#define FILE_FIELD(name, member)                                                                   \
	{                                                                                          \
		name, offsetof(struct config, member), true                                        \
	}
static const struct {
	const char *name;
	size_t offset;
	bool file_only; /* the same variable of the environment is meant for others */
} fields[] = {
	FIELD("BIGCOMMERCE_API_URL", bigcommerce_url),
	FIELD("BIGCOMMERCE_STORE_HASH", store_hash),
	FIELD("BIGCOMMERCE_ACCESS_TOKEN", bigcommerce_token),
	FIELD("BRIGHTPEARL_API_URL", brightpearl_url),
	FIELD("BRIGHTPEARL_ACCOUNT", account),
	FIELD("BRIGHTPEARL_APP_REF", app_ref),
	FIELD("BRIGHTPEARL_STAFF_TOKEN", staff_token),
	FIELD("BRIGHTPEARL_ACCOUNT_TOKEN", account_token),
	FIELD("BRIGHTPEARL_DEV_REF", dev_ref),
	FIELD("BRIGHTPEARL_CLIENT_ID", client_id),
	FIELD("BRIGHTPEARL_CLIENT_SECRET", client_secret),
	FIELD("BRIGHTPEARL_REFRESH_TOKEN", refresh_token),
	FIELD("BRIGHTPEARL_OAUTH_URL", oauth_url),
	FILE_FIELD("HTTPS_PROXY", proxy),
	FILE_FIELD("NO_PROXY", no_proxy),
	FILE_FIELD("SSL_CERT_FILE", ca_file),
	FILE_FIELD("SSLKEYLOGFILE", key_log),
};
#define FIELDS (sizeof fields / sizeof *fields)

static char **field(struct config *c, size_t i)
{
	return (char **)(void *)((char *)c + fields[i].offset);
}

bool config_knows(const char *name)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (!strcmp(name, fields[i].name))
			return true;
	return false;
}

bool config_names(const struct config *c, const char *variable)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (!strcmp(variable, fields[i].name))
			return *(char *const *)(const void *)((const char *)c + fields[i].offset);
	return false;
}

static void refuse_odd_characters(const char *name, const char *value)
{
	for (const char *p = value; *p; p++)
		if (*p <= 0x20 || *p >= 0x7f)
			die(EX_CONFIG,
			    "%s holds a blank, a control character or a letter outside ASCII, as "
			    "no such"
			    " value does: copy it again",
			    name);
}

/* One part of an address, NULL when it has none; the caller's with curl_free(). */
static char *part(CURLU *url, CURLUPart which)
{
	char *text = NULL;
	return curl_url_get(url, which, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool has(CURLU *url, CURLUPart which)
{
	char *text = part(url, which);
	bool there = text && *text && strcmp(text, "/") != 0;

	curl_free(text);
	return there;
}

static bool is_loopback(CURLU *url)
{
	char *host = part(url, CURLUPART_HOST);
	struct in_addr v4;

	bool loopback = host &&
			(!strcasecmp(host, "localhost") || !strcmp(host, "[::1]") ||
			 (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127));
	curl_free(host);
	return loopback;
}

static const char *wrong_with(CURLU *url, const char *text, bool path_allowed)
{
	bool https = !strncasecmp(text, "https://", 8), http = !strncasecmp(text, "http://", 7);

	if ((!https && !http) || curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
		return "is not an address like https://host";
	if (has(url, CURLUPART_USER) || has(url, CURLUPART_PASSWORD) || strchr(text, '@'))
		return "must not hold a user or password";
	if (strchr(text, '?') || strchr(text, '#'))
		return "must not hold a query or fragment";
	if (!path_allowed && has(url, CURLUPART_PATH))
		return "must end with the host: Pearlbridge adds the path";
	if (http && !is_loopback(url))
		return "must begin with https:// (plain http is for loopback addresses only)";
	return NULL;
}

static void check_url(const char *name, char *text, bool path_allowed)
{
	CURLU *url = curl_url();

	for (size_t size = strlen(text); size && text[size - 1] == '/'; size--)
		text[size - 1] = 0;
	const char *wrong = wrong_with(url, text, path_allowed);
	curl_url_cleanup(url);
	if (wrong)
		die(EX_CONFIG, "%s %s", name, wrong);
}

/* Both become a part of an address: a slash or "?" in them would change where requests go. */
static void check_word(const char *name, const char *text)
{
	for (const char *p = text; p && *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '_' && *p != '-')
			die(EX_CONFIG,
			    "%s may hold only letters, digits, - and _: give the bare name,"
			    " no address",
			    name);
}

static void name_missing(struct buf *list, const char *value, const char *name)
{
	if (!value)
		buf_printf(list, "%s%s", list->size ? ", " : "", name);
}

static bool wants_oauth(const struct config *c)
{
	return c->dev_ref || c->client_id || c->client_secret || c->refresh_token;
}

static void refuse_missing(const struct config *c)
{
	BUF list = buf_new(1000);

	name_missing(&list, c->store_hash, "BIGCOMMERCE_STORE_HASH");
	name_missing(&list, c->bigcommerce_token, "BIGCOMMERCE_ACCESS_TOKEN");
	name_missing(&list, c->account, "BRIGHTPEARL_ACCOUNT");
	name_missing(&list, c->app_ref, "BRIGHTPEARL_APP_REF");
	if (!c->staff_token && !c->account_token && !wants_oauth(c)) {
		name_missing(&list, NULL, "BRIGHTPEARL_STAFF_TOKEN");
	} else if (!c->staff_token && !c->account_token) {
		name_missing(&list, c->dev_ref, "BRIGHTPEARL_DEV_REF");
		name_missing(&list, c->client_id, "BRIGHTPEARL_CLIENT_ID");
		name_missing(&list, c->client_secret, "BRIGHTPEARL_CLIENT_SECRET");
		name_missing(&list, c->refresh_token, "BRIGHTPEARL_REFRESH_TOKEN");
	}
	if (list.size)
		die(EX_CONFIG,
		    "missing %s: set them in the environment or in %s/.env (see ./run.sh init)",
		    list.data, c->store);
}

static void refuse_two_ways(const struct config *c)
{
	int ways = !!c->staff_token + !!c->account_token + wants_oauth(c);

	if (ways > 1)
		die(EX_CONFIG,
		    "BRIGHTPEARL_STAFF_TOKEN, BRIGHTPEARL_ACCOUNT_TOKEN and the OAuth variables"
		    " exclude each other: keep one way to sign in");
}

/* What .env says of the way to the servers. */
static void check_way(struct config *c)
{
	CURLU *url = curl_url();

	if (c->proxy && (!strstr(c->proxy, "://") ||
			 curl_url_set(url, CURLUPART_URL, c->proxy, CURLU_NON_SUPPORT_SCHEME)))
		die(EX_CONFIG, "HTTPS_PROXY is not an address like http://proxy.example:3128");
	char *password = c->proxy ? part(url, CURLUPART_PASSWORD) : NULL;
	redact_learn(password);
	curl_free(password);
	curl_url_cleanup(url);
	if (c->ca_file && access(c->ca_file, R_OK))
		die(EX_CONFIG, "SSL_CERT_FILE: cannot read %s: %s", c->ca_file, strerror(errno));
	if (c->key_log)
		setenv("SSLKEYLOGFILE", c->key_log, 1); /* the only way that libcurl knows */
}

static void fill_defaults(struct config *c)
{
	if (!c->bigcommerce_url)
		c->bigcommerce_url = xstrdup("https://api.bigcommerce.com");
	if (!c->brightpearl_url)
		c->brightpearl_url = xstrdup("https://euw1.brightpearlconnect.com");
	if (!c->oauth_url && c->account && wants_oauth(c))
		c->oauth_url = xasprintf("https://oauth.brightpearl.com/token/%s", c->account);
}

static void read_sources(struct config *c)
{
	char *path = xasprintf("%s/.env", c->store);
	struct config_file *file = config_file_open(path);

	for (size_t i = 0; i < FIELDS; i++) {
		bool file_only = fields[i].file_only;
		const char *name = fields[i].name, *value = file_only ? NULL : getenv(name);
		if (!value || !*value)
			value = config_file_get(file, name);
		*field(c, i) = value && *value ? xstrdup(value)
			       : file_only     ? NULL
					       : config_credential(name);
		if (*field(c, i) && !file_only)
			refuse_odd_characters(name, *field(c, i));
	}
	config_file_close(file);
	free(path);
}

struct config *config_peek(const char *store)
{
	struct config *c = xcalloc(1, sizeof *c);

	c->store = xstrdup(store);
	read_sources(c);
	check_word("BIGCOMMERCE_STORE_HASH", c->store_hash);
	check_word("BRIGHTPEARL_ACCOUNT", c->account);
	fill_defaults(c);
	check_url("BIGCOMMERCE_API_URL", c->bigcommerce_url, false);
	check_url("BRIGHTPEARL_API_URL", c->brightpearl_url, false);
	if (c->oauth_url)
		check_url("BRIGHTPEARL_OAUTH_URL", c->oauth_url, true);
	refuse_two_ways(c);
	check_way(c);
	config_learn(c);
	return c;
}

struct config *config_load(const char *store)
{
	struct config *c = config_peek(store);

	refuse_missing(c);
	surroundings_tell(c);
	return c;
}

void config_learn(const struct config *c)
{
	redact_learn(c->bigcommerce_token);
	redact_learn(c->staff_token);
	redact_learn(c->account_token);
	redact_learn(c->client_secret);
	redact_learn(c->refresh_token);
}

void config_free(struct config *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < FIELDS; i++) {
		char *value = *field(c, i);
		if (value)
			explicit_bzero(value, strlen(value));
		free(value);
	}
	free(c->store);
	free(c);
}
