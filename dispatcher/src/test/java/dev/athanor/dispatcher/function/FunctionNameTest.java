package dev.athanor.dispatcher.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"tell", "jokes/tell", "a/b/c/d/e/f/g/h", "v1.2/x_y-z", "9"})
    void namesHaveParts(String name) {
        assertThat(FunctionName.checked(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a/",
                "/a",
                "a//b",
                ".",
                "..",
                "a/../b",
                "../etc/passwd",
                "a b",
                "a\nb",
                "witze/erzähle",
                "a%2fb",
                "a;b",
                "a\\b",
                "jokes/jobs",
                "versions",
                "a/current/b",
                "a/b/c/d/e/f/g/h/i"
            })
    void whatWouldMeanSomethingElseInAnAddressIsNone(String name) {
        assertThatExceptionOfType(FunctionException.class)
                .isThrownBy(() -> FunctionName.checked(name))
                .matches(e -> e.reason() == FunctionException.Reason.INVALID);
    }

    @Test
    void aLongOneIsRefusedShortly() {
        assertThatExceptionOfType(FunctionException.class)
                .isThrownBy(() -> FunctionName.checked("a".repeat(10_000)))
                .matches(e -> e.getMessage().length() < 400);
    }
}
