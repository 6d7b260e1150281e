package dev.athanor.environment.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTypesTest {

    @ParameterizedTest
    @CsvSource({
        "XS, 0.25, 256, 0, ''",
        "S, 0.5, 1024, 0, ''",
        "M, 2, 8192, 0, ''",
        "L, 4, 32768, 0, ''",
        "XL, 8, 131072, 0, ''",
        "GPU-T4, 4, 26624, 1, T4",
        "GPU, 8, 65536, 1, A100"
    })
    void areThoseOfTheReference(String name, double cpus, long mebibytes, int gpus, String model) {
        assertThat(MachineTypes.find(name))
                .contains(new MachineType(name, cpus, mebibytes << 20, gpus, model));
    }

    @Test
    void areSevenAndBeginWithTheDefault() {
        assertThat(MachineTypes.REFERENCE)
                .extracting(MachineType::name)
                .containsExactly("XS", "S", "M", "L", "XL", "GPU-T4", "GPU");
    }

    @Test
    void areFoundByTheirExactNameOnly() {
        assertThat(MachineTypes.find("xs")).isEmpty();
        assertThat(MachineTypes.find("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"XS, S", "S, M", "M, L", "L, XL", "XL, ", "GPU-T4, GPU", "GPU, "})
    void haveNextLargerOnesThatKeepTheirGpus(String name, String larger) {
        assertThat(
                        MachineTypes.nextLarger(
                                        MachineTypes.find(name).orElseThrow(),
                                        MachineTypes.REFERENCE)
                                .map(MachineType::name))
                .isEqualTo(Optional.ofNullable(larger));
    }

    @Test
    void refuseWhatNoMachineCanBe() {
        assertRefused("", 1, 1, 0, "", "needs a name");
        assertRefused("X", 0, 1, 0, "", "above 0");
        assertRefused("X", Double.NaN, 1, 0, "", "above 0");
        assertRefused("X", 1, 0, 0, "", "above 0");
        assertRefused("X", 1, 1, -1, "T4", "above 0");
        assertRefused("X", 1, 1, 1, "", "GPU model");
        assertRefused("X", 1, 1, 0, "T4", "GPU model");
    }

    private static void assertRefused(
            String name, double cpus, long memory, int gpus, String model, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MachineType(name, cpus, memory, gpus, model))
                .withMessageContaining(message);
    }
}
