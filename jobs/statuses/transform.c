#include "jobs/job.h"
#include "jobs/statuses/statuses.h"

bool statuses_transform(struct job *job)
{
	return agreed_transform(job, &statuses_job);
}
