package dev.athanor.environment.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the program as the kernel would. */
class SeccompFilterTest {
    private static final int ALLOWED = 0x7FFF0000;
    private static final int KILLED = 0x80000000;
    private static final int ERROR = 0x00050000;
    private static final int X86_64 = 0xC000003E;
    private static final int AARCH64 = 0xC00000B7;
    private static final int DATA_BYTES = 64;

    @ParameterizedTest
    @CsvSource({
        "read, 0, 0",
        "execve, 59, 0",
        "setuid, 105, 0",
        "a thread by clone, 56, 8195840",
        "a Unix socket, 41, 1",
        "a socket, 41, 2",
        "a netlink socket, 41, 16"
    })
    void allowsWhatProgramsUse(String what, int call, int argument) {
        assertThat(run("amd64", X86_64, call, argument)).as(what).isEqualTo(ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        "mount, 165, 0, 1",
        "ptrace, 101, 0, 1",
        "bpf, 321, 0, 1",
        "keyctl, 250, 0, 1",
        "io_uring_setup, 425, 0, 1",
        "a user namespace by clone, 56, 268435456, 1",
        "a network namespace by clone, 56, 1073741824, 1",
        "clone3, 435, 0, 38",
        "a socket to the hypervisor, 41, 40, 97",
        "a packet socket, 41, 17, 97",
        "a call of the x32 convention, 1073741989, 0, 38"
    })
    void refusesWhatNobodyNeeds(String what, int call, int argument, int error) {
        assertThat(run("amd64", X86_64, call, argument)).as(what).isEqualTo(ERROR | error);
    }

    @Test
    void endsWhoeverCallsAsAnotherProcessorWould() {
        assertThat(run("amd64", 0x40000003, 0, 0)).isEqualTo(KILLED);
    }

    @ParameterizedTest
    @CsvSource({"40, 0, 327681", "117, 0, 327681", "198, 40, 327777", "63, 0, 2147418112"})
    void hasTheNumbersOfAarch64(int call, int argument, int result) {
        assertThat(run("aarch64", AARCH64, call, argument)).isEqualTo(result);
    }

    @Test
    void isNotThereForUnknownProcessors() {
        assertThat(SystemCalls.of("riscv64")).isEmpty();
    }

    private static int run(String processor, int architecture, int call, int argument) {
        ByteBuffer data = ByteBuffer.allocate(DATA_BYTES).order(ByteOrder.nativeOrder());
        data.putInt(0, call).putInt(4, architecture).putInt(16, argument);
        ByteBuffer program =
                ByteBuffer.wrap(SeccompFilter.of(SystemCalls.of(processor).orElseThrow()))
                        .order(ByteOrder.nativeOrder());
        int loaded = 0;
        while (true) {
            int code = program.getShort();
            int ifTrue = program.get() & 0xFF;
            int ifFalse = program.get() & 0xFF;
            int operand = program.getInt();
            switch (code) {
                case 0x20 -> loaded = data.getInt(operand);
                case 0x06 -> {
                    return operand;
                }
                case 0x15 -> skip(program, loaded == operand ? ifTrue : ifFalse);
                case 0x35 ->
                        skip(
                                program,
                                Integer.compareUnsigned(loaded, operand) >= 0 ? ifTrue : ifFalse);
                case 0x45 -> skip(program, (loaded & operand) == 0 ? ifFalse : ifTrue);
                default -> throw new AssertionError("no instruction has the code " + code);
            }
        }
    }

    private static void skip(ByteBuffer program, int instructions) {
        program.position(program.position() + 8 * instructions);
    }
}
