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
    agent        text COLLATE "C" NOT NULL,
    failure_code text COLLATE "C",
    message      text NOT NULL,
    -- How many events made this row.
    events       bigint NOT NULL,
    PRIMARY KEY (tenant, id)
) PARTITION BY RANGE (id);

-- Answers "the newest of a function in a state" alone, without looking at the table.
CREATE INDEX jobs_newest ON jobs (tenant, function, state, id DESC)
    INCLUDE (machine_type, attempt, created_at, changed_at, agent);

-- How far the ledger has read, written in the transaction that writes the rows.
CREATE TABLE ledger_offsets (
    topic       text COLLATE "C" NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
