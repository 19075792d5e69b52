#include "jobs/job.h"

bool notes_transform(struct job *job)
{
	(void)job;
	return true;
}
