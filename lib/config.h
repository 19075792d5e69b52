/* Addresses and credentials of the two systems.
 *
 * From the environment, else the store's .env (refused when group or others can read it), else the
 * files of $CREDENTIALS_DIRECTORY (systemd), file name = variable name.  An empty value counts as
 * absent.  The environment is left as it is: each stage is a process of its own and reads the same
 * sources again.  Values never appear in argv, a log or a message.
 *
 * .env has lines NAME=value, 'NAME="value"', with or without `export `, and comments after #.
 *
 * The names are listed in README.md: BIGCOMMERCE_API_URL, BIGCOMMERCE_STORE_HASH,
 * BIGCOMMERCE_ACCESS_TOKEN, BRIGHTPEARL_API_URL, BRIGHTPEARL_ACCOUNT, BRIGHTPEARL_APP_REF,
 * BRIGHTPEARL_STAFF_TOKEN or BRIGHTPEARL_ACCOUNT_TOKEN, or OAuth (BRIGHTPEARL_DEV_REF,
 * BRIGHTPEARL_CLIENT_ID, BRIGHTPEARL_CLIENT_SECRET, BRIGHTPEARL_REFRESH_TOKEN,
 * BRIGHTPEARL_OAUTH_URL).  One of the three ways to prove who we are to Brightpearl, not more.
 */
#ifndef LIB_CONFIG_H
#define LIB_CONFIG_H

#include <stdbool.h>

struct config {
	char *store; /* folder */
	/* "https://host", no slash at the end; plain http only on loopback, which is checked */
	char *bigcommerce_url, *store_hash, *bigcommerce_token;
	char *brightpearl_url, *account, *app_ref;
	char *staff_token, *account_token; /* one of them, or OAuth: */
	char *dev_ref, *client_id, *client_secret, *refresh_token, *oauth_url;
	/* from .env alone, NULL: none (surroundings.h) */
	char *proxy, *no_proxy, *ca_file, *key_log;
};

/* A proxy, NO_PROXY, SSL_CERT_FILE and SSLKEYLOGFILE are taken from .env alone.
 *
 * Dies (78) naming every missing variable and where to put it; a .env that others can read, a
 * malformed line of it (file:line), plain http to anything but loopback, a URL with a path (but the
 * OAuth one), query or user, a value with blanks or control characters: 78 as well. */
struct config *config_load(const char *store);
/* The same without credentials being required: NULL fields where absent.  For status and init. */
struct config *config_peek(const char *store);
bool config_names(const struct config *, const char *variable); /* is it set? */
void config_learn(const struct config *); /* its secrets are redacted (redact.h) from now on */
void config_free(struct config *);        /* wipes secrets; NULL is fine */

#endif
