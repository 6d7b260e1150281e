-- Jobs, a partition for each day of their ids, which are UUIDs of version 7 and so begin with a
-- time: a day is forgotten by dropping its partition. Partitions are made as they are needed.
CREATE TABLE jobs (
    tenant       text COLLATE "C" NOT NULL,
    id           uuid NOT NULL,
    function     text COLLATE "C" NOT NULL,
    machine_type text COLLATE "C" NOT NULL,
    state        text COLLATE "C" NOT NULL,
    -- Which of two events of a job counts: the higher one. See JobRow.
    precedence   bigint NOT NULL,
    attempt      integer NOT NULL,
    -- Milliseconds since the epoch, by clocks that nobody vouches for.
    created_at   bigint NOT NULL,
    changed_at   bigint NOT NULL,
    -- 0: never, as far as is known.
    started_at   bigint NOT NULL,
    agent        text COLLATE "C" NOT NULL,
    failure_code text COLLATE "C",
    message      text NOT NULL,
    -- Until when the result of this end is kept; 0: it has none.
    result_expires_at bigint NOT NULL,
    -- How many events made this row.
    events       bigint NOT NULL,
    PRIMARY KEY (tenant, id)
) PARTITION BY RANGE (id);

-- Answers "the newest of a function in a state" alone, without looking at the table.
CREATE INDEX jobs_newest ON jobs (tenant, function, state, id DESC)
    INCLUDE (machine_type, attempt, created_at, changed_at, started_at, agent);

-- The same for all functions. An expression, so that no query that names a function is planned by it:
-- where a function has most of a tenant's jobs, both look as good, and only one is so for all.
CREATE INDEX jobs_newest_in_state ON jobs (tenant, (state || ''), id DESC);

-- Replies of jobs, a partition for each day on which some expire. A job may have several ends; its
-- row says which one counts.
CREATE TABLE results (
    tenant     text COLLATE "C" NOT NULL,
    id         uuid NOT NULL,
    precedence bigint NOT NULL,
    changed_at bigint NOT NULL,
    agent      text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL,
    expires_on date NOT NULL,
    reply      bytea NOT NULL,
    PRIMARY KEY (tenant, id, precedence, changed_at, agent, expires_on)
) PARTITION BY RANGE (expires_on);

-- Results that are too large for a reply, copied from the tenants' blobs in Kafka.
CREATE TABLE result_chunks (
    tenant     text COLLATE "C" NOT NULL,
    id         uuid NOT NULL,
    expires_on date NOT NULL,
    digest     bytea NOT NULL,
    index      integer NOT NULL,
    content    bytea NOT NULL,
    PRIMARY KEY (tenant, id, digest, index, expires_on)
) PARTITION BY RANGE (expires_on);

-- What is still to be copied.
CREATE TABLE result_copies (
    tenant       text COLLATE "C" NOT NULL,
    id           uuid NOT NULL,
    expires_on   date NOT NULL,
    digest       bytea NOT NULL,
    size         bigint NOT NULL,
    partition    integer NOT NULL,
    first_offset bigint NOT NULL,
    last_offset  bigint NOT NULL,
    -- Milliseconds since the epoch.
    next_try     bigint NOT NULL DEFAULT 0,
    tries        integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, id, digest, expires_on)
);
CREATE INDEX result_copies_due ON result_copies (next_try);

-- How far the ledger has read, written in the transaction that writes the rows.
CREATE TABLE ledger_offsets (
    topic       text COLLATE "C" NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
