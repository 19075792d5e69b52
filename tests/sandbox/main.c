/* The sandbox's command line: make or reopen the state in DIR, load what is asked for, serve. */
#include "lib/clock.h"
#include "place.h"
#include "retail.h"
#include "sandbox.h"
#include "server.h"
#include "state.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
	"usage: sandbox DIR [--port N] [--init-only] [--retail FILE] [--sql FILE]... [--order "
	"FILE]...\n"
	"\n"
	"Plays BigCommerce and Brightpearl on 127.0.0.1.  State: DIR/sandbox.db, kept from start "
	"to\n"
	"start; address: DIR/url and the first line of output.  Loads in the order given.\n"
	"\n"
	"  --port N       0, the default: any free port\n"
	"  --retail FILE  an Online Retail CSV (may be gzipped) as shop and catalogue\n"
	"  --sql FILE     a script for the state\n"
	"  --order FILE   a JSON list of compact orders (README.md)\n"
	"  --init-only    create and load, then exit\n";

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "sandbox: %s: %s\n", what, why);
	exit(66);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t size = 0, n;

	if (!file)
		fail(path, strerror(errno));
	do {
		text = realloc(text, size + 65537);
		n = fread(text + size, 1, 65536, file);
		size += n;
	} while (n);
	text[size] = '\0';
	fclose(file);
	return text;
}

static void load_sql(const char *path)
{
	char *sql = read_file(path), *error;

	if (!state_script(sql, &error))
		fail(path, error);
	free(sql);
}

static void load_orders(const char *path)
{
	char *text = read_file(path), *error;
	cJSON *orders = cJSON_Parse(text);

	if (!orders)
		fail(path, "not JSON");
	state_begin();
	if (!place_orders(orders, false, &error))
		fail(path, error);
	state_commit();
	cJSON_Delete(orders);
	free(text);
}

static void write_url(const char *dir, int port)
{
	char path[4096], temporary[4200];

	snprintf(path, sizeof path, "%s/url", dir);
	snprintf(temporary, sizeof temporary, "%s.tmp", path);
	FILE *file = fopen(temporary, "w");
	if (!file)
		fail(temporary, strerror(errno));
	fprintf(file, "http://127.0.0.1:%d\n", port);
	if (fclose(file) || rename(temporary, path))
		fail(path, strerror(errno));
	printf("http://127.0.0.1:%d\n", port);
	fflush(stdout);
}

static void serve_until_told(const char *dir, int port)
{
	sigset_t signals;
	int signal_number;

	/* blocked before any thread starts, so that only sigwait() sees them */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	write_url(dir, server_start(port));
	sigwait(&signals, &signal_number);
	server_stop();
}

static void open_dir(const char *dir)
{
	char path[4096];

	if (mkdir(dir, 0700) && errno != EEXIST)
		fail(dir, strerror(errno));
	snprintf(path, sizeof path, "%s/sandbox.db", dir);
	state_open(path);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"port", required_argument, NULL, 'p'},
		{"retail", required_argument, NULL, 'r'},
		{"load-retail", required_argument, NULL, 'r'},
		{"sql", required_argument, NULL, 's'},
		{"order", required_argument, NULL, 'o'},
		{"init-only", no_argument, NULL, 'i'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int port = 0, c;
	bool init_only = false;

	if (argc < 2 || argv[1][0] == '-') {
		fputs(usage, argc > 1 && !strcmp(argv[1], "--help") ? stdout : stderr);
		return argc > 1 && !strcmp(argv[1], "--help") ? 0 : 64;
	}
	clock_now(); /* fixes the clock's anchor before there are threads */
	open_dir(argv[1]);
	while ((c = getopt_long(argc - 1, argv + 1, "", options, NULL)) != -1)
		if (c == 'p')
			port = atoi(optarg);
		else if (c == 'r')
			retail_load(optarg);
		else if (c == 's')
			load_sql(optarg);
		else if (c == 'o')
			load_orders(optarg);
		else if (c == 'i')
			init_only = true;
		else
			return fputs(usage, stderr), 64;
	if (!init_only)
		serve_until_told(argv[1], port);
	state_close();
	return 0;
}
