package dev.athanor.loadtests.guarantee;

import dev.athanor.loadtests.guarantee.Violation.Guarantee;
import java.util.List;

/**
 * What the checker found.
 *
 * @param calls how many were made
 * @param outcomes how many of them have exactly one outcome
 * @param executions how many there were of all
 * @param cutShort how many executions a fault may have cut short
 * @param replies how many were found in the reply topic
 */
record Findings(
        int calls,
        int outcomes,
        long executions,
        long cutShort,
        long replies,
        List<Violation> violations) {
    Findings {
        violations = List.copyOf(violations);
    }

    /** How many calls break the guarantee. */
    long broken(Guarantee guarantee) {
        return violations.stream()
                .filter(violation -> violation.guarantee() == guarantee)
                .map(violation -> violation.call().index())
                .distinct()
                .count();
    }

    boolean allHold() {
        return violations.isEmpty() && outcomes == calls;
    }
}
