package dev.athanor.api.internal.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.fixtures.PackedCall;
import dev.athanor.fixtures.Sources;
import dev.athanor.fixtures.SpringBootJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles out of programs that run as users run them. */
class PackagedCodeIT {
    @TempDir private Path temp;

    @Test
    void ofASpringBootJarTheReachedClassesCome() throws Throwable {
        Path library = library("org.lib.Lib", "lib");
        Path required = library("org.required.Required", "required");
        Path classes =
                new Sources()
                        .add(
                                "com.acme.Main",
"""
                                package com.acme;
                                import static dev.athanor.api.Athanor.*;
                                import dev.athanor.api.*;
                                import dev.athanor.fixtures.PackedCall;
                                import java.nio.file.Files;
import java.nio.file.Path;
                                public class Main {
                                    public static void main(String[] args) {
                                        new Unreached();
                                        var host = new PackedCall(Path.of(args[0])).host();
                                        isolated(
                                                Main::greet,
                                                host(host),
                                                requirements("org.required:required:1.0"))
                                            .submit("World")
                                            .join();
                                    }
                                    static String greet(String name) {
                                        return Helper.hello() + name + org.lib.Lib.name()
                                            + org.required.Required.name();
                                    }
                                }
""")
                        .add(
                                "com.acme.Helper",
                                "package com.acme; class Helper { static String hello() {"
                                        + " return \"Hello \"; } }")
                        .add("com.acme.Unreached", "package com.acme; class Unreached { Deep d; }")
                        .add("com.acme.Deep", "package com.acme; class Deep {}")
                        .compile(temp.resolve("classes"), library, required);
        Path requiredJar = Sources.jar(temp.resolve("required-1.0.jar"), required);
        Path jar =
                SpringBootJar.build(
                        temp.resolve("app.jar"),
                        "com.acme.Main",
                        classes,
                        Sources.jar(temp.resolve("some-library.jar"), library),
                        requiredJar);
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        runJar(jar, packed.folder().toString());

        assertThat(packed.run(requiredJar)).isEqualTo("Hello Worldlibrequired");
        try (JarFile own = new JarFile(packed.folder().resolve("own.jar").toFile())) {
            assertThat(own.stream().map(ZipEntry::getName))
                    .contains("com/acme/Main.class", "com/acme/Helper.class", "org/lib/Lib.class")
                    .noneMatch(name -> name.startsWith("org/required/"))
                    .doesNotContain("com/acme/Deep.class")
                    .hasSizeLessThan(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "jdi"})
    void ofAShellTheReachedSnippetsCome(String engine) throws Throwable {
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        try (JShell shell = JShell.builder().executionEngine(engine).build()) {
            Sources.ownClassPath().forEach(place -> shell.addToClasspath(place.toString()));
            evaluate(shell, "import static dev.athanor.api.Athanor.*;");
            evaluate(shell, "import dev.athanor.fixtures.PackedCall;");
            evaluate(shell, "record Point(int x) implements java.io.Serializable {}");
            evaluate(shell, "String greet(Point p) { return \"Hello \" + p; }");
            evaluate(
                    shell,
                    "var host = new PackedCall(java.nio.file.Path.of(\"%s\")).host();"
                            .formatted(packed.folder().toString().replace("\\", "\\\\")));
            evaluate(
                    shell,
                    "isolated((Point p) -> greet(p), host(host)).submit(new Point(3)).join();");
        }

        assertThat(packed.run()).isEqualTo("Hello Point[x=3]");
    }

    private static void evaluate(JShell shell, String source) {
        for (SnippetEvent event : shell.eval(source)) {
            assertThat(event.exception()).as(source).isNull();
            assertThat(event.status())
                    .as(() -> source + shell.diagnostics(event.snippet()).toList())
                    .isEqualTo(Snippet.Status.VALID);
        }
    }

    private Path library(String className, String name) {
        int dot = className.lastIndexOf('.');
        return new Sources()
                .add(
                        className,
                        "package %s; public class %s { public static String name() { return \"%s\"; } }"
                                .formatted(
                                        className.substring(0, dot),
                                        className.substring(dot + 1),
                                        name))
                .compile(temp.resolve(name));
    }

    private void runJar(Path jar, String argument) throws Exception {
        Path output = temp.resolve("output.txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-jar",
                                jar.toString(),
                                argument)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
