package dev.athanor.loadtests.guarantee;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Calls of mixed length: most take a few milliseconds, some go over to a lease, a few take seconds.
 *
 * @param medium share of those that take 0.3 to 0.8 s
 * @param lengthy share of those that take 1 to 3 s
 * @param hasty share of those that must start within {@code queueTimeout}
 */
record CallMix(double medium, double lengthy, double hasty, Duration queueTimeout) {
    List<PlannedCall> calls(int count, Random random) {
        return IntStream.range(0, count)
                .mapToObj(index ->
                        new PlannedCall(
                                index,
                                length(random),
                                random.nextDouble() < hasty
                                        ? Optional.of(queueTimeout)
                                        : Optional.empty()))
                .toList();
    }

    private Duration length(Random random) {
        double kind = random.nextDouble();
        if (kind < lengthy) {
            return Duration.ofMillis(random.nextInt(1_000, 3_000));
        }
        if (kind < lengthy + medium) {
            return Duration.ofMillis(random.nextInt(300, 800));
        }
        return Duration.ofMillis(random.nextInt(0, 10));
    }
}
