-- Batches: many inputs of one function, whose members are jobs with ids that follow from the batch's.
-- What became of members is in the jobs alone. Partitions as those of jobs, by the day of the id.
CREATE TABLE batches (
    tenant       text COLLATE "C" NOT NULL,
    id           uuid NOT NULL,
    function     text COLLATE "C" NOT NULL,
    machine_type text COLLATE "C" NOT NULL,
    -- Milliseconds since the epoch, by a dispatcher's clock.
    created_at   bigint NOT NULL,
    -- Which request brings its inputs: a later one with the same id takes over.
    upload       uuid NOT NULL,
    -- How many inputs it has; NULL while they come, and nothing of it runs.
    total        integer,
    -- How often members that had failed were to run again.
    run          integer NOT NULL DEFAULT 0,
    -- Whether all of them that this run is about were queued.
    run_is_fed   boolean NOT NULL DEFAULT true,
    -- Milliseconds since the epoch; 0: it was not.
    cancelled_at bigint NOT NULL DEFAULT 0,
    -- When nothing was left to do; 0: something is.
    ended_at     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, id)
) PARTITION BY RANGE (id);
CREATE INDEX batches_under_way ON batches (tenant, id) WHERE ended_at = 0;

-- What the members are calls of: an Invocation without arguments, for those from an index on.
CREATE TABLE batch_templates (
    tenant      text COLLATE "C" NOT NULL,
    batch       uuid NOT NULL,
    first_index integer NOT NULL,
    invocation  bytea NOT NULL,
    PRIMARY KEY (tenant, batch, first_index)
) PARTITION BY RANGE (batch);

-- The inputs, many in a row: each a Payload in single-object encoding after its length in 4 bytes.
CREATE TABLE batch_inputs (
    tenant      text COLLATE "C" NOT NULL,
    batch       uuid NOT NULL,
    first_index integer NOT NULL,
    count       integer NOT NULL,
    payloads    bytea NOT NULL,
    PRIMARY KEY (tenant, batch, first_index)
) PARTITION BY RANGE (batch);
