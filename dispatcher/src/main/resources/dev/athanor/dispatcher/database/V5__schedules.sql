-- Functions that run at times that a cron expression says.
CREATE TABLE schedules (
    tenant       text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    -- New each time that it is made anew, and part of the ids of its jobs.
    generation   uuid NOT NULL,
    cron         text NOT NULL,
    zone         text NOT NULL,
    missed       text COLLATE "C" NOT NULL,
    paused       boolean NOT NULL,
    function     text COLLATE "C" NOT NULL,
    machine_type text COLLATE "C" NOT NULL,
    -- An Invocation, of which each firing makes its own.
    template     bytea NOT NULL,
    -- When its blobs were last written to Kafka, which keeps them for eight days.
    blobs_at     bigint NOT NULL,
    -- Milliseconds since the epoch.
    created_at   bigint NOT NULL,
    -- When it fires next; 0: never, or it is paused.
    next_at      bigint NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- The blobs of templates: code, and arguments that are too large for a record.
CREATE TABLE schedule_blobs (
    tenant  text COLLATE "C" NOT NULL,
    name    text COLLATE "C" NOT NULL,
    digest  bytea NOT NULL,
    index   integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (tenant, name, digest, index),
    FOREIGN KEY (tenant, name) REFERENCES schedules ON DELETE CASCADE
);

-- What became of its times.
CREATE TABLE schedule_firings (
    tenant     text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    -- The time that it was for.
    fire_at    bigint NOT NULL,
    -- TIME, BY_HAND or SKIPPED.
    kind       text COLLATE "C" NOT NULL,
    decided_at bigint NOT NULL,
    -- Null: it was skipped.
    job        uuid,
    PRIMARY KEY (tenant, name, fire_at, kind),
    FOREIGN KEY (tenant, name) REFERENCES schedules ON DELETE CASCADE
);
