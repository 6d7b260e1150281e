package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackTracesTest {

    @Test
    void cutsOffTheRuntimeAndItsReflection() {
        assertThat(
                        trimmed(
                                "user.A",
                                "java.util.ArrayList",
                                "user.B",
                                "java.lang.invoke.LambdaForm$MH",
                                "dev.athanor.runtime.Target",
                                "dev.athanor.runtime.CallRunner",
                                "java.lang.Thread"))
                .containsExactly("user.A", "java.util.ArrayList", "user.B");
    }

    @Test
    void leavesOtherThreadsAlone() {
        assertThat(trimmed("user.A", "java.lang.invoke.X", "java.lang.Thread"))
                .containsExactly("user.A", "java.lang.invoke.X", "java.lang.Thread");
        assertThat(trimmed()).isEmpty();
    }

    @Test
    void keepsWhatOnlyLooksLikeOurs() {
        assertThat(trimmed("dev.athanor.runtime.X", "user.A", "java.lang.Thread"))
                .containsExactly("dev.athanor.runtime.X", "user.A", "java.lang.Thread");
    }

    private static List<String> trimmed(String... classes) {
        List<StackTraceElement> frames =
                Arrays.stream(classes)
                        .map(name -> new StackTraceElement(name, "m", null, 1))
                        .toList();
        return StackTraces.withoutOurs(frames).stream()
                .map(StackTraceElement::getClassName)
                .toList();
    }
}
