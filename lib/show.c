#define _GNU_SOURCE
#include "lib/show.h"

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/plain.h"
#include "lib/redact.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One conversion of a format: "%-10.*s". */
struct conversion {
	bool left;
	int width, precision; /* -1: none */
	int length;           /* of the number: 0 int, 1 long, 2 long long, 3 size_t */
	char letter;
};

static int read_number(const char **p, va_list *args)
{
	int number = 0;

	if (**p == '*') {
		++*p;
		return va_arg(*args, int);
	}
	for (; **p >= '0' && **p <= '9'; ++*p)
		number = 10 * number + **p - '0';
	return number;
}

/* p is behind the %; returns what is behind the conversion. */
static const char *read_conversion(const char *p, struct conversion *c, va_list *args)
{
	const char *begin = p;

	*c = (struct conversion){.precision = -1};
	for (; *p == '-'; p++)
		c->left = true;
	c->width = read_number(&p, args);
	if (*p == '.') {
		p++;
		c->precision = read_number(&p, args);
	}
	for (; *p == 'l' || *p == 'z'; p++)
		c->length += *p == 'z' ? 3 : 1;
	c->letter = *p;
	if (!c->letter || !strchr("sdc%", c->letter))
		bug("show() knows no %%%.20s", begin);
	return p + 1;
}

static char *padded(const struct conversion *c, const char *text)
{
	if (c->precision >= 0)
		return c->left ? xasprintf("%-*.*s", c->width, c->precision, text)
			       : xasprintf("%*.*s", c->width, c->precision, text);
	return c->left ? xasprintf("%-*s", c->width, text) : xasprintf("%*s", c->width, text);
}

static long long number_of(const struct conversion *c, va_list *args)
{
	return c->length == 3   ? (long long)va_arg(*args, size_t)
	       : c->length == 2 ? va_arg(*args, long long)
	       : c->length == 1 ? va_arg(*args, long)
				: va_arg(*args, int);
}

static void add_argument(struct buf *out, const struct conversion *c, va_list *args)
{
	char own[24] = "%";
	const char *text = own;

	if (c->letter == 's')
		text = va_arg(*args, const char *);
	else if (c->letter == 'd')
		snprintf(own, sizeof own, "%lld", number_of(c, args));
	else if (c->letter == 'c')
		snprintf(own, sizeof own, "%c", va_arg(*args, int));
	char *shown = padded(c, text ? text : "");
	plain_add(out, shown, strlen(shown), PLAIN_LINE);
	free(shown);
}

static void print(struct buf *out)
{
	redact(out->data, out->size);
	if (out->size)
		fwrite(out->data, 1, out->size, stdout);
}

void show(const char *fmt, ...)
{
	BUF out = buf_new(SIZE_MAX / 2);
	struct conversion c;
	va_list args;

	va_start(args, fmt);
	while (*fmt) {
		size_t size = strcspn(fmt, "%");
		buf_add(&out, fmt, size);
		fmt += size;
		if (!*fmt)
			break;
		fmt = read_conversion(fmt + 1, &c, &args);
		add_argument(&out, &c, &args);
	}
	va_end(args);
	print(&out);
}

void show_lines(const char *text)
{
	BUF out = buf_new(SIZE_MAX / 2);

	plain_add(&out, text, strlen(text), PLAIN_LINES);
	print(&out);
}

void show_json(const char *json)
{
	BUF out = buf_new(SIZE_MAX / 2);

	plain_add(&out, json, strlen(json), PLAIN_JSON);
	buf_text(&out, "\n");
	print(&out);
}

void show_line_end(void)
{
	putc('\n', stdout);
}
