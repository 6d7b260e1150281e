package dev.athanor.environment.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTypeCatalogTest {
    private static final MachineType SMALL_L = new MachineType("L", 2, 1L << 30, 0, "");
    private static final MachineType H100 = new MachineType("H100-x8", 96, 1L << 40, 8, "H100");

    private final MachineTypeCatalog reference = MachineTypeCatalog.reference();

    @Test
    void operatorsAddMachineTypesAndChangeSizes() {
        MachineTypeCatalog own = reference.with(List.of(SMALL_L, H100));

        assertThat(own.find("L")).contains(SMALL_L);
        assertThat(own.find("H100-x8")).contains(H100);
        assertThat(own.find("M")).isEqualTo(MachineTypes.find("M"));
        assertThat(own.all()).hasSize(8);
        assertThat(reference.all()).isEqualTo(MachineTypes.REFERENCE);
    }

    @Test
    void namesThatNobodyTellsApartAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reference.with(List.of(new MachineType("xs", 1, 1, 0, ""))))
                .withMessageContaining("xs differs from XS");
    }

    @Test
    void itGuessesWhatWasMeant() {
        assertThat(reference.find("xl")).isEmpty();
        assertThat(reference.instead("xl"))
                .isEqualTo("XS, S, M, L, XL, GPU-T4, GPU; did you mean XL?");
    }
}
