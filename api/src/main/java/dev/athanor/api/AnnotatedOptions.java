package dev.athanor.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes options of an {@link Isolated}. */
final class AnnotatedOptions {
    private final List<Option> options = new ArrayList<>();

    private AnnotatedOptions() {}

    /**
     * The options that the annotation gives.
     *
     * @throws InvalidOptionException when one has a value that it cannot have
     */
    static List<Option> of(Isolated isolated) {
        AnnotatedOptions made = new AnnotatedOptions();
        made.add(isolated.name(), Athanor::name);
        made.add(isolated.requirements(), Athanor::requirements);
        made.add(isolated.repositories(), Athanor::repositories);
        made.add(isolated.checksums(), AnnotatedOptions::checksums);
        made.add(isolated.secrets(), Athanor::secrets);
        made.add(isolated.machineType(), Athanor::machineType);
        if (isolated.escalate() != Isolated.DEFAULT) {
            made.options.add(Athanor.onOutOfMemory(policy(isolated.escalate())));
        }
        made.add(isolated.keepAlive(), Athanor::keepAlive);
        made.add(isolated.timeout(), Athanor::timeout);
        made.add(isolated.queueTimeout(), Athanor::queueTimeout);
        made.add(isolated.startTimeout(), Athanor::startTimeout);
        made.add(isolated.buildTimeout(), Athanor::buildTimeout);
        made.add(isolated.keepResult(), Athanor::keepResult);
        made.add(isolated.deadline(), Athanor::deadline);
        if (isolated.retries() != Isolated.DEFAULT) {
            made.options.add(Athanor.retries(bounded(isolated.retries())));
        }
        made.add(isolated.allowResult(), Athanor::allowResult);
        if (isolated.whenUnserved() != WhenUnserved.WAIT) {
            made.options.add(Athanor.whenUnserved(isolated.whenUnserved()));
        }
        if (isolated.host() == Isolated.Place.LOCAL) {
            made.options.add(Athanor.host(Athanor.local()));
        }
        return made.options;
    }

    private void add(String value, Function<String, Option> option) {
        if (!value.isEmpty()) {
            options.add(option.apply(value));
        }
    }

    private void add(String[] values, Function<String[], Option> option) {
        if (values.length > 0) {
            options.add(option.apply(values));
        }
    }

    private void add(long seconds, Function<Duration, Option> option) {
        if (seconds != Isolated.DEFAULT) {
            options.add(option.apply(Duration.ofSeconds(seconds)));
        }
    }

    private static OutOfMemoryPolicy policy(long escalations) {
        return escalations == 0 ? OutOfMemoryPolicy.fail() : Athanor.escalate(bounded(escalations));
    }

    /** What no option takes stays so. */
    private static int bounded(long value) {
        return (int) Math.max(-1, Math.min(value, Integer.MAX_VALUE));
    }

    private static Option checksums(String... pins) {
        Map<String, String> byCoordinate = new LinkedHashMap<>();
        for (String pin : pins) {
            int separator = pin.lastIndexOf('=');
            byCoordinate.put(
                    pin.substring(0, Math.max(0, separator)), pin.substring(separator + 1));
        }
        return Athanor.checksums(byCoordinate);
    }
}
