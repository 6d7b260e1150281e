package dev.athanor.dispatcher.metrics;

import dev.athanor.schemas.keys.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.function.Supplier;

/** Counts what the dispatcher does. Safe for any number of threads. */
public final class DispatcherMetrics {
    private final MeterRegistry registry;

    public DispatcherMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows a number that is asked for when meters are read. */
    public void gauge(DispatcherMetric metric, Supplier<Number> value) {
        Gauge.builder(metric.meterName(), value)
                .description(metric.description())
                .register(registry);
    }

    /** Makes a counter visible before there is anything to count, so that it can be alarmed on. */
    public void show(DispatcherMetric metric) {
        counter(metric, Tags.empty()).increment(0);
    }

    public void republished(Enum<?> reason) {
        String name = reason.name().toLowerCase(Locale.ROOT);
        counter(DispatcherMetric.REPUBLISHED, Tags.of("reason", name)).increment();
    }

    public void lost() {
        counter(DispatcherMetric.LOST, Tags.empty()).increment();
    }

    public void undecodable() {
        counter(DispatcherMetric.UNDECODABLE, Tags.empty()).increment();
    }

    public void groupDeadLetter() {
        counter(DispatcherMetric.GROUP_DEAD_LETTERS, Tags.empty()).increment();
    }

    public void ledgerApplied(int events) {
        counter(DispatcherMetric.LEDGER_APPLIED, Tags.empty()).increment(events);
    }

    public void ledgerRefused(int records) {
        counter(DispatcherMetric.LEDGER_REFUSED, Tags.empty()).increment(records);
    }

    /** Counts a record that was refused, by what it was to be. */
    public void refused(String kind, Refusal reason) {
        String name = reason.name().toLowerCase(Locale.ROOT);
        counter(DispatcherMetric.REFUSED, Tags.of("kind", kind, "reason", name)).increment();
    }

    private Counter counter(DispatcherMetric metric, Tags tags) {
        return Counter.builder(metric.meterName())
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }
}
