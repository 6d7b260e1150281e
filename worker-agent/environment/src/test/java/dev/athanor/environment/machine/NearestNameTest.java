package dev.athanor.environment.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    @Test
    void distanceCountsDifferingLetters() {
        assertThat(NearestName.distance("", "")).isZero();
        assertThat(NearestName.distance("m", "M")).isZero();
        assertThat(NearestName.distance("GPU-T4", "GPU")).isEqualTo(3);
        assertThat(NearestName.distance("XLL", "XL")).isEqualTo(1);
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void theNearestNameIsAskedFor() {
        List<String> offered = List.of("XS", "S", "GPU-T4", "GPU");

        assertThat(NearestName.question("gpu_t4", offered)).isEqualTo("; did you mean GPU-T4?");
        assertThat(NearestName.question("xs", offered)).isEqualTo("; did you mean XS?");
        assertThat(NearestName.question("xs", List.of())).isEmpty();
    }
}
