package dev.athanor.agent.call;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.athanor.environment.outcome.FailureKind;
import dev.athanor.schemas.FailureCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureKindTest {
    @ParameterizedTest
    @EnumSource
    void everyKindHasItsNameOnTheWire(FailureKind kind) {
        assertThatCode(() -> FailureCode.valueOf(kind.name())).doesNotThrowAnyException();
    }
}
