package dev.athanor.environment.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.ExitStatus;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.Protocol;
import dev.athanor.runtime.protocol.RejectionKind;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallFailuresTest {
    private static final MachineType XS = MachineTypes.find("XS").orElseThrow();
    private static final MachineType XL = MachineTypes.find("XL").orElseThrow();
    private static final List<RemoteThrowable> THROWN =
            List.of(new RemoteThrowable("a.A", "boom", List.of(), -1, List.of()));

    private final CallFailures failures = new CallFailures(MachineTypes.REFERENCE);

    @Test
    void whatTheFunctionThrewComesAlong() {
        byte[] original = {1};

        CallFailure failure =
                failures.of(new CallResult.Threw(THROWN, List.of(), original, 1, 0, false), XS);

        assertThat(failure.kind()).isEqualTo(FailureKind.FUNCTION_THREW);
        assertThat(failure.message()).isEqualTo("boom");
        assertThat(failure.throwables()).isEqualTo(THROWN);
        assertThat(failure.original()).isSameAs(original);
        assertThat(failure.largerMachineType()).isEmpty();
    }

    @Test
    void anExceptionWithoutMessageHasAnEmptyOne() {
        List<RemoteThrowable> silent =
                List.of(new RemoteThrowable("a.A", null, List.of(), -1, List.of()));

        assertThat(
                        failures.of(new CallResult.Threw(silent, List.of(), null, 1, 0, false), XS)
                                .message())
                .isEmpty();
    }

    @Test
    void shortMemoryNamesTheLimitAndWhatHasMore() {
        CallFailure failure =
                failures.of(new CallResult.Threw(THROWN, List.of(), null, 1, 0, true), XS);

        assertThat(failure.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(failure.message()).contains("XS (256 MiB)").contains("machineType(\"S\")");
        assertThat(failure.largerMachineType()).isEqualTo("S");
        assertThat(failure.throwables()).isEqualTo(THROWN);
    }

    @Test
    void tooManyThreadsAreNotShortMemory() {
        List<RemoteThrowable> noThread =
                List.of(
                        new RemoteThrowable(
                                "java.lang.OutOfMemoryError",
                                "unable to create native thread: possibly out of memory",
                                List.of(),
                                -1,
                                List.of()));

        CallFailure failure =
                failures.of(new CallResult.Threw(noThread, List.of(), null, 1, 0, true), XS);

        assertThat(failure.kind()).isEqualTo(FailureKind.SANDBOX_DIED);
        assertThat(failure.message()).contains("more threads than machine type XS allows");
        assertThat(failure.largerMachineType()).isEmpty();
    }

    @Test
    void aMissingPythonModuleIsARequirementToAdd() {
        List<RemoteThrowable> thrown =
                List.of(
                        new RemoteThrowable(
                                "ModuleNotFoundError",
                                "No module named 'numpy'",
                                List.of(),
                                -1,
                                List.of()));

        CallFailure failure =
                failures.of(new CallResult.Threw(thrown, List.of(), null, 1, 0, false), XS);

        assertThat(failure.kind()).isEqualTo(FailureKind.FUNCTION_THREW);
        assertThat(failure.message())
                .isEqualTo(
                        "No module named 'numpy': add what brings it to the function's requirements");
    }

    @Test
    void nothingIsLargerThanTheLargest() {
        ExitStatus exit = new ExitStatus(Protocol.EXIT_OUT_OF_MEMORY, false);

        CallFailure failure = failures.of(new CallResult.Died(exit, "died"), XL);

        assertThat(failure.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(failure.message()).endsWith("XL (131,072 MiB)");
        assertThat(failure.largerMachineType()).isEmpty();
    }

    @Test
    void aSandboxThatEndedSaysHow() {
        CallFailure failure =
                failures.of(new CallResult.Died(new ExitStatus(3, false), "status 3"), XS);

        assertThat(failure.kind()).isEqualTo(FailureKind.SANDBOX_DIED);
        assertThat(failure.message()).isEqualTo("status 3");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_INVOCATION, INVALID_INVOCATION",
        "INVALID_RESULT, INVALID_RESULT",
        "TOO_LARGE, TOO_LARGE",
        "NOT_STARTED, START_FAILED"
    })
    void rejectionsKeepTheirReason(RejectionKind kind, FailureKind expected) {
        CallFailure failure = failures.of(new CallResult.Rejected(kind, "because"));

        assertThat(failure.kind()).isEqualTo(expected);
        assertThat(failure.message()).isEqualTo("because");
    }
}
