package dev.athanor.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.schemas.FailureCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureKindTest {
    @ParameterizedTest
    @EnumSource(
            names = {"UNKNOWN_MACHINE_TYPE", "UNSERVED_MACHINE_TYPE", "UNAVAILABLE"},
            mode = EnumSource.Mode.EXCLUDE)
    void everyKindHasItsNameOnTheWire(FailureKind kind) {
        assertThat(FailureCode.valueOf(kind.name())).hasToString(kind.name());
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeOnTheWireIsAKind(FailureCode code) {
        assertThat(FailureKind.named(code.name())).hasToString(code.name());
    }
}
