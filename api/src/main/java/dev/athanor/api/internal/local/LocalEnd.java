package dev.athanor.api.internal.local;

import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.environment.outcome.CallFailure;
import dev.athanor.environment.outcome.CallFailures;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.runtime.protocol.FailureKind;
import java.util.List;

/**
 * How a call on this machine ended.
 *
 * @param result what its sandbox said
 * @param function as it ran at last
 * @param escalatedFrom machine types that it ran out of memory on before, oldest first
 */
record LocalEnd(CallResult result, LocalFunction function, List<String> escalatedFrom) {
    private static final CallFailures FAILURES = new CallFailures(MachineTypes.REFERENCE);

    boolean isOutOfMemory() {
        return !(result instanceof CallResult.Succeeded)
                && failure().kind() == FailureKind.OUT_OF_MEMORY;
    }

    /** What a result that is none means. */
    CallFailure failure() {
        if (result instanceof CallResult.Threw threw) {
            return FAILURES.of(threw, function.machineType());
        }
        if (result instanceof CallResult.Rejected rejected) {
            return FAILURES.of(rejected);
        }
        if (result instanceof CallResult.Died died) {
            return FAILURES.of(died, function.machineType());
        }
        if (result instanceof CallResult.NotStarted notStarted) {
            return FAILURES.of(notStarted);
        }
        throw new IllegalArgumentException("succeeded: " + function.name());
    }
}
