package dev.athanor.api.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTypesTest {
    @Test
    void distanceCountsDifferingLetters() {
        assertThat(MachineTypes.distance("", "")).isZero();
        assertThat(MachineTypes.distance("m", "M")).isZero();
        assertThat(MachineTypes.distance("GPU-T4", "GPU")).isEqualTo(3);
        assertThat(MachineTypes.distance("XLL", "XL")).isEqualTo(1);
        assertThat(MachineTypes.distance("kitten", "sitting")).isEqualTo(3);
    }
}
