package dev.athanor.agent.metrics;

import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Counts what the agent does. Safe for any number of threads. */
public final class AgentMetrics {
    private final MeterRegistry registry;

    public AgentMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows a number that is asked for when meters are read. */
    public void gauge(AgentMetric metric, Tags tags, Supplier<Number> value) {
        Gauge.builder(metric.meterName(), value)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }

    /** Counts an ended call and its phases up to the reply. */
    public void ended(String machineType, Reply reply) {
        count(
                AgentMetric.CALLS,
                Tags.of(
                        "machine_type",
                        machineType,
                        "outcome",
                        reply.getOutcome().name(),
                        "hot",
                        Boolean.toString(reply.getHot())),
                1);
        PhaseTimes phases = reply.getPhases();
        phase(machineType, "queue", micros(phases.getQueue()));
        phase(machineType, "build", micros(phases.getBuild()));
        phase(machineType, "start", micros(phases.getStart()));
        phase(machineType, "run", micros(phases.getRun()));
        if (reply.getDroppedLogLines() > 0) {
            count(AgentMetric.DROPPED_LOG_LINES, Tags.empty(), (double) reply.getDroppedLogLines());
        }
    }

    /** Notes how long a reply took to become durable. */
    public void replied(String machineType, Duration duration) {
        phase(machineType, "reply", duration);
    }

    public void handedOver(String machineType) {
        count(AgentMetric.HAND_OVERS, Tags.of("machine_type", machineType), 1);
    }

    public void republished(String machineType, String reason) {
        count(AgentMetric.REPUBLISHED, Tags.of("machine_type", machineType, "reason", reason), 1);
    }

    public void deadLetter(DeadLetterReason reason) {
        count(AgentMetric.DEAD_LETTERS, Tags.of("reason", reason.name()), 1);
    }

    /** Counts a build by its result, {@code built} or {@code failed}. */
    public void build(String result) {
        count(AgentMetric.BUILDS, Tags.of("result", result), 1);
    }

    private void phase(String machineType, String phase, Duration duration) {
        Timer.builder(AgentMetric.CALL_PHASE.meterName())
                .description(AgentMetric.CALL_PHASE.description())
                .tags("machine_type", machineType, "phase", phase)
                .register(registry)
                .record(duration);
    }

    private void count(AgentMetric metric, Tags tags, double amount) {
        Counter.builder(metric.meterName())
                .description(metric.description())
                .tags(tags)
                .register(registry)
                .increment(amount);
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, TimeUnit.MICROSECONDS.toChronoUnit());
    }
}
