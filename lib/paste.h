/* Commands in messages, so that they can be pasted.
 *
 * Messages say ./run.sh.  Where the program was called otherwise, or for another store than its own,
 * that becomes the program as it was called and its --store: in what is logged, and in all that is
 * printed on stdout.
 */
#ifndef LIB_PASTE_H
#define LIB_PASTE_H

#include <stdbool.h>

/* called: how the program was called, unless PEARLBRIDGE_CALLED says it; store: NULL = the default
 * one.  Children of this process say the same.  json: stdout holds JSON. */
void paste_open(const char *called, const char *store, bool json);

char *paste_commands(const char *text); /* malloc'ed */

/* From now on stdout gets what is written to it: whoever writes quotes, and calls paste_commands() before. */
void paste_leave_stdout(void);

bool paste_flush(
	void); /* write what is left of stdout; false with errno when not all of it could be written */

char *paste_word(const char *text); /* as one word of a shell's command; malloc'ed */

#endif
