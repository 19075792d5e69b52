#include "jobs/job.h"
#include "jobs/notes/notes.h"

bool notes_transform(struct job *job)
{
	return agreed_transform(job, &notes_job);
}
