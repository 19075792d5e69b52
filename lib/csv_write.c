#include "lib/csv_write.h"

#include <string.h>

void csv_write_text(FILE *out, const char *text)
{
	bool formula, quoted;

	if (!text)
		return;
	formula = *text && strchr("=+-@\t\r\n", *text);
	quoted = strpbrk(text, ",\"\r\n") != NULL;
	if (quoted)
		putc('"', out);
	if (formula)
		putc('\'', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	if (quoted)
		putc('"', out);
}

void csv_write_number(FILE *out, const char *text)
{
	fputs(text ? text : "", out);
}

void csv_write_next(FILE *out)
{
	putc(',', out);
}

void csv_write_end(FILE *out)
{
	fputs("\r\n", out);
}
