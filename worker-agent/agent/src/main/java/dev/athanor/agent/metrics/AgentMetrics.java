package dev.athanor.agent.metrics;

import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.keys.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Counts what the agent does. Safe for any number of threads. */
public final class AgentMetrics {
    private final MeterRegistry registry;
    private final Map<String, PhaseTimers> phases = new ConcurrentHashMap<>();
    private final Map<Ended, Counter> ended = new ConcurrentHashMap<>();

    /** Kept, since finding a meter by its tags costs as much as all else that is done to it. */
    private record PhaseTimers(Timer queue, Timer build, Timer start, Timer run, Timer reply) {}

    private record Ended(String machineType, Outcome outcome, boolean hot) {}

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
        ended.computeIfAbsent(
                        new Ended(machineType, reply.getOutcome(), reply.getHot()),
                        this::endedCounter)
                .increment();
        PhaseTimes times = reply.getPhases();
        PhaseTimers timers = timers(machineType);
        timers.queue().record(times.getQueue(), TimeUnit.MICROSECONDS);
        timers.build().record(times.getBuild(), TimeUnit.MICROSECONDS);
        timers.start().record(times.getStart(), TimeUnit.MICROSECONDS);
        timers.run().record(times.getRun(), TimeUnit.MICROSECONDS);
        if (reply.getDroppedLogLines() > 0) {
            count(AgentMetric.DROPPED_LOG_LINES, Tags.empty(), (double) reply.getDroppedLogLines());
        }
    }

    /** Notes how long a reply took to become durable. */
    public void replied(String machineType, Duration duration) {
        timers(machineType).reply().record(duration);
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

    /** Counts a cancellation by its result, {@code stopped}, {@code noted} or {@code dropped}. */
    public void cancellation(String result) {
        count(AgentMetric.CANCELLATIONS, Tags.of("result", result), 1);
    }

    /** Counts a record that was refused, by what it was to be. */
    public void refused(String kind, Refusal reason) {
        count(
                AgentMetric.REFUSED,
                Tags.of("kind", kind, "reason", reason.name().toLowerCase(Locale.ROOT)),
                1);
    }

    private PhaseTimers timers(String machineType) {
        return phases.computeIfAbsent(
                machineType,
                type ->
                        new PhaseTimers(
                                timer(type, "queue"),
                                timer(type, "build"),
                                timer(type, "start"),
                                timer(type, "run"),
                                timer(type, "reply")));
    }

    private Timer timer(String machineType, String phase) {
        return Timer.builder(AgentMetric.CALL_PHASE.meterName())
                .description(AgentMetric.CALL_PHASE.description())
                .tags("machine_type", machineType, "phase", phase)
                .register(registry);
    }

    private Counter endedCounter(Ended how) {
        return Counter.builder(AgentMetric.CALLS.meterName())
                .description(AgentMetric.CALLS.description())
                .tags(
                        "machine_type",
                        how.machineType(),
                        "outcome",
                        how.outcome().name(),
                        "hot",
                        Boolean.toString(how.hot()))
                .register(registry);
    }

    private void count(AgentMetric metric, Tags tags, double amount) {
        Counter.builder(metric.meterName())
                .description(metric.description())
                .tags(tags)
                .register(registry)
                .increment(amount);
    }
}
