#define _GNU_SOURCE
#include "lib/oauth.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/http_private.h"
#include "lib/log.h"
#include "lib/oauth_file.h"
#include "lib/redact.h"
#include "lib/retry.h"
#include "lib/sha256.h"
#include "lib/step.h"
#include "lib/stop.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARGIN_S 60

struct oauth {
	const struct config *config;
	struct oauth_file *file;
	char origin[SHA256_HEX]; /* of the configured refresh token that ours descends from */
	char *access, *refresh;
	int64_t expires_at, instance_id;
	int number; /* counts the access tokens given out */
	char *why;  /* none was got: it is not asked for again; else NULL */
};

static void replace(char **secret, const char *value)
{
	char *copy = value ? xstrdup(value) : NULL;

	redact_learn(value);
	if (*secret)
		explicit_bzero(*secret, strlen(*secret));
	free(*secret);
	*secret = copy;
}

struct oauth *oauth_open(const struct config *config)
{
	struct oauth *o = xcalloc(1, sizeof *o);

	o->config = config;
	char *folder = xasprintf("%s/data", config->store);
	o->file = oauth_file_open(folder);
	free(folder);
	sha256_hex(o->origin, config->refresh_token, strlen(config->refresh_token));
	replace(&o->refresh, config->refresh_token);
	return o;
}

void oauth_close(struct oauth *o)
{
	if (!o)
		return;
	free(o->why);
	replace(&o->access, NULL);
	replace(&o->refresh, NULL);
	oauth_file_close(o->file);
	free(o);
}

int64_t oauth_instance_id(const struct oauth *o)
{
	return o ? o->instance_id : 0;
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

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

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
	if (!text)
		die(EX_OSERR, "out of memory");
	oauth_file_keep(o->file, text);
	explicit_bzero(text, strlen(text));
	cJSON_free(text);
}

/* A token becomes part of a header line. */
static bool usable(const char *token)
{
	for (const char *p = token; p && *p; p++)
		if (*p <= 0x20 || *p >= 0x7f)
			return false;
	return token;
}

/* The tokens of an answer to a request made at that time (s).  False: it has none. */
static bool take_answer(struct oauth *o, const char *answer, size_t size, int64_t asked_at)
{
	cJSON *got = cJSON_ParseWithLength(answer, size);
	const char *access = text_of(got, "access_token"), *refresh = text_of(got, "refresh_token");
	int64_t lasts = number_of(got, "expires_in"),
		instance = number_of(got, "installation_instance_id");
	bool good = usable(access) && (!refresh || usable(refresh));

	if (good) {
		replace(&o->access, access);
		if (refresh)
			replace(&o->refresh, refresh);
		o->expires_at = asked_at + (lasts ? lasts : 3600);
		if (instance)
			o->instance_id = instance;
	}
	cJSON_Delete(got);
	return good;
}

/* What is kept, unless it descends from another configured token. */
static void load_kept(struct oauth *o)
{
	char *text = oauth_file_read(o->file);
	cJSON *kept = text ? cJSON_Parse(text) : NULL;
	const char *origin = text_of(kept, "origin"), *refresh = text_of(kept, "refresh_token");

	if (origin && refresh && !strcmp(origin, o->origin)) {
		replace(&o->refresh, refresh);
		replace(&o->access, text_of(kept, "access_token"));
		o->expires_at = number_of(kept, "expires_at");
		o->instance_id = number_of(kept, "instance_id");
	}
	cJSON_Delete(kept);
	wipe(text);
}

/* What is kept, and what a process received that died before it could keep it. */
static void load(struct oauth *o)
{
	int64_t asked_at = 0;

	load_kept(o);
	char *answer = oauth_file_left(o->file, o->origin, &asked_at);
	if (answer && take_answer(o, answer, strlen(answer), asked_at)) {
		save(o);
		log_info("", "found a new access token that was received and not kept");
	}
	wipe(answer);
}

struct receiving {
	struct oauth *oauth;
	struct buf *answer;
};

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
	struct receiving *r = context;

	if (!buf_add(r->answer, bytes, size * count))
		return 0;
	oauth_file_receive(r->oauth->file, bytes, size * count);
	return size * count;
}

static void add_field(struct buf *form, const char *name, const char *value)
{
	buf_printf(form, "%s%s=", form->size ? "&" : "", name);
	buf_query(form, value);
}

/* One POST on a connection of its own, which libcurl never repeats by itself. */
static struct retry_verdict ask(struct oauth *o, struct buf *answer, int failures,
				int64_t waited_ms)
{
	BUF form = buf_new(OAUTH_LARGEST_ANSWER);
	CURL *easy = curl_easy_init();
	long status = 0;
	struct receiving receiving = {o, answer};

	oauth_file_reserve(o->file, o->origin, clock_now() / 1000);
	add_field(&form, "grant_type", "refresh_token");
	add_field(&form, "refresh_token", o->refresh);
	add_field(&form, "client_id", o->config->client_id);
	add_field(&form, "client_secret", o->config->client_secret);
	http_secure(easy, o->config, o->config->oauth_url);
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, form.data);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &receiving);
	step("before POST OAuth token");
	CURLcode result = curl_easy_perform(easy);
	oauth_file_received(o->file);
	step("after POST OAuth token");
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(easy);
	explicit_bzero(form.data, form.size);
	if (status / 100 != 2)
		redact(answer->data, answer->size);
	return retry_judge(&(struct retry_answer){
		.api = BRIGHTPEARL,
		.transport = retry_transport((int)result, 0),
		.status = (int)status,
		.body = answer->data ? answer->data : "",
		.size = answer->size,
		.reset_ms = -1,
		.retry_after_ms = -1,
		.failures = failures,
		.waited_ms = waited_ms,
		.spent_ms = waited_ms,
	});
}

static bool fail(struct oauth *o, const char *why)
{
	free(o->why);
	o->why = xasprintf("no access token: %s", why);
	return false;
}

static bool fail_stopped(struct oauth *o)
{
	char *why = xasprintf("nothing more was sent: %s", stop_reason());

	fail(o, why);
	free(why);
	return false;
}

static bool accept_answer(struct oauth *o, struct buf *answer, int64_t asked_at)
{
	bool good = take_answer(o, answer->data, answer->size, asked_at);

	if (answer->size)
		explicit_bzero(answer->data, answer->size);
	if (!good) {
		oauth_file_discard(o->file);
		return fail(o,
			    "Brightpearl answered the token request without a usable access token");
	}
	save(o);
	log_info("", "Brightpearl gave a new access token");
	return true;
}

static bool give_up(struct oauth *o, const struct retry_verdict *v)
{
	oauth_file_discard(o->file);
	if (v->action == RETRY_LATER)
		return fail(o, v->message);
	if (v->action == RETRY_DISTRUST)
		die(EX_CONFIG, "no access token: %s: check BRIGHTPEARL_OAUTH_URL", v->message);
	die(EX_NOPERM,
	    "no access token: %s: check BRIGHTPEARL_CLIENT_ID and BRIGHTPEARL_CLIENT_SECRET, or"
	    " connect the app again and put the new BRIGHTPEARL_REFRESH_TOKEN into .env",
	    v->message);
}

static bool request_token(struct oauth *o)
{
	BUF answer = buf_new(OAUTH_LARGEST_ANSWER);

	int64_t waited_ms = 0;

	for (int failures = 0;; failures++) {
		if (stop_reason())
			return fail_stopped(o);
		int64_t asked_at = clock_now() / 1000;
		buf_clear(&answer);
		struct retry_verdict v = ask(o, &answer, failures, waited_ms);
		if (v.action == RETRY_OK)
			return accept_answer(o, &answer, asked_at);
		if (v.action != RETRY_WAIT && v.action != RETRY_THROTTLED)
			return give_up(o, &v);
		log_info("", "%s; token again in %.1f s", v.message, (double)v.wait_ms / 1000);
		waited_ms += v.wait_ms;
		clock_sleep(v.wait_ms);
	}
}

static bool fresh(const struct oauth *o)
{
	return o->access && o->expires_at > clock_now() / 1000 + MARGIN_S;
}

/* refused: whether the access token at hand was. */
static bool get(struct oauth *o, bool refused)
{
	if (o->why)
		return false;
	int fd = oauth_file_lock(o->file);
	if (fd < 0)
		return fail_stopped(o);
	char *old = o->access ? xstrdup(o->access) : NULL;
	load(o);
	bool usable = fresh(o) && !(refused && old && !strcmp(old, o->access));
	bool got = usable || request_token(o);
	close(fd);
	o->number += got;
	replace(&old, NULL);
	return got;
}

const char *oauth_token(struct oauth *o, int *number)
{
	if (!fresh(o) && !get(o, false))
		return NULL;
	*number = o->number;
	return o->access;
}

bool oauth_renew(struct oauth *o, int number)
{
	return number != o->number || get(o, true);
}

const char *oauth_why(const struct oauth *o)
{
	return o->why;
}
