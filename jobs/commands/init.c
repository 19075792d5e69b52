/* init: a store's folder with .env (0600) and the nine mapping files from the shipped examples. */
#include "jobs/commands/commands.h"
#include "jobs/commands/names.h"
#include "jobs/job.h"
#include "lib/csv.h"
#include "lib/file.h"
#include "lib/map.h"
#include "lib/show.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char env_text[] =
	"# Credentials of this store. Nobody but you may read this file (chmod 600).\n"
	"BIGCOMMERCE_STORE_HASH=\n"
	"BIGCOMMERCE_ACCESS_TOKEN=\n"
	"BRIGHTPEARL_ACCOUNT=\n"
	"BRIGHTPEARL_APP_REF=\n"
	"BRIGHTPEARL_STAFF_TOKEN=\n"
	"# BRIGHTPEARL_API_URL=https://euw1.brightpearlconnect.com   (or use1)\n";

/* And its parents. */
static void make_folder(const char *path)
{
	char *part = xstrdup(path);

	for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
		*slash = 0;
		mkdir(part, 0700); /* what fails here fails below, with its reason */
		*slash = '/';
	}
	free(part);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		die(EX_CANTCREAT, "cannot make %s: %s", path, strerror(errno));
}

/* False when the file is there already; it is never overwritten. */
static bool write_new(const char *path, const char *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (fd < 0 && errno == EEXIST)
		return false;
	if (fd < 0 || write(fd, text, size) != (ssize_t)size || fsync(fd) < 0 || close(fd) < 0)
		die(EX_CANTCREAT, "cannot write %s: %s", path, strerror(errno));
	return true;
}

static void copy_mapping(const struct options *o, const char *name)
{
	char *from = xasprintf("%s/mappings/%s", o->home, name),
	     *to = xasprintf("%s/mappings/%s", o->store, name);
	size_t size = 0;
	char *text = csv_slurp(from, &size);

	if (!text)
		die(EX_CONFIG, "the shipped %s cannot be read: %s", from, file_why(from));
	show("  %s %s\n", write_new(to, text, size) ? "made " : "kept ", to);
	free(text);
	free(from);
	free(to);
}

/* A store whose .env is filled in. */
static bool has_credentials(const struct options *o)
{
	struct config *c = config_peek(o->store);
	bool has = c->store_hash && c->bigcommerce_token && c->account && c->app_ref &&
		   (c->staff_token || c->account_token || c->refresh_token);

	config_free(c);
	return has;
}

static int say_keys(const char *env)
{
	show("next: fill in %s; try the credentials with ./run.sh doctor;\n"
	     "      then once more ./run.sh init, which fills in your account's names\n",
	     env);
	return 0;
}

static int fill_and_say(const struct options *o, const char *mappings)
{
	int complaints = -1, code = strcmp(o->store, o->home) != 0 ? names_fill(o, &complaints) : 0;

	if (complaints == 0)
		show("next: ./run.sh plan\n");
	else
		show("next: set orders.start_date in %s/settings.csv, if it is empty; ./run.sh mappings"
		     " check\n"
		     "      until there is no complaint; then ./run.sh plan\n",
		     mappings);
	return code;
}

int command_init(const struct options *o)
{
	char *mappings = xasprintf("%s/mappings", o->store), *env = xasprintf("%s/.env", o->store);
	char *data = store_path(o, "");

	make_folder(o->store);
	make_folder(mappings);
	make_folder(data);
	show("  %s %s\n", write_new(env, env_text, strlen(env_text)) ? "made " : "kept ", env);
	for (const struct map_file *f = map_files; f->name; f++)
		if (strcmp(o->store, o->home) != 0)
			copy_mapping(o, f->name);
	int code = has_credentials(o) ? fill_and_say(o, mappings) : say_keys(env);
	free(mappings);
	free(env);
	free(data);
	return code;
}
