package dev.athanor.dispatcher.ledger;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Events as agents would write them. */
final class Events {
    static final String TENANT = "default";
    static final String FUNCTION = "Text.shout";

    private Events() {}

    /** An id of version 7 that begins with that time; its end is the number. */
    static String id(Instant at, long number) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | number).toString();
    }

    static JobEvent event(String id, int attempt, JobState state) {
        return event(TENANT, id, attempt, state, 1_000L + attempt, "agent-" + attempt);
    }

    static JobEvent event(
            String tenant, String id, int attempt, JobState state, long at, String agent) {
        return JobEvent.newBuilder()
                .setCorrelationId(id)
                .setTenant(tenant)
                .setFunction(FUNCTION)
                .setMachineType("M")
                .setAttempt(attempt)
                .setState(state)
                .setCreatedAt(500)
                .setAt(at)
                .setAgent(agent)
                .setFailureCode(state == JobState.FAILED ? FailureCode.FUNCTION_THREW : null)
                .setMessage("of " + agent)
                .build();
    }

    /** Makes events that differ from the given one, which has been on the wire. */
    static JobEvent.Builder like(JobEvent event) {
        byte[] bytes = Codec.current().encode(event);
        return JobEvent.newBuilder(Codec.current().decode(bytes, JobEvent.class));
    }

    /** Any event that could be, with many that are alike. */
    static JobEvent random(String id, Random random) {
        // Events of what waits for its time carry it, and are AttemptTaskIT's.
        List<JobState> states =
                EnumSet.complementOf(
                                EnumSet.of(JobState.UNKNOWN, JobState.SCHEDULED, JobState.RETRYING))
                        .stream()
                        .toList();
        JobState state = states.get(random.nextInt(states.size()));
        return event(
                TENANT,
                id,
                1 + random.nextInt(3),
                state,
                random.nextInt(3),
                "agent-" + random.nextInt(2));
    }
}
