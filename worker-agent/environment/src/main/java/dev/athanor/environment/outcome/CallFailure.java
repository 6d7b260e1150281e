package dev.athanor.environment.outcome;

import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a call did not succeed. The array is not copied.
 *
 * @param kind for programs
 * @param message for people, not null
 * @param throwables what the function threw first, then causes and suppressed ones; empty: it threw
 *     nothing
 * @param thrownTypes names of the class of what it threw and of its superclasses, nearest first
 * @param original the serialized throwable; null: there is none, or it cannot be serialized
 * @param largerMachineType the next larger machine type, where memory was short; empty: none
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record CallFailure(
        FailureKind kind,
        String message,
        List<RemoteThrowable> throwables,
        List<String> thrownTypes,
        byte @Nullable [] original,
        String largerMachineType) {
    public CallFailure {
        throwables = List.copyOf(throwables);
        thrownTypes = List.copyOf(thrownTypes);
    }

    /** The failure of a call in which nothing was thrown. */
    public static CallFailure of(FailureKind kind, @Nullable String message) {
        return new CallFailure(
                kind, message == null ? "" : message, List.of(), List.of(), null, "");
    }

    CallFailure thrown(
            List<RemoteThrowable> thrown, List<String> types, byte @Nullable [] serialized) {
        return new CallFailure(kind, message, thrown, types, serialized, largerMachineType);
    }
}
