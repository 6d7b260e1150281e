package dev.athanor.api;

import static dev.athanor.api.Athanor.L;
import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.isolated1;
import static dev.athanor.api.Athanor.isolated2;
import static dev.athanor.api.Athanor.isolatedVoid;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.fixtures.Sources;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolatedTest {
    @TempDir private Path temp;

    @Isolated(
            name = "joke",
            requirements = "org.apache.commons:commons-text:1.13.0",
            repositories = "mine::https://repo.example.com",
            checksums =
                    "org.apache.commons:commons-text:1.13.0="
                            + "0000000000000000000000000000000000000000000000000000000000000000",
            secrets = "TOKEN",
            machineType = M,
            keepAlive = 20,
            timeout = 1,
            queueTimeout = 2,
            whenUnserved = WhenUnserved.FAIL,
            startTimeout = 3,
            buildTimeout = 4,
            allowResult = "com.acme.*")
    private static String everything() {
        return "x";
    }

    @Isolated(machineType = M)
    private static String overloaded(String a) {
        return a;
    }

    @Isolated(machineType = L)
    private static String overloaded(String a, String b) {
        return a + b;
    }

    @Isolated(keepAlive = 0)
    private static void procedure(String a) {}

    @Isolated(keepAlive = -5)
    private static String negative() {
        return "x";
    }

    @Isolated(requirements = "commons-text")
    private static String malformed() {
        return "x";
    }

    @Isolated(checksums = "a:b:1")
    private static String pinless() {
        return "x";
    }

    private static final class Shout implements Function1<String, String> {
        private static final long serialVersionUID = 1L;

        @Override
        @Isolated(machineType = M)
        public String call(String text) {
            return text + "!";
        }
    }

    @Test
    void aMethodReferenceHasTheOptionsOfItsAnnotation() {
        Options options = isolated(IsolatedTest::everything).options();

        assertThat(options.name()).contains("joke");
        assertThat(options.requirements())
                .containsExactly("org.apache.commons:commons-text:1.13.0");
        assertThat(options.repositories()).containsExactly("mine::https://repo.example.com");
        assertThat(options.checksums())
                .containsEntry("org.apache.commons:commons-text:1.13.0", "0".repeat(64));
        assertThat(options.machineType()).isEqualTo("M");
        assertThat(options.keepAlive()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.queueTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.whenUnserved()).isEqualTo(WhenUnserved.FAIL);
        assertThat(options.startTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.buildTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(options.secrets()).containsExactly("TOKEN");
        assertThat(options.allowedResults()).containsExactly("com.acme.*");
    }

    @Test
    void whatAnAnnotationLeavesOutHasItsDefault() {
        Options options = isolatedVoid(IsolatedTest::procedure).options();

        assertThat(options.keepAlive()).isZero();
        assertThat(options.machineType()).isEqualTo("XS");
        assertThat(options.requirements()).isEmpty();
        assertThat(options.timeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void optionsInCodeWinOverTheAnnotation() {
        Options options =
                isolated(IsolatedTest::everything, machineType(L), keepAlive(7)).options();

        assertThat(options.machineType()).isEqualTo("L");
        assertThat(options.keepAlive()).isEqualTo(Duration.ofSeconds(7));
        assertThat(options.name()).contains("joke");
    }

    @Test
    void overloadedMethodsHaveAnnotationsOfTheirOwn() {
        IsolatedFunction1<String, String> one = isolated1(IsolatedTest::overloaded);
        IsolatedFunction2<String, String, String> two = isolated2(IsolatedTest::overloaded);

        assertThat(one.options().machineType()).isEqualTo("M");
        assertThat(two.options().machineType()).isEqualTo("L");
    }

    @Test
    void anObjectHasTheOptionsOfItsMethod() {
        assertThat(isolated(new Shout()).options().machineType()).isEqualTo("M");
    }

    @Test
    void lambdasAndConstructorsHaveNone() {
        assertThat(isolated(() -> everything()).options().machineType()).isEqualTo("XS");
        assertThat(isolated((String s) -> new StringBuilder(s)).options().requirements()).isEmpty();
    }

    @Test
    void impossibleValuesAreRefusedWhereTheFunctionIsMade() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> isolated(IsolatedTest::negative))
                .withMessageStartingWith("keepAlive(-5 s) is not possible");
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> isolated(IsolatedTest::malformed))
                .withMessageStartingWith("requirements(commons-text) is not possible");
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> isolated(IsolatedTest::pinless))
                .withMessageStartingWith("checksums(");
    }

    @Test
    void anAnnotationThatCannotBeReadIsNotOverlooked() throws Throwable {
        String other = "package com.acme; public class Other {}";
        String main =
                """
                package com.acme;
                import static dev.athanor.api.Athanor.*;
                import dev.athanor.api.*;
                public class Main {
                    %s static String joke() { return "x"; }
                    static Other other() { return null; }
                    public static String machineType() {
                        return isolated(Main::joke).options().machineType();
                    }
                }
                """;
        Path annotated = withoutOther("annotated", main.formatted("@Isolated"), other);
        Path plain = withoutOther("plain", main.formatted(""), other);

        assertThat(read(plain)).isEqualTo("XS");
        assertThatExceptionOfType(InvalidFunctionException.class)
                .isThrownBy(() -> read(annotated))
                .withMessageContaining("com/acme/Other");
    }

    private Path withoutOther(String name, String main, String other) throws Exception {
        Path classes =
                new Sources()
                        .add("com.acme.Main", main)
                        .add("com.acme.Other", other)
                        .compile(temp.resolve(name));
        Files.delete(classes.resolve("com/acme/Other.class"));
        return classes;
    }

    private static Object read(Path classes) throws Throwable {
        try (URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {classes.toUri().toURL()}, Isolated.class.getClassLoader())) {
            return loader.loadClass("com.acme.Main").getMethod("machineType").invoke(null);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
