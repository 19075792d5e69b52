#include "lib/outage.h"

#include "lib/die.h"

#include <stdlib.h>
#include <string.h>

#define QUOTED 160 /* bytes of an odd answer */

static const char *const account[] = {"BIGCOMMERCE_STORE_HASH or BIGCOMMERCE_API_URL",
				      "BRIGHTPEARL_ACCOUNT or BRIGHTPEARL_API_URL"};
static const char *const who[] = {"the API account of BIGCOMMERCE_ACCESS_TOKEN",
				  "the app or the staff member of BRIGHTPEARL_APP_REF"};

bool job_outage(struct job *job, enum api api, const char *what, const struct reply *r)
{
	const char *message = *r->message ? r->message : "the answer cannot be read";
	bool refused = r->outcome == HTTP_REFUSED;

	if (refused && r->status == 403)
		job_note(job, EX_NOPERM, "%s: %s: %s: give %s the permission for it",
			 api_title[api], what, message, who[api]);
	else if (refused && r->status == 404)
		job_note(job, EX_CONFIG, "%s: %s: %s: check %s in .env", api_title[api], what,
			 message, account[api]);
	else
		job_note(job, EX_TEMPFAIL, "%s: %s: %s", api_title[api], what, message);
	return false;
}

char *quote_answer(const char *body)
{
	char *text = xstrdup(body);
	size_t length;

	length = strlen(text);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = ' ';
	if (length > QUOTED) {
		length = QUOTED;
		while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--; /* never half a character */
		text[length] = 0;
	}
	return text;
}

bool job_odd(struct job *job, enum api api, const char *what, const char *odd, const char *body)
{
	char *said = quote_answer(body);

	job_note(job, EX_TEMPFAIL,
		 "%s: %s: the answer is not what was asked for: %s; nothing of it is believed, the"
		 " next run asks again; it said: %s",
		 api_title[api], what, odd, said);
	free(said);
	return false;
}
