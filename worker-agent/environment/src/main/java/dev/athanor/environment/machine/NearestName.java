package dev.athanor.environment.machine;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what somebody meant who wrote a name that there is not. */
public final class NearestName {
    private NearestName() {}

    /** A question to end a message with; empty where there is nothing to offer. */
    public static String question(String name, Collection<String> offered) {
        return offered.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .map("; did you mean %s?"::formatted)
                .orElse("");
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
