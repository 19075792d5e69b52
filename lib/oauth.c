#define _GNU_SOURCE
#include "lib/oauth.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/http_private.h"
#include "lib/log.h"
#include "lib/retry.h"
#include "lib/sha256.h"
#include "lib/step.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARGIN_S       60
#define LARGEST_ANSWER 65536

struct oauth {
	const struct config *config;
	char *folder, *path, *temp;
	char origin
		[SHA256_HEX]; /* of the configured refresh token that the kept one descends from */
	char *access, *refresh;
	int64_t expires_at, instance_id;
	int number; /* counts the access tokens given out */
};

static void replace(char **secret, const char *value)
{
	char *copy = value ? xstrdup(value) : NULL;

	if (*secret)
		explicit_bzero(*secret, strlen(*secret));
	free(*secret);
	*secret = copy;
}

struct oauth *oauth_open(const struct config *config)
{
	struct oauth *o = xcalloc(1, sizeof *o);

	o->config = config;
	o->folder = xasprintf("%s/data", config->store);
	o->path = xasprintf("%s/oauth.json", o->folder);
	o->temp = xasprintf("%s/oauth.json.new", o->folder);
	sha256_hex(o->origin, config->refresh_token, strlen(config->refresh_token));
	replace(&o->refresh, config->refresh_token);
	return o;
}

void oauth_close(struct oauth *o)
{
	if (!o)
		return;
	replace(&o->access, NULL);
	replace(&o->refresh, NULL);
	free(o->folder);
	free(o->path);
	free(o->temp);
	free(o);
}

void oauth_redact(const struct oauth *o, char *text)
{
	const char *secrets[] = {o->access, o->refresh};

	for (int i = 0; i < 2; i++)
		for (char *at = text; secrets[i] && *secrets[i] && (at = strstr(at, secrets[i]));)
			memset(at, '*', strlen(secrets[i]));
}

int64_t oauth_instance_id(const struct oauth *o)
{
	return o ? o->instance_id : 0;
}

static void __attribute__((noreturn)) fail(const char *what, const char *path)
{
	die(EX_IOERR, "OAuth token: %s %s: %s", what, path, strerror(errno));
}

/* Held until the descriptor is closed. */
static int lock(struct oauth *o)
{
	char *path = xasprintf("%s/oauth.lock", o->folder);

	if (mkdir(o->folder, 0700) && errno != EEXIST)
		fail("cannot make", o->folder);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || flock(fd, LOCK_EX))
		fail("cannot lock", path);
	free(path);
	return fd;
}

static const char *text_of(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
	return text && *text ? text : NULL;
}

static int64_t number_of(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	double value = cJSON_IsString(item)   ? strtod(item->valuestring, NULL)
		       : cJSON_IsNumber(item) ? item->valuedouble
					      : 0;

	return value > 0 && value < 1e15 ? (int64_t)value : 0;
}

/* What is kept, unless it descends from another configured token. */
static void load(struct oauth *o)
{
	char text[LARGEST_ANSWER];
	int fd = open(o->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT)
		return;
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text);
	if (size < 0 || close(fd))
		fail("cannot read", o->path);
	cJSON *kept = cJSON_ParseWithLength(text, (size_t)size);
	explicit_bzero(text, sizeof text);
	const char *origin = text_of(kept, "origin"), *refresh = text_of(kept, "refresh_token");
	if (origin && refresh && !strcmp(origin, o->origin)) {
		replace(&o->refresh, refresh);
		replace(&o->access, text_of(kept, "access_token"));
		o->expires_at = number_of(kept, "expires_at");
		o->instance_id = number_of(kept, "instance_id");
	}
	cJSON_Delete(kept);
}

static void write_all(int fd, const char *text, const char *path)
{
	for (size_t left = strlen(text); left;) {
		ssize_t n = write(fd, text, left);
		if (n < 0 && errno != EINTR)
			fail("cannot write", path);
		left -= n > 0 ? (size_t)n : 0;
		text += n > 0 ? n : 0;
	}
}

/* On disk for good before it is used: what is lost here cannot be got again. */
static void save(struct oauth *o)
{
	cJSON *kept = cJSON_CreateObject();

	cJSON_AddStringToObject(kept, "origin", o->origin);
	cJSON_AddStringToObject(kept, "refresh_token", o->refresh);
	cJSON_AddStringToObject(kept, "access_token", o->access);
	cJSON_AddNumberToObject(kept, "expires_at", (double)o->expires_at);
	cJSON_AddNumberToObject(kept, "instance_id", (double)o->instance_id);
	char *text = cJSON_Print(kept);
	cJSON_Delete(kept);
	unlink(o->temp);
	int fd = open(o->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || !text)
		fail("cannot write", o->temp);
	write_all(fd, text, o->temp);
	if (fsync(fd) || close(fd) || rename(o->temp, o->path))
		fail("cannot keep", o->path);
	int folder = open(o->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0 || fsync(folder))
		fail("cannot sync", o->folder);
	close(folder);
	cJSON_free(text);
}

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
	return buf_add(context, bytes, size * count) ? size * count : 0;
}

static void add_field(struct buf *form, const char *name, const char *value)
{
	buf_printf(form, "%s%s=", form->size ? "&" : "", name);
	buf_query(form, value);
}

/* One POST on a connection of its own, which libcurl never repeats by itself. */
static struct retry_verdict ask(struct oauth *o, struct buf *answer, int failures)
{
	BUF form = buf_new(LARGEST_ANSWER);
	CURL *easy = curl_easy_init();
	long status = 0;

	add_field(&form, "grant_type", "refresh_token");
	add_field(&form, "refresh_token", o->refresh);
	add_field(&form, "client_id", o->config->client_id);
	add_field(&form, "client_secret", o->config->client_secret);
	http_secure(easy, o->config->oauth_url);
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, form.data);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
	step("before POST OAuth token");
	CURLcode result = curl_easy_perform(easy);
	step("after POST OAuth token");
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(easy);
	explicit_bzero(form.data, form.size);
	return retry_judge(&(struct retry_answer){
		.api = BRIGHTPEARL,
		.transport = retry_transport((int)result, 0),
		.status = (int)status,
		.body = answer->data ? answer->data : "",
		.size = answer->size,
		.reset_ms = -1,
		.retry_after_ms = -1,
		.failures = failures,
	});
}

/* A token becomes part of a header line. */
static bool usable(const char *token)
{
	for (const char *p = token; p && *p; p++)
		if (*p <= 0x20 || *p >= 0x7f)
			return false;
	return token;
}

static void accept_answer(struct oauth *o, struct buf *answer)
{
	cJSON *got = cJSON_ParseWithLength(answer->data, answer->size);
	const char *access = text_of(got, "access_token"), *refresh = text_of(got, "refresh_token");
	int64_t lasts = number_of(got, "expires_in"),
		instance = number_of(got, "installation_instance_id");

	if (!usable(access) || (refresh && !usable(refresh)))
		die(EX_TEMPFAIL,
		    "Brightpearl answered the token request without a usable access token");
	replace(&o->access, access);
	if (refresh)
		replace(&o->refresh, refresh);
	o->expires_at = clock_now() / 1000 + (lasts ? lasts : 3600);
	if (instance)
		o->instance_id = instance;
	cJSON_Delete(got);
	explicit_bzero(answer->data, answer->size);
	save(o);
	log_info("", "Brightpearl gave a new access token");
}

static void request_token(struct oauth *o)
{
	BUF answer = buf_new(LARGEST_ANSWER);

	for (int failures = 0;; failures++) {
		buf_clear(&answer);
		struct retry_verdict v = ask(o, &answer, failures);
		if (v.action == RETRY_OK) {
			accept_answer(o, &answer);
			return;
		}
		if (v.action == RETRY_LATER)
			die(EX_TEMPFAIL, "no access token: %s", v.message);
		if (v.action == RETRY_DISTRUST)
			die(EX_CONFIG, "no access token: %s: check BRIGHTPEARL_OAUTH_URL",
			    v.message);
		if (v.action != RETRY_WAIT && v.action != RETRY_THROTTLED)
			die(EX_NOPERM,
			    "no access token: %s: check BRIGHTPEARL_CLIENT_ID and"
			    " BRIGHTPEARL_CLIENT_SECRET, or connect the app again and put the new"
			    " BRIGHTPEARL_REFRESH_TOKEN into .env",
			    v.message);
		log_info("", "%s; token again in %.1f s", v.message, (double)v.wait_ms / 1000);
		clock_sleep(v.wait_ms);
	}
}

static bool fresh(const struct oauth *o)
{
	return o->access && o->expires_at > clock_now() / 1000 + MARGIN_S;
}

/* refused: whether the access token at hand was. */
static void get(struct oauth *o, bool refused)
{
	char *old = o->access ? xstrdup(o->access) : NULL;
	int fd = lock(o);

	load(o);
	if (!fresh(o) || (refused && old && !strcmp(old, o->access)))
		request_token(o);
	close(fd);
	o->number++;
	replace(&old, NULL);
}

const char *oauth_token(struct oauth *o, int *number)
{
	if (!fresh(o))
		get(o, false);
	*number = o->number;
	return o->access;
}

void oauth_renew(struct oauth *o, int number)
{
	if (number == o->number)
		get(o, true);
}
