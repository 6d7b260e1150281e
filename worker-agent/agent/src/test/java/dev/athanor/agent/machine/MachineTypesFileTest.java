package dev.athanor.agent.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypeCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MachineTypesFileTest {
    @TempDir private Path folder;

    @Test
    void aFileAddsMachineTypesAndChangesSizes() throws IOException {
        MachineTypeCatalog catalog =
                read(
                        """
                        machine-types:
                          L: {cpus: 2, memory: 1GB}
                          H100-x8: {cpus: 96, memory: 1TB, gpus: 8, gpu-model: H100}
                        """);

        assertThat(catalog.find("L")).contains(new MachineType("L", 2, 1L << 30, 0, ""));
        assertThat(catalog.find("H100-x8"))
                .contains(new MachineType("H100-x8", 96, 1L << 40, 8, "H100"));
        assertThat(catalog.find("XS")).isEqualTo(MachineTypeCatalog.reference().find("XS"));
    }

    @Test
    void theExampleIsReadable() {
        MachineTypeCatalog catalog =
                MachineTypesFile.read(Path.of("../../examples/machine-types.yaml"));

        assertThat(catalog.find("L")).contains(new MachineType("L", 2, 1L << 30, 0, ""));
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void whatCannotBeIsRefusedWithTheFilesName(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(text))
                .withMessageContaining("types.yaml")
                .withMessageContaining(message);
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                arguments("machine-types: {L: {cpu: 2, memory: 1GB}}", "did you mean cpus?"),
                arguments("machine-type: {}", "did you mean machine-types?"),
                arguments("machine-types: {L: {cpus: two, memory: 1GB}}", "a number, got two"),
                arguments("machine-types: {L: {cpus: 0, memory: 1GB}}", "above 0"),
                arguments("machine-types: {L: {cpus: 1}}", "memory must be a size"),
                arguments("machine-types: {L: {cpus: 1, memory: lots}}", "256MB or 1GB"),
                arguments("machine-types: {L: {cpus: 1, memory: 1GB, gpus: 1}}", "GPU model"),
                arguments("machine-types: {a b: {cpus: 1, memory: 1GB}}", "'a b' is no name"),
                arguments("machine-types: {xs: {cpus: 1, memory: 1GB}}", "xs differs from XS"),
                arguments(
                        "machine-types: {L: {cpus: 1, memory: 1GB}, L: {cpus: 2, memory: 1GB}}",
                        "duplicate"),
                arguments("machine-types: 3", "must hold entries"),
                arguments("", "must hold entries"),
                arguments("machine-types: [", "while parsing"));
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> MachineTypesFile.read(folder.resolve("none.yaml")))
                .withMessageContaining("none.yaml");
    }

    @ParameterizedTest
    @CsvSource({"1KB, 1024", "256MB, 268435456", "1 GiB, 1073741824", "2gb, 2147483648"})
    void sizesArePowersOfTwo(String text, long bytes) {
        assertThat(MemorySize.parse(text)).isEqualTo(bytes);
    }

    private MachineTypeCatalog read(String text) throws IOException {
        return MachineTypesFile.read(Files.writeString(folder.resolve("types.yaml"), text));
    }
}
