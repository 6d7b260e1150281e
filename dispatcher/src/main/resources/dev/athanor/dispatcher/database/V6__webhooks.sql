-- Addresses that are told of the ends of jobs, kept as long as jobs are.
CREATE TABLE webhooks (
    tenant     text COLLATE "C" NOT NULL,
    -- Of the job.
    id         uuid NOT NULL,
    url        text NOT NULL,
    -- PENDING, DELIVERED or FAILED.
    state      text COLLATE "C" NOT NULL,
    -- Milliseconds since the epoch.
    created_at bigint NOT NULL,
    -- When it is tried next; 0: never.
    next_at    bigint NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX webhooks_created ON webhooks (created_at);

CREATE TABLE webhook_attempts (
    tenant  text COLLATE "C" NOT NULL,
    id      uuid NOT NULL,
    -- From 1.
    number  integer NOT NULL,
    at      bigint NOT NULL,
    -- What HTTP answered; 0: nothing.
    status  integer NOT NULL,
    -- Why it was not delivered; empty: it was.
    problem text NOT NULL,
    PRIMARY KEY (tenant, id, number),
    FOREIGN KEY (tenant, id) REFERENCES webhooks ON DELETE CASCADE
);

-- What the messages to a tenant's addresses are signed with.
CREATE TABLE webhook_secrets (
    tenant     text COLLATE "C" PRIMARY KEY,
    secret     bytea NOT NULL,
    created_at bigint NOT NULL
);
