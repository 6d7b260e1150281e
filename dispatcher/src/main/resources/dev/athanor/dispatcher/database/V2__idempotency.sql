-- The keys under which jobs were submitted, for a day. A row is written before its job is produced,
-- with what is to be produced, so that whoever is asked again can go on where a dispatcher died.
CREATE TABLE idempotency_keys (
    tenant        text COLLATE "C" NOT NULL,
    -- SHA-256 of the function's name and the key: short, whatever they are.
    key           bytea NOT NULL,
    -- SHA-256 of what the job is.
    body          bytea NOT NULL,
    id            uuid NOT NULL,
    -- Milliseconds since the epoch, by dispatchers' clocks.
    created_at    bigint NOT NULL,
    -- Until when one dispatcher produces it, and no other does.
    claimed_until bigint NOT NULL,
    -- What is to be produced; none: it is durable.
    envelope      bytea,
    PRIMARY KEY (tenant, key)
);

-- Finds those whose day is over.
CREATE INDEX idempotency_keys_oldest ON idempotency_keys (created_at);
