package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.athanor.environment.machine.MachineTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxKeyTest {

    @Test
    void differsInEveryPart() {
        assertThat(
                        List.of(
                                key("t", "e", List.of("a"), "M", Map.of()),
                                key("u", "e", List.of("a"), "M", Map.of()),
                                key("t", "f", List.of("a"), "M", Map.of()),
                                key("t", "e", List.of("a", "b"), "M", Map.of()),
                                key("t", "e", List.of("b", "a"), "M", Map.of()),
                                key("t", "e", List.of("ab"), "M", Map.of()),
                                key("t", "e", List.of("a"), "S", Map.of()),
                                key("t", "e", List.of("a"), "M", Map.of("x", "y")),
                                key("te", "", List.of("a"), "M", Map.of())))
                .doesNotHaveDuplicates();
    }

    @Test
    void doesNotDependOnTheOrderOfOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("b", "2");
        options.put("a", "1");

        assertThat(key("t", "e", List.of(), "M", options))
                .isEqualTo(key("t", "e", List.of(), "M", Map.of("a", "1", "b", "2")));
    }

    @Test
    void refusesWhatIsNoHash() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SandboxKey("AB"))
                .withMessageContaining("64 lower-case hexadecimal digits");
    }

    @Test
    void aSpecNeedsTimeToStart() {
        SandboxKey key = key("t", "e", List.of(), "M", Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new SandboxSpec(
                                key,
                                MachineTypes.REFERENCE.get(0),
                                List.of(),
                                Path.of("/data"),
                                Duration.ZERO))
                .withMessageContaining("above 0");
    }

    private static SandboxKey key(
            String tenant,
            String environment,
            List<String> bundles,
            String machineType,
            Map<String, String> options) {
        return SandboxKey.of(tenant, environment, bundles, machineType, options);
    }
}
