-- What db-scheduler asks for: what is to be done at some time, and who is doing it.
CREATE TABLE scheduled_tasks (
    task_name            text COLLATE "C" NOT NULL,
    task_instance        text COLLATE "C" NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);

-- Invocations of jobs that wait for their time. A row is there until it is known that its
-- invocation lies in Kafka; its task comes and goes with it.
CREATE TABLE outbox (
    tenant       text COLLATE "C" NOT NULL,
    id           uuid NOT NULL,
    -- The attempt that runs then.
    attempt      integer NOT NULL,
    machine_type text COLLATE "C" NOT NULL,
    -- Milliseconds since the epoch.
    due_at       bigint NOT NULL,
    -- An InvocationEnvelope.
    envelope     bytea NOT NULL,
    -- True: it never runs, and the end of its job is written instead.
    cancelled    boolean NOT NULL DEFAULT false,
    -- Transactional id of the producer that last set about writing it; null: none has.
    publisher    text COLLATE "C",
    PRIMARY KEY (tenant, id, attempt)
);
