/* pearlbridge: the options, and which command they are for. */
#define _GNU_SOURCE
#include "jobs/brake.h"
#include "jobs/commands/commands.h"
#include "jobs/job.h"
#include "lib/paste.h"
#include "lib/show.h"
#include "lib/surroundings.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Children of the run get the options through the environment. */
static bool flag(const char *variable, bool given)
{
	if (given)
		setenv(variable, "1", 1);
	const char *inherited = getenv(variable);
	return inherited && *inherited;
}

/* It may be given several times. */
static void allow_large(const char *job)
{
	const char *others = getenv("PEARLBRIDGE_ALLOW_LARGE");

	if (!brake_knows(job))
		die(EX_USAGE,
		    "--allow-large takes the job whose brake it releases for this run: " BRAKE_JOBS
		    ", not \"%s\"",
		    job);
	char *all = xasprintf("%s%s%s", others ? others : "", others ? "," : "", job);
	setenv("PEARLBRIDGE_ALLOW_LARGE", all, 1);
	free(all);
}

/* A closed stream would become the number of the next file that is opened, and what is said would be
 * written into it. */
static void open_standard_streams(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd ? O_WRONLY : O_RDONLY) < 0)
			_exit(EX_OSERR);
}

/* What was to be said on stdout and could not be is no success. */
static int end(int code)
{
	if (paste_flush())
		return code;
	log_error("", "not all that was said could be written to stdout: %s", strerror(errno));
	return stage_worse(code, EX_IOERR);
}

/* The options: where in struct options each goes. */
#define SETS(name, field)                                                                          \
	{                                                                                          \
		{name, no_argument, NULL, 0}, offsetof(struct options, field)                      \
	}
#define TAKES(name, field)                                                                         \
	{                                                                                          \
		{name, required_argument, NULL, 0}, offsetof(struct options, field)                \
	}

static const struct {
	struct option option;
	size_t field;
} known[] = {
	SETS("json", json),
	SETS("quiet", quiet),
	SETS("verbose", verbose),
	SETS("only", only),
	SETS("absent", absent),
	SETS("force", force),
	SETS("csv", csv),
	SETS("help", help),
	TAKES("store", store),
	TAKES("as", as),
	TAKES("why", why),
	TAKES("from", from),
	TAKES("to", to),
	TAKES("pattern", pattern),
	TAKES("confirm", confirm),
	/* of these two the field is not the whole of it */
	TAKES("allow-large", allow_large),
	{{"version", no_argument, NULL, 'V'}, 0},
};

#define KNOWN (sizeof known / sizeof *known)

static void take_option(struct options *o, size_t i, const char *value)
{
	char *field = (char *)o + known[i].field;

	if (known[i].option.has_arg == no_argument)
		*(bool *)field = true;
	else if (known[i].field == offsetof(struct options, allow_large))
		allow_large(value);
	else
		*(const char **)field = value;
}

static void read_options(struct options *o, int argc, char **argv)
{
	struct option names[KNOWN + 1] = {0};
	int at = 0;

	for (size_t i = 0; i < KNOWN; i++)
		names[i] = known[i].option;
	o->store = getenv("PEARLBRIDGE_STORE");
	for (int c; (c = getopt_long(argc, argv, ":h", names, &at)) != -1;)
		switch (c) {
		case 0:
			take_option(o, (size_t)at, optarg);
			break;
		case 'h':
			o->help = true;
			break;
		case 'V':
			show("pearlbridge 0.1, %s, SQLite %s\n", curl_version(),
			     sqlite3_libversion());
			exit(end(0));
		default:
			die(EX_USAGE, "%s %s; ./run.sh --help lists the options", argv[optind - 1],
			    c == ':' ? "needs a value" : "is no option of ours");
		}
	o->json = flag("PEARLBRIDGE_JSON", o->json);
	o->quiet = flag("PEARLBRIDGE_QUIET", o->quiet);
	o->verbose = flag("PEARLBRIDGE_VERBOSE", o->verbose);
	o->allow_large = getenv("PEARLBRIDGE_ALLOW_LARGE");
	o->plan = flag("PEARLBRIDGE_PLAN", false);
	o->count = argc - optind;
	o->arguments = argv + optind;
	o->store = o->store ? o->store : o->home;
}

static void find_home(struct options *o)
{
	static char self[PATH_MAX], home[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);

	if (length < 0)
		die(EX_OSERR, "cannot tell where this program is");
	memcpy(home, self, sizeof home);
	for (int up = 0; up < 2; up++) /* HOME/build/pearlbridge */
		*strrchr(home, '/') = 0;
	o->self = self;
	o->home = home;
}

/* The store's path as an absolute one; its folder need not exist yet. */
static void resolve_store(struct options *o)
{
	static char path[PATH_MAX];

	if (*o->store != '/') {
		char here[PATH_MAX / 2];
		if (!getcwd(here, sizeof here))
			die(EX_OSERR, "cannot tell the current folder");
		snprintf(path, sizeof path, "%s/%s", here, o->store);
		o->store = path;
	}
}

/* No secret may end in a core dump, and no file of ours is for others. */
static void harden(void)
{
	struct rlimit none = {0, 0};
	const char *fd = getenv("PEARLBRIDGE_STDERR_FD");

	open_standard_streams();
	unsetenv("POSIXLY_CORRECT"); /* options may follow the command */
	umask(077);
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* its leak check looks into the process */
	prctl(PR_SET_DUMPABLE, 0);
#endif
	if (fd && *fd)
		dup2(atoi(fd), 2);
}

int main(int argc, char **argv)
{
	struct options o = {0};

	harden();
	surroundings_clear();
	find_home(&o);
	read_options(&o, argc, argv);
	resolve_store(&o);
	log_open(&(struct log_options){.json = o.json, .quiet = o.quiet, .verbose = o.verbose}, "",
		 NULL);
	if (!o.help && !(o.count == 1 && !strcmp(o.arguments[0], "help")))
		paste_open(argv[0], strcmp(o.store, o.home) != 0 ? o.store : NULL, o.json);
	if (o.help || (o.count == 1 && !strcmp(o.arguments[0], "help"))) {
		command_help(o.count ? command_find(o.arguments[0]) : NULL);
		return end(0);
	}
	const struct command *command = command_choose(&o);
	if (!command || command->run != command_init)
		store_must_exist(&o);
	if (!command)
		return end(command_run(&o));
	o.count--;
	o.arguments++;
	if (o.count > command->most)
		command_misuse(command->name, "\"%s\" is one word too many",
			       o.arguments[command->most]);
	return end(command->run(&o));
}
