package dev.athanor.environment.machine;

import java.util.Collection;
import java.util.List;

/**
 * What callers are told of a machine type that no live agent serves.
 *
 * @param name of the machine type
 * @param served names of those that live agents serve, sorted
 */
public record UnservedType(String name, List<String> served) {
    /** Sorts the names. */
    public static UnservedType of(String name, Collection<String> served) {
        return new UnservedType(name, served.stream().sorted().toList());
    }

    /** To complete "the function: …", where the call is refused. */
    public String refusal() {
        return "%s: %s, or choose another machineType(…)".formatted(state(), remedy());
    }

    /** To complete "the function: …", where the call was sent before. */
    public String loss() {
        return ("it was given up, as the last agent of machine type %s is gone (%s). The function"
                        + " may have begun: %s and call it again")
                .formatted(name, others(), remedy());
    }

    /** A line for a caller that waits. */
    public String notice(String function) {
        return ("%s: %s waits for one until its queueTimeout; %s, choose another machineType(…), or"
                        + " have such calls refused by whenUnserved(FAIL)")
                .formatted(state(), function, remedy());
    }

    private String state() {
        return "no live agent serves machine type %s (%s)".formatted(name, others());
    }

    private String others() {
        return served.isEmpty() ? "none is served now" : "served: " + String.join(", ", served);
    }

    private String remedy() {
        return "start an agent with --slots %s=1".formatted(name);
    }
}
