package dev.athanor.environment.outcome;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.environment.sandbox.CallResult.Died;
import dev.athanor.environment.sandbox.CallResult.NotStarted;
import dev.athanor.environment.sandbox.CallResult.Rejected;
import dev.athanor.environment.sandbox.CallResult.Threw;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says of results that are none what went wrong, and of short memory which machine type has more.
 *
 * @param machineTypes those that there are to choose from
 */
public record CallFailures(Collection<MachineType> machineTypes) {
    /** How the JVM's OutOfMemoryError says that memory is not what is short. */
    private static final String NO_THREAD = "unable to create native thread";

    /** How Python says that an import found nothing. */
    private static final String NO_MODULE = "ModuleNotFoundError";

    private static final String NO_MODULE_NAMED = "No module named ";

    public CallFailures {
        machineTypes = List.copyOf(machineTypes);
    }

    /** The failure of a call whose function threw. */
    public CallFailure of(Threw threw, MachineType machineType) {
        RemoteThrowable first = threw.throwables().get(0);
        String message = first.message();
        CallFailure failure;
        if (!threw.outOfMemory()) {
            failure =
                    CallFailure.of(
                            FailureKind.FUNCTION_THREW,
                            first.className().equals(NO_MODULE) ? withRemedy(message) : message);
        } else if (message != null && message.contains(NO_THREAD)) {
            failure =
                    CallFailure.of(
                            FailureKind.SANDBOX_DIED,
                            "the function started more threads than machine type %s allows: %s"
                                    .formatted(machineType.name(), message));
        } else {
            failure = outOfMemory(machineType);
        }
        return failure.thrown(threw.throwables(), threw.types(), threw.original());
    }

    /** The failure of a call that was not made, or whose result was not sent. */
    public CallFailure of(Rejected rejected) {
        FailureKind kind =
                switch (rejected.kind()) {
                    case INVALID_INVOCATION -> FailureKind.INVALID_INVOCATION;
                    case INVALID_RESULT -> FailureKind.INVALID_RESULT;
                    case TOO_LARGE -> FailureKind.TOO_LARGE;
                    case NOT_STARTED -> FailureKind.START_FAILED;
                };
        return CallFailure.of(kind, rejected.message());
    }

    /** The failure of a call whose sandbox ended under it. */
    public CallFailure of(Died died, MachineType machineType) {
        return died.exit().isOutOfMemory()
                ? outOfMemory(machineType)
                : CallFailure.of(FailureKind.SANDBOX_DIED, died.message());
    }

    /** The failure of a call that never started. */
    public CallFailure of(NotStarted notStarted) {
        return CallFailure.of(FailureKind.START_FAILED, notStarted.message());
    }

    /** Why a function cannot call a further one. */
    public static String tooDeep(int maxDepth) {
        return ("isolated functions called one another more than %d deep, which is as deep as they"
                        + " may: does one call itself without end?")
                .formatted(maxDepth);
    }

    /** What a module is called and what brings it may differ, so no more can be said. */
    private static @Nullable String withRemedy(@Nullable String message) {
        return message == null || !message.startsWith(NO_MODULE_NAMED)
                ? message
                : message + ": add what brings it to the function's requirements";
    }

    private CallFailure outOfMemory(MachineType machineType) {
        String larger =
                MachineTypes.nextLarger(machineType, machineTypes)
                        .map(MachineType::name)
                        .orElse("");
        String message =
                "the function ran out of the memory of machine type %s (%,d MiB)%s"
                        .formatted(
                                machineType.name(),
                                machineType.memoryBytes() >> 20,
                                larger.isEmpty() ? "" : ": try machineType(\"" + larger + "\")");
        return new CallFailure(
                FailureKind.OUT_OF_MEMORY, message, List.of(), List.of(), null, larger);
    }
}
