#define _GNU_SOURCE
#include "lib/db_wait.h"

#include "lib/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TELL_AFTER_MS 5000
#define PATIENCE_MS   60000  /* with any other program */
#define LONGEST_MS    600000 /* with one of ours */
#define STEP_MS       25
#define WRITE_LOCK    120 /* the byte of the -shm file that a writer locks (SQLite's WAL format) */

/* The process that locks the byte of this file for writing; 0: none, or it cannot be told.  Read from
 * /proc/locks: to open and close the file ourselves would drop our own locks on it. */
static int locker(const struct stat *file)
{
	FILE *locks = fopen("/proc/locks", "re");
	char line[256], kind[16], mode[16];
	unsigned long long inode = 0, first = 0;
	int pid = 0, found = 0;

	while (locks && !found && fgets(line, sizeof line, locks))
		if (sscanf(line, "%*d: %15s %*s %15s %d %*x:%*x:%llu %llu", kind, mode, &pid,
			   &inode, &first) == 5 &&
		    !strcmp(mode, "WRITE") && inode == file->st_ino && first == WRITE_LOCK)
			found = pid;
	if (locks)
		fclose(locks);
	return found;
}

static int holder(sqlite3 *handle)
{
	const char *path = sqlite3_db_filename(handle, "main");
	char *shm = NULL;
	struct stat file;
	int pid = 0;

	if (path && asprintf(&shm, "%s-shm", path) > 0 && stat(shm, &file) == 0)
		pid = locker(&file);
	free(shm);
	return pid;
}

struct program {
	char name[32]; /* "" when it cannot be told */
	int session;
};

/* From /proc/PID/stat, which anybody may read: 12 (name) S parent group session ...  A link to where the
 * program stands is not for others, as no process of ours can be looked into (PR_SET_DUMPABLE). */
static struct program program_of(int pid)
{
	struct program program = {.name = ""};
	char path[64], line[512] = "";

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *file = pid > 0 ? fopen(path, "re") : NULL;
	const char *got = file ? fgets(line, sizeof line, file) : NULL;
	char *name = got ? strchr(line, '(') : NULL, *end = got ? strrchr(line, ')') : NULL;
	if (name && end > name && sscanf(end, ") %*c %*d %*d %d", &program.session) == 1)
		snprintf(program.name, sizeof program.name, "%.*s", (int)(end - name - 1),
			 name + 1);
	if (file)
		fclose(file);
	return program;
}

const char *db_wait_holder(sqlite3 *handle)
{
	static char text[80];
	int pid = holder(handle);
	struct program program = program_of(pid);

	if (!*program.name)
		return "another program";
	snprintf(text, sizeof text, "%s (process %d)", program.name, pid);
	return text;
}

/* A stage of the same run: all of them are of one session. */
static bool is_ours(sqlite3 *handle)
{
	struct program program = program_of(holder(handle)), own = program_of((int)getpid());

	return *own.name && !strcmp(program.name, own.name) && program.session == own.session;
}

/* SQLite's busy handler: true = try again.  times counts the calls of one wait. */
static int wait_on(void *handle, int times)
{
	int waited = times * STEP_MS;

	if (waited == TELL_AFTER_MS)
		log_warn("", "waiting for %s, which holds the database for writing",
			 db_wait_holder(handle));
	if (waited >= LONGEST_MS || (waited >= PATIENCE_MS && !is_ours(handle)))
		return 0;
	nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
	return 1;
}

void db_wait_set(sqlite3 *handle)
{
	sqlite3_busy_handler(handle, wait_on, handle);
}
