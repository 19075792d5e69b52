/* Parts of the notes job. */
#ifndef JOBS_NOTES_NOTES_H
#define JOBS_NOTES_NOTES_H

#include "jobs/agreed/agreed.h"

extern const struct agreed_job notes_job; /* load.c */

bool notes_are_idle(struct job *); /* so are both directions, or no custom field is named */

#endif
