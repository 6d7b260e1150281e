package dev.athanor.api.internal.cluster;

import dev.athanor.api.InvalidOptionException;
import dev.athanor.schemas.Topics;
import java.util.Comparator;
import java.util.List;

/**
 * The machine types that the cluster offers: those with a topic of their own. An invocation for
 * another would wait for ever.
 */
final class MachineTypes {
    private static final String PREFIX = Topics.invocations("XS").replace("XS", "");

    private final KnownTopics topics;

    MachineTypes(KnownTopics topics) {
        this.topics = topics;
    }

    /**
     * @throws InvalidOptionException when there is no such machine type
     */
    void check(String name) {
        if (isKnown(name)) {
            return;
        }
        topics.ask();
        if (!isKnown(name)) {
            throw new InvalidOptionException("machineType", name, expected(name));
        }
    }

    private boolean isKnown(String name) {
        return topics.has(PREFIX + name);
    }

    private String expected(String name) {
        List<String> offered =
                topics.names().stream()
                        .filter(topic -> topic.startsWith(PREFIX))
                        .map(topic -> topic.substring(PREFIX.length()))
                        .sorted()
                        .toList();
        String nearest =
                offered.stream()
                        .min(Comparator.comparingInt(type -> distance(name, type)))
                        .map(type -> "; did you mean %s?".formatted(type))
                        .orElse("");
        return "one that this cluster offers: " + String.join(", ", offered) + nearest;
    }

    /** How many letters differ (Levenshtein), without regard to case. */
    static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                boolean same =
                        Character.toLowerCase(one.charAt(i - 1))
                                == Character.toLowerCase(other.charAt(j - 1));
                current[j] =
                        Math.min(
                                previous[j - 1] + (same ? 0 : 1),
                                1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
