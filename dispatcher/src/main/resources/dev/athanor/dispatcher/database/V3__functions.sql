-- The code of registered functions, content-addressed.
CREATE TABLE bundles (
    tenant       text COLLATE "C" NOT NULL,
    -- SHA-256 of the bytes.
    digest       bytea NOT NULL,
    size         bigint NOT NULL,
    -- When somebody last said that it is going to be needed; milliseconds since the epoch.
    seen_at      bigint NOT NULL,
    -- Since when it lies in Kafka, where agents fetch it, and where; none: it never did.
    placed_at    bigint,
    partition    integer,
    first_offset bigint,
    last_offset  bigint,
    PRIMARY KEY (tenant, digest)
);

CREATE TABLE bundle_chunks (
    tenant  text COLLATE "C" NOT NULL,
    digest  bytea NOT NULL,
    index   integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (tenant, digest, index),
    FOREIGN KEY (tenant, digest) REFERENCES bundles ON DELETE CASCADE
);
-- Jars are compressed already.
ALTER TABLE bundle_chunks ALTER COLUMN content SET STORAGE EXTERNAL;

-- A row stays when its function is deleted, so that no number of a version is given twice.
CREATE TABLE functions (
    tenant     text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    -- The version that the name stands for; none: it is deleted.
    current    integer,
    next       integer NOT NULL,
    changed_at bigint NOT NULL,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE function_versions (
    tenant     text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    version    integer NOT NULL,
    created_at bigint NOT NULL,
    -- SHA-256 of the deployment.
    digest     bytea NOT NULL,
    -- In JSON.
    deployment text NOT NULL,
    PRIMARY KEY (tenant, name, version),
    FOREIGN KEY (tenant, name) REFERENCES functions
);

-- Which code is still needed.
CREATE TABLE version_bundles (
    tenant  text COLLATE "C" NOT NULL,
    name    text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    digest  bytea NOT NULL,
    PRIMARY KEY (tenant, name, version, digest),
    FOREIGN KEY (tenant, name, version) REFERENCES function_versions ON DELETE CASCADE,
    FOREIGN KEY (tenant, digest) REFERENCES bundles
);
CREATE INDEX version_bundles_needed ON version_bundles (tenant, digest);
