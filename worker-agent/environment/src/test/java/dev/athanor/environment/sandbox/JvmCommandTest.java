package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.environment.machine.MachineTypes;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmCommandTest {

    private static final JvmCommand COMMAND =
            new JvmCommand(Path.of("/jdk/bin/java"), Path.of("/lib/runtime.jar"));

    @ParameterizedTest
    @CsvSource({
        "XS, -Xmx160m, -XX:MaxMetaspaceSize=64m, -XX:ActiveProcessorCount=1",
        "S, -Xmx768m, -XX:MaxMetaspaceSize=170m, -XX:ActiveProcessorCount=1",
        "M, -Xmx7168m, -XX:MaxMetaspaceSize=682m, -XX:ActiveProcessorCount=2",
        "XL, -Xmx130048m, -XX:MaxMetaspaceSize=682m, -XX:ActiveProcessorCount=8"
    })
    void sizesTheJvmAsTheMachineType(
            String machineType, String heap, String metaspace, String processors) {
        assertThat(arguments(machineType)).contains(heap, metaspace, processors);
    }

    @Test
    void leavesSomeHeapToTheSmallestMachine() {
        assertThat(JvmCommand.heapBytes(1 << 20)).isEqualTo(16 << 20);
    }

    @Test
    void startsTheRuntimeWithNothingButItsSocket() {
        assertThat(arguments("S"))
                .startsWith("/jdk/bin/java")
                .endsWith(
                        "-cp", "/lib/runtime.jar", "dev.athanor.runtime.SandboxMain", "/run/x/s1");
    }

    @Test
    void scrubsTheEnvironment() {
        Map<String, String> environment =
                new HashMap<>(Map.of("PATH", "/bin", "SECRET", "x", "HOME", "/root", "LANG", "C"));

        SandboxCommand.scrub(environment, Path.of("/work/1"));

        assertThat(environment)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "PATH",
                                "/bin",
                                "LANG",
                                "C",
                                "LC_CTYPE",
                                "C.UTF-8",
                                "HOME",
                                "/work/1",
                                "TMPDIR",
                                "/work/1"));
    }

    @Test
    void aLocaleOfUtf8IsLeftAsItIs() {
        Map<String, String> environment = new HashMap<>(Map.of("LANG", "de_DE.UTF-8"));

        SandboxCommand.scrub(environment, Path.of("/work/1"));

        assertThat(environment).containsEntry("LANG", "de_DE.UTF-8").doesNotContainKey("LC_CTYPE");
    }

    private static List<String> arguments(String machineType) {
        return COMMAND.arguments(
                MachineTypes.find(machineType).orElseThrow(),
                Path.of("/work/1"),
                Path.of("/run/x/s1"));
    }
}
