package dev.athanor.loadtests.guarantee;

import dev.athanor.loadtests.guarantee.Violation.Guarantee;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what was found: for people, and the last line for programs. */
final class GuaranteeReport {
    private static final int MOST_SHOWN = 20;

    private final PrintStream out;

    GuaranteeReport(PrintStream out) {
        this.out = out;
    }

    void print(Findings findings, long seed) {
        Map<CallHistory, List<Violation>> byCall =
                findings.violations().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Violation::call, LinkedHashMap::new, Collectors.toList()));
        byCall.entrySet().stream().limit(MOST_SHOWN).forEach(e -> print(e.getKey(), e.getValue()));
        if (byCall.size() > MOST_SHOWN) {
            out.printf("and %d calls more%n", byCall.size() - MOST_SHOWN);
        }
        out.printf(
                "%,d executions, of which a fault may have cut %,d short; %,d replies%n",
                findings.executions(), findings.cutShort(), findings.replies());
        out.printf(
                "guarantee calls=%d outcomes=%d lost=%d duplicates=%d over=%d late=%d seed=%d%n",
                findings.calls(),
                findings.outcomes(),
                findings.broken(Guarantee.NOT_LOST),
                findings.broken(Guarantee.ONE_OUTCOME),
                findings.broken(Guarantee.NO_NEEDLESS_EXECUTION),
                findings.broken(Guarantee.NOT_LATE),
                seed);
    }

    private void print(CallHistory call, List<Violation> violations) {
        violations.forEach(violation ->
                out.printf(
                        "call %d breaks %s: %s%n",
                        call.index(), violation.guarantee(), violation.message()));
        List<String> lines = new ArrayList<>(call.trail());
        lines.add(call.sentAt() + " sent");
        call.deadline().ifPresent(deadline -> lines.add(deadline + " deadline"));
        for (Execution run : call.executions()) {
            lines.add(run.start() + " starts on " + run.agent());
            run.end().ifPresent(end -> lines.add(end + " ends on " + run.agent()));
        }
        for (Ending ending : call.endings()) {
            lines.add(
                    "%s the caller is told %s %s"
                            .formatted(ending.at(), ending.outcome(), ending.detail()));
        }
        // Each begins with its time.
        lines.stream().sorted().forEach(line -> out.println("    " + line));
    }
}
