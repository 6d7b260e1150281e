package dev.athanor.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * When a job runs again because of what its function did; see {@link Athanor#retries}.
 *
 * {@snippet :
 * retries(RetryPolicy.attempts(5)
 *         .firstDelay(Duration.ofSeconds(2))
 *         .on(IOException.class))
 * }
 *
 * <p>The second attempt comes 1 s after the end of the first, and each further delay is twice as
 * long as the one before, up to 5 minutes, give or take a tenth by chance. Immutable.
 */
public final class RetryPolicy {
    static final int MOST_ATTEMPTS = 100;

    private static final String NAME = "retries";
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final double LARGEST_FACTOR = 100;

    private final int attempts;
    private final Duration firstDelay;
    private final double factor;
    private final Duration maxDelay;
    private final double jitter;
    private final List<String> exceptions;

    private RetryPolicy(
            int attempts,
            Duration firstDelay,
            double factor,
            Duration maxDelay,
            double jitter,
            List<String> exceptions) {
        this.attempts = attempts;
        this.firstDelay = firstDelay;
        this.factor = factor;
        this.maxDelay = maxDelay;
        this.jitter = jitter;
        this.exceptions = List.copyOf(exceptions);
    }

    /**
     * A policy with so many attempts in all.
     *
     * @param attempts 1 to {@value #MOST_ATTEMPTS}, the first one included
     */
    public static RetryPolicy attempts(int attempts) {
        check(
                attempts >= 1 && attempts <= MOST_ATTEMPTS,
                "attempts(%,d)".formatted(attempts),
                "1 to %,d attempts".formatted(MOST_ATTEMPTS));
        return new RetryPolicy(
                attempts, Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0.1, List.of());
    }

    /** With that time between the first attempt and the second; default 1 s, at most 7 days. */
    public RetryPolicy firstDelay(Duration delay) {
        checkDelay("firstDelay", delay);
        return new RetryPolicy(attempts, delay, factor, maxDelay, jitter, exceptions);
    }

    /** With each delay so many times as long as the one before; default 2, from 1 to 100. */
    public RetryPolicy factor(double times) {
        check(times >= 1 && times <= LARGEST_FACTOR, "factor(" + times + ")", "a factor 1 to 100");
        return new RetryPolicy(attempts, firstDelay, times, maxDelay, jitter, exceptions);
    }

    /** With no delay longer than that; default 5 minutes, at most 7 days. */
    public RetryPolicy maxDelay(Duration delay) {
        checkDelay("maxDelay", delay);
        return new RetryPolicy(attempts, firstDelay, factor, delay, jitter, exceptions);
    }

    /**
     * With delays that are longer or shorter by up to that part of them, by chance, so that what
     * failed together does not come back together; default 0.1, from 0 to 1.
     */
    public RetryPolicy jitter(double part) {
        check(part >= 0 && part <= 1, "jitter(" + part + ")", "a part of a delay, 0 to 1");
        return new RetryPolicy(attempts, firstDelay, factor, maxDelay, part, exceptions);
    }

    /**
     * Only after what its function threw was of one of these classes, or of a class that extends
     * one. Default: after whatever it threw, and where it exceeded its {@link Athanor#timeout} or
     * ended its sandbox.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // The array is only read.
    public final RetryPolicy on(Class<? extends Throwable>... types) {
        return onNamed(Arrays.stream(types).map(Class::getName).toArray(String[]::new));
    }

    /** {@link #on(Class[])} by names, of classes that the caller need not have. */
    public RetryPolicy onNamed(String... classNames) {
        List<String> all = new ArrayList<>(exceptions);
        for (String name : classNames) {
            check(
                    name != null && !name.isBlank() && name.length() <= 512,
                    "onNamed(" + name + ")",
                    "the name of an exception's class");
            all.add(name);
        }
        return new RetryPolicy(attempts, firstDelay, factor, maxDelay, jitter, all);
    }

    private static void checkDelay(String name, Duration delay) {
        check(
                delay != null && !delay.isNegative() && delay.compareTo(LONGEST) <= 0,
                "%s(%s)".formatted(name, Setting.text(delay)),
                "a delay of 0 to 7 days");
    }

    private static void check(boolean holds, String given, String legal) {
        if (!holds) {
            throw new InvalidOptionException(NAME, given, legal);
        }
    }

    /** How many attempts there are, the first one included. */
    public int attempts() {
        return attempts;
    }

    /** Between the first attempt and the second. */
    public Duration firstDelay() {
        return firstDelay;
    }

    /** How many times as long as the one before each delay is. */
    public double factor() {
        return factor;
    }

    /** The longest delay. */
    public Duration maxDelay() {
        return maxDelay;
    }

    /** By up to which part of it a delay is longer or shorter. */
    public double jitter() {
        return jitter;
    }

    /** Names of the classes; empty: all. */
    public List<String> exceptions() {
        return exceptions;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RetryPolicy policy
                && policy.attempts == attempts
                && policy.firstDelay.equals(firstDelay)
                && Double.compare(policy.factor, factor) == 0
                && policy.maxDelay.equals(maxDelay)
                && Double.compare(policy.jitter, jitter) == 0
                && policy.exceptions.equals(exceptions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(attempts, firstDelay, factor, maxDelay, jitter, exceptions);
    }

    @Override
    public String toString() {
        return "attempts(%d).firstDelay(%s).factor(%s).maxDelay(%s).jitter(%s).on(%s)"
                .formatted(
                        attempts,
                        Setting.text(firstDelay),
                        factor,
                        Setting.text(maxDelay),
                        jitter,
                        String.join(", ", exceptions));
    }
}
