package dev.athanor.runtime;

import dev.athanor.runtime.protocol.RemoteThrowable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a throwable, its causes and its suppressed ones into data, whatever their methods do:
 * throw, return null, or refer to each other in circles or without end.
 */
final class ThrowableDescriber {

    private static final int MAX_THROWABLES = 64;
    private static final int MAX_FRAMES = 1_024;

    private final List<Throwable> found = new ArrayList<>();
    private final IdentityHashMap<Throwable, Integer> indexes = new IdentityHashMap<>();

    /** Describes what was thrown first; an object of this class is used once. */
    List<RemoteThrowable> describe(Throwable thrown) {
        index(thrown);
        List<RemoteThrowable> described = new ArrayList<>();
        while (described.size() < found.size()) {
            described.add(describeOne(found.get(described.size())));
        }
        return described;
    }

    private RemoteThrowable describeOne(Throwable thrown) {
        Throwable cause = cause(thrown);
        int causeIndex = cause == null ? -1 : index(cause);
        List<Integer> suppressed = new ArrayList<>();
        for (Throwable one : thrown.getSuppressed()) {
            int index = index(one);
            if (index >= 0) {
                suppressed.add(index);
            }
        }
        return new RemoteThrowable(
                thrown.getClass().getName(),
                Messages.of(thrown),
                StackTraces.withoutOurs(frames(thrown)),
                causeIndex,
                suppressed);
    }

    /** Returns the index of a throwable, which is given one if there is room; -1 if not. */
    private int index(Throwable thrown) {
        Integer known = indexes.get(thrown);
        if (known != null) {
            return known;
        }
        if (found.size() == MAX_THROWABLES) {
            return -1;
        }
        indexes.put(thrown, found.size());
        found.add(thrown);
        return found.size() - 1;
    }

    private static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable e) {
            return null;
        }
    }

    private static List<StackTraceElement> frames(Throwable thrown) {
        try {
            StackTraceElement[] frames = thrown.getStackTrace();
            return List.copyOf(
                    Arrays.asList(frames).subList(0, Math.min(frames.length, MAX_FRAMES)));
        } catch (Throwable e) {
            return List.of();
        }
    }
}
