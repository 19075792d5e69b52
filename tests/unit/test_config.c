#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/config.h"
#include "tests/unit/dies.h"

#include <stdio.h>
#include <sys/stat.h>

static char store[] = "/tmp/config-XXXXXX";

#define COMPLETE                                                                                   \
	"BIGCOMMERCE_STORE_HASH=abc123\nBIGCOMMERCE_ACCESS_TOKEN=bctoken\nBRIGHTPEARL_ACCOUNT="    \
	"acme\n"                                                                                   \
	"BRIGHTPEARL_APP_REF=acme_app\nBRIGHTPEARL_STAFF_TOKEN=bptoken=\n"

static void write_file(const char *name, const char *text, mode_t mode)
{
	char path[300];

	snprintf(path, sizeof path, "%s/%s", store, name);
	unlink(path);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(path, mode);
}

static int forget_all(void **unused)
{
	static const char *const names[] = {
		"BIGCOMMERCE_API_URL",     "BIGCOMMERCE_STORE_HASH",    "BIGCOMMERCE_ACCESS_TOKEN",
		"BRIGHTPEARL_API_URL",     "BRIGHTPEARL_ACCOUNT",       "BRIGHTPEARL_APP_REF",
		"BRIGHTPEARL_STAFF_TOKEN", "BRIGHTPEARL_ACCOUNT_TOKEN", "BRIGHTPEARL_DEV_REF",
		"BRIGHTPEARL_CLIENT_ID",   "BRIGHTPEARL_CLIENT_SECRET", "BRIGHTPEARL_REFRESH_TOKEN",
		"BRIGHTPEARL_OAUTH_URL",   "CREDENTIALS_DIRECTORY",
	};
	char path[300];

	(void)unused;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		unsetenv(names[i]);
		snprintf(path, sizeof path, "%s/%s", store, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof path, "%s/.env", store);
	unlink(path);
	return 0;
}

static void load(void *unused)
{
	(void)unused;
	config_free(config_load(store));
}

static void peek(void *unused)
{
	(void)unused;
	config_free(config_peek(store));
}

static void from_the_file(void **unused)
{
	write_file(".env", COMPLETE, 0600);
	struct config *c = config_load(store);
	(void)unused;
	assert_string_equal(c->store_hash, "abc123");
	assert_string_equal(c->bigcommerce_token, "bctoken");
	assert_string_equal(c->staff_token, "bptoken=");
	assert_string_equal(c->bigcommerce_url, "https://api.bigcommerce.com");
	assert_string_equal(c->brightpearl_url, "https://euw1.brightpearlconnect.com");
	assert_null(c->account_token);
	assert_null(c->oauth_url);
	config_free(c);
	config_free(NULL);
}

static void every_way_to_write_a_line(void **unused)
{
	write_file(
		".env",
		"\xef\xbb\xbf# comment\r\n\r\n  \t\r\n  BIGCOMMERCE_STORE_HASH = abc123  \r\n"
		"export BIGCOMMERCE_ACCESS_TOKEN=\"to#k en\"  # "
		"comment\r\nBRIGHTPEARL_ACCOUNT='acme'\n"
		"export\tBRIGHTPEARL_APP_REF=acme_app # comment\nSMTP_HOST=whatever it is\n"
		"BRIGHTPEARL_STAFF_TOKEN=a#b\nBRIGHTPEARL_ACCOUNT_TOKEN=\nBRIGHTPEARL_DEV_REF=\"\"",
		0600);
	(void)unused;
	assert_dies(EX_CONFIG, "BIGCOMMERCE_ACCESS_TOKEN holds a blank", load, NULL);
	setenv("BIGCOMMERCE_ACCESS_TOKEN", "fine", 1);
	struct config *c = config_load(store);
	assert_string_equal(c->store_hash, "abc123");
	assert_string_equal(c->account, "acme");
	assert_string_equal(c->app_ref, "acme_app");
	assert_string_equal(c->staff_token, "a#b");
	assert_null(c->account_token);
	assert_null(c->dev_ref);
	config_free(c);
}

static void environment_then_file_then_credentials(void **unused)
{
	(void)unused;
	write_file(".env", "BRIGHTPEARL_ACCOUNT=from_file\nBIGCOMMERCE_STORE_HASH=from_file\n",
		   0600);
	write_file("BRIGHTPEARL_ACCOUNT", "from_credential\n", 0400);
	write_file("BRIGHTPEARL_APP_REF", "from_credential\r\n\n", 0444);
	write_file("BRIGHTPEARL_STAFF_TOKEN", "", 0400);
	setenv("CREDENTIALS_DIRECTORY", store, 1);
	setenv("BIGCOMMERCE_STORE_HASH", "from_environment", 1);
	setenv("BRIGHTPEARL_ACCOUNT", "", 1);
	struct config *c = config_peek(store);
	assert_string_equal(c->store_hash, "from_environment");
	assert_string_equal(c->account, "from_file");
	assert_string_equal(c->app_ref, "from_credential");
	assert_null(c->staff_token);
	config_free(c);
	/* the next stage is a child and reads the same sources */
	assert_string_equal(getenv("BIGCOMMERCE_STORE_HASH"), "from_environment");
}

static void everything_missing_is_named(void **unused)
{
	(void)unused;
	assert_dies(0, "", peek, NULL);
	assert_dies(EX_CONFIG,
		    "missing BIGCOMMERCE_STORE_HASH, BIGCOMMERCE_ACCESS_TOKEN, BRIGHTPEARL_ACCOUNT,"
		    " BRIGHTPEARL_APP_REF, BRIGHTPEARL_STAFF_TOKEN: set them in the environment or "
		    "in /tmp/",
		    load, NULL);
	setenv("BRIGHTPEARL_CLIENT_ID", "id", 1);
	assert_dies(EX_CONFIG,
		    "BRIGHTPEARL_APP_REF, BRIGHTPEARL_DEV_REF, BRIGHTPEARL_CLIENT_SECRET,"
		    " BRIGHTPEARL_REFRESH_TOKEN: set",
		    load, NULL);
}

static void three_ways_to_sign_in(void **unused)
{
	(void)unused;
	write_file(".env", COMPLETE "BRIGHTPEARL_ACCOUNT_TOKEN=x\n", 0600);
	assert_dies(EX_CONFIG, "exclude each other", load, NULL);
	write_file(".env",
		   "BIGCOMMERCE_STORE_HASH=a\nBIGCOMMERCE_ACCESS_TOKEN=b\nBRIGHTPEARL_ACCOUNT=c\n"
		   "BRIGHTPEARL_APP_REF=d\nBRIGHTPEARL_DEV_REF=e\nBRIGHTPEARL_CLIENT_ID=f\n"
		   "BRIGHTPEARL_CLIENT_SECRET=g\nBRIGHTPEARL_REFRESH_TOKEN=h\n",
		   0600);
	struct config *c = config_load(store);
	assert_string_equal(c->oauth_url, "https://oauth.brightpearl.com/token/c");
	config_free(c);
}

static void access_of_the_file(void **unused)
{
	(void)unused;
	write_file(".env", COMPLETE, 0640);
	assert_dies(EX_CONFIG, "/.env holds credentials and others can read it: chmod 600 /tmp/",
		    load, NULL);
	assert_dies(EX_CONFIG, "chmod 600", peek, NULL);
	write_file(".env", COMPLETE, 0604);
	assert_dies(EX_CONFIG, "chmod 600", load, NULL);
	write_file(".env", COMPLETE, 0602);
	assert_dies(EX_CONFIG, "chmod 600", load, NULL);
	write_file(".env", COMPLETE, 0400);
	assert_dies(0, "", load, NULL);
	char path[300];
	snprintf(path, sizeof path, "%s/.env", store);
	unlink(path);
	mkdir(path, 0700);
	assert_dies(EX_CONFIG, "not a plain file", load, NULL);
	rmdir(path);
	if (geteuid() == 0) {
		write_file(".env", COMPLETE, 0600);
		assert_int_equal(chown(path, 12345, 12345), 0);
		assert_dies(EX_CONFIG, "belongs to another user", load, NULL);
	}
}

static void malformed_lines_are_named_and_not_shown(void **unused)
{
	static const struct {
		const char *text, *message;
	} row[] = {
		{"\nsecret\n", "/.env:2: not of the form NAME=value"},
		{"=secret\n", "/.env:1: not of the form NAME=value"},
		{"1A=secret\n", "/.env:1: not of the form"},
		{"A B=secret\n", "/.env:1: not of the form"},
		{"A-B=secret\n", "/.env:1: not of the form"},
		{"# x\nBRIGHTPEARL_ACCOUNT=\"secret\n", "/.env:2: BRIGHTPEARL_ACCOUNT: the quotes"},
		{"BRIGHTPEARL_ACCOUNT='secret' x\n", "/.env:1: BRIGHTPEARL_ACCOUNT: the quotes"},
		{"BRIGHTPEARL_TOKEN=secret\n", "/.env:1: there is no variable BRIGHTPEARL_TOKEN"},
		{"BIGCOMMERCE_X=secret\n", "/.env:1: there is no variable BIGCOMMERCE_X"},
		{"BRIGHTPEARL_ACCOUNT=secret\nBRIGHTPEARL_ACCOUNT=secret\n",
		 "/.env:2: BRIGHTPEARL_ACCOUNT is set twice"},
	};
	char message[4000];

	(void)unused;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		write_file(".env", row[i].text, 0600);
		assert_int_equal(dies_code(load, NULL, message), EX_CONFIG);
		if (!strstr(message, row[i].message) || strstr(message, "secret"))
			fail_msg("%s", message);
	}
}

static void addresses(void **unused)
{
	static const struct {
		const char *url, *wrong; /* NULL: fine */
	} row[] = {
		{"https://api.example.com", NULL},
		{"HTTPS://api.example.com:8443/", NULL},
		{"http://127.0.0.1:8080", NULL},
		{"http://127.9.9.9", NULL},
		{"http://localhost:1", NULL},
		{"http://[::1]:8080", NULL},
		{"http://api.example.com", "must begin with https://"},
		{"http://localhost.example.com", "must begin with https://"},
		{"http://127.0.0.1.example.com", "must begin with https://"},
		{"http://[::2]:8080", "must begin with https://"},
		{"http://0.0.0.0", "must begin with https://"},
		{"http://10.127.0.1", "must begin with https://"},
		{"https://api.example.com/stores/x", "must end with the host"},
		{"https://api.example.com?x=1", "must not hold a query"},
		{"https://api.example.com/#x", "must not hold a query"},
		{"https://user:secret@api.example.com", "must not hold a user"},
		{"https://user@api.example.com", "must not hold a user"},
		{"http://127.0.0.1@api.example.com", "must not hold a user"},
		{"http://127.0.0.1\\@api.example.com", "is not an address"},
		{"api.example.com", "is not an address"},
		{"ftp://api.example.com", "is not an address"},
		{"file:///etc/passwd", "is not an address"},
		{"https://", "is not an address"},
		{"https://api example.com", "holds a blank"},
	};
	char message[4000];

	(void)unused;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		setenv("BIGCOMMERCE_API_URL", row[i].url, 1);
		int code = dies_code(peek, NULL, message);
		bool fine = row[i].wrong
				    ? code == EX_CONFIG && strstr(message, "BIGCOMMERCE_API_URL") &&
					      !strstr(message, "secret")
				    : code == 0;
		if (!fine)
			fail_msg("%s: %d %s", row[i].url, code, message);
	}
	setenv("BIGCOMMERCE_API_URL", "https://api.example.com/", 1);
	setenv("BRIGHTPEARL_OAUTH_URL", "https://oauth.example.com/token/acme", 1);
	struct config *c = config_peek(store);
	assert_string_equal(c->bigcommerce_url, "https://api.example.com");
	assert_string_equal(c->oauth_url, "https://oauth.example.com/token/acme");
	config_free(c);
}

static void odd_values(void **unused)
{
	(void)unused;
	setenv("BIGCOMMERCE_ACCESS_TOKEN",
	       "se\x01"
	       "cret",
	       1);
	assert_dies(EX_CONFIG, "BIGCOMMERCE_ACCESS_TOKEN holds", peek, NULL);
	setenv("BIGCOMMERCE_ACCESS_TOKEN", "secret\xc2\xa0", 1);
	assert_dies(EX_CONFIG, "BIGCOMMERCE_ACCESS_TOKEN holds", peek, NULL);
	setenv("BIGCOMMERCE_ACCESS_TOKEN", "secret\r\nX: y", 1);
	assert_dies(EX_CONFIG, "BIGCOMMERCE_ACCESS_TOKEN holds", peek, NULL);
	unsetenv("BIGCOMMERCE_ACCESS_TOKEN");
	setenv("BIGCOMMERCE_STORE_HASH", "stores/abc", 1);
	assert_dies(EX_CONFIG, "BIGCOMMERCE_STORE_HASH may hold only", peek, NULL);
	setenv("BIGCOMMERCE_STORE_HASH", "abc", 1);
	setenv("BRIGHTPEARL_ACCOUNT", "..", 1);
	assert_dies(EX_CONFIG, "BRIGHTPEARL_ACCOUNT may hold only", peek, NULL);
}

static void a_file_too_large(void **unused)
{
	static char text[70000];

	(void)unused;
	memset(text, '#', sizeof text - 1);
	write_file(".env", text, 0600);
	assert_dies(EX_CONFIG, "too large", peek, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(from_the_file, forget_all),
		cmocka_unit_test_setup(every_way_to_write_a_line, forget_all),
		cmocka_unit_test_setup(environment_then_file_then_credentials, forget_all),
		cmocka_unit_test_setup(everything_missing_is_named, forget_all),
		cmocka_unit_test_setup(three_ways_to_sign_in, forget_all),
		cmocka_unit_test_setup(access_of_the_file, forget_all),
		cmocka_unit_test_setup(malformed_lines_are_named_and_not_shown, forget_all),
		cmocka_unit_test_setup(addresses, forget_all),
		cmocka_unit_test_setup(odd_values, forget_all),
		cmocka_unit_test_setup(a_file_too_large, forget_all),
	};
	if (!mkdtemp(store))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	forget_all(NULL);
	rmdir(store);
	return failed;
}
