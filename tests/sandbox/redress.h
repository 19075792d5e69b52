/* Text as a system may show what it was given: encoded as HTML, with other line breaks, trimmed. */
#ifndef SANDBOX_REDRESS_H
#define SANDBOX_REDRESS_H

/* By a switch: a comma list of entities, crlf, trimmed; else as it is.  malloc'ed. */
char *redress(const char *text, const char *switch_name);

#endif
