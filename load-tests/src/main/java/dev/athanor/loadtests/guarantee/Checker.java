package dev.athanor.loadtests.guarantee;

import dev.athanor.loadtests.guarantee.Violation.Guarantee;
import dev.athanor.schemas.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds recorded histories against what is promised. An execution or a reply that a fault of its
 * agent may have cut short is excused: what comes of it may have been lost, so another one may
 * follow. At most one of each kind may go without excuse. Immutable.
 *
 * @param faults all that were done
 * @param holding how long an agent may hold a call on after its function returned, until the reply
 *     is durable and the record accepted: a fault within that time still excuses
 * @param startTolerance between an agent's look at the deadline, when it takes a call, and the
 *     function's own first look at the clock: it may wait behind others of its batch in between, or
 *     for its sandbox
 * @param attempts how many a call has
 */
record Checker(List<Fault> faults, Duration holding, Duration startTolerance, int attempts) {
    /** Far enough away, and still something that a margin can be added to. */
    private static final Instant FOR_EVER = Instant.parse("9999-12-31T00:00:00Z");

    /** For how long a broker keeps a record for an agent that froze, and some more. */
    private static final Duration LOCK = Duration.ofSeconds(35);

    Checker {
        faults = List.copyOf(faults);
    }

    Findings check(List<CallHistory> calls) {
        List<Violation> violations = new ArrayList<>();
        int outcomes = 0;
        for (CallHistory call : calls) {
            if (call.endings().size() == 1) {
                outcomes++;
            }
            checkNotLost(call, violations);
            checkOneOutcome(call, violations);
            checkExecutions(call, violations);
            checkNotLate(call, violations);
        }
        return new Findings(
                calls.size(),
                outcomes,
                calls.stream().mapToLong(call -> call.executions().size()).sum(),
                calls.stream().mapToLong(this::cutShort).sum(),
                calls.stream().mapToLong(call -> call.replies().size()).sum(),
                violations);
    }

    private void checkNotLost(CallHistory call, List<Violation> violations) {
        if (call.endings().isEmpty()) {
            violations.add(new Violation(Guarantee.NOT_LOST, call, "has no outcome"));
            return;
        }
        Ending ending = call.endings().getFirst();
        String told = "the caller was told " + ending.outcome() + " " + ending.detail();
        boolean isLost =
                switch (ending.outcome()) {
                    case SUCCEEDED ->
                            call.executions().stream().noneMatch(e -> e.end().isPresent());
                    case EXPIRED -> call.deadline().isEmpty();
                    case LOST -> cutShort(call) < attempts;
                    case FAILED, TIMED_OUT, CANCELLED, UNKNOWN -> true;
                };
        if (isLost) {
            violations.add(
                    new Violation(
                            Guarantee.NOT_LOST,
                            call,
                            "%s, after %d executions of which %d were cut short"
                                    .formatted(told, call.executions().size(), cutShort(call))));
        }
    }

    private void checkOneOutcome(CallHistory call, List<Violation> violations) {
        if (call.endings().size() > 1) {
            violations.add(
                    new Violation(
                            Guarantee.ONE_OUTCOME,
                            call,
                            "the caller was told " + call.endings().size() + " outcomes"));
        }
        long replies = call.replies().stream().filter(reply -> !isExcused(reply)).count();
        if (replies - lostHolders(call) > 1) {
            violations.add(
                    new Violation(
                            Guarantee.ONE_OUTCOME, call, replies + " replies without a fault"));
        }
        if (call.endings().isEmpty()) {
            return;
        }
        Outcome told = call.endings().getFirst().outcome();
        if (!call.replies().isEmpty() && call.replies().getFirst().outcome() != told) {
            violations.add(
                    new Violation(
                            Guarantee.ONE_OUTCOME,
                            call,
                            "the caller was told %s, the first reply is %s"
                                    .formatted(told, call.replies().getFirst().outcome())));
        }
        if (told == Outcome.EXPIRED && call.executions().size() > cutShort(call)) {
            violations.add(
                    new Violation(
                            Guarantee.ONE_OUTCOME, call, "was told to have expired, and ran"));
        }
    }

    private void checkExecutions(CallHistory call, List<Violation> violations) {
        long whole = call.executions().size() - cutShort(call);
        if (whole - lostHolders(call) > 1) {
            violations.add(
                    new Violation(
                            Guarantee.NO_NEEDLESS_EXECUTION,
                            call,
                            "%d executions, of which %d were cut short, and %d lost holders"
                                    .formatted(
                                            call.executions().size(),
                                            cutShort(call),
                                            lostHolders(call))));
        }
    }

    private void checkNotLate(CallHistory call, List<Violation> violations) {
        call.deadline()
                .ifPresent(deadline -> {
                    for (Execution execution : call.executions()) {
                        if (execution.start().isAfter(deadline.plus(startTolerance))) {
                            violations.add(
                                    new Violation(
                                            Guarantee.NOT_LATE,
                                            call,
                                            "started %s after its deadline"
                                                    .formatted(
                                                            Duration.between(
                                                                    deadline, execution.start()))));
                        }
                    }
                });
    }

    private long cutShort(CallHistory call) {
        return call.executions().stream().filter(this::isExcused).count();
    }

    private boolean isExcused(Execution execution) {
        return faults.stream().anyMatch(fault -> excuses(fault, execution));
    }

    private boolean excuses(Fault fault, Execution execution) {
        return fault.hits(execution.agent())
                && fault.overlaps(execution.start(), execution.end().orElse(FOR_EVER), holding);
    }

    /**
     * How many agents had the call's record and no execution of it when a fault met them: one may
     * have led the call elsewhere, or put it back, and have died before it could let go of what it
     * had taken. At most one for each fault, and for each time that the record was redelivered.
     */
    private long lostHolders(CallHistory call) {
        long lost =
                faults.stream()
                        .filter(fault ->
                                call.executions().stream()
                                        .noneMatch(execution -> excuses(fault, execution)))
                        .filter(fault ->
                                call.redeliveries().stream()
                                        .anyMatch(at ->
                                                !fault.from().isAfter(at)
                                                        && !fault.to().isBefore(at.minus(LOCK))))
                        .count();
        return Math.min(lost, call.redeliveries().size());
    }

    /** A reply that was on its way when its agent froze comes when the agent goes on. */
    private boolean isExcused(SentReply reply) {
        return faults.stream()
                .filter(fault -> fault.hits(reply.agent()))
                .anyMatch(fault -> fault.overlaps(reply.at(), reply.at(), holding));
    }
}
