-- Answers "how many of a tenant wait for a machine type" alone; as small as the queues are.
CREATE INDEX jobs_queued ON jobs (tenant, machine_type) WHERE state = 'QUEUED';
