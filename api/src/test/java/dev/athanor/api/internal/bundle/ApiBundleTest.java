package dev.athanor.api.internal.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.api.Athanor;
import dev.athanor.fixtures.PackedCall;
import dev.athanor.fixtures.Programs;
import dev.athanor.fixtures.SandboxParent;
import dev.athanor.fixtures.Sources;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiBundleTest {
    private final Bundle bundle = new Bundler().apiBundle();

    @TempDir private Path temp;

    @Test
    void itHoldsThePublicPackagesAndTheWayOutOfASandbox() throws IOException {
        Set<String> classes = new TreeSet<>(classes("dev/athanor/api/"));
        classes.addAll(classes("dev/athanor/api/data/"));

        assertThat(Programs.entries(bundle))
                .containsAll(classes)
                .contains("dev/athanor/api/internal/nested/SandboxHost.class")
                .allMatch(name ->
                        classes.contains(name)
                                || name.matches(".*/internal/(nested|call|code|payload)/.*"))
                .noneMatch(name -> name.contains("Packed"));
    }

    private static Set<String> classes(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target/classes").resolve(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class"))
                    .filter(name -> !name.equals("package-info.class"))
                    .map(name -> folder + name)
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void itsBytesAreTheSameEachTime() {
        assertThat(new Bundler().apiBundle().bytes()).isEqualTo(bundle.bytes());
    }

    @Test
    void everyClassLoadsAndLinksWithNothingButTheJdkAndTheProtocol() throws Exception {
        Path jar = temp.resolve("api.jar");
        Files.write(jar, bundle.bytes());

        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, new SandboxParent())) {
            for (String name : bundle.classNames()) {
                Class<?> type = Class.forName(name, true, loader);
                assertThat(type.getDeclaredMethods()).isNotNull();
                assertThat(type.getClassLoader()).isSameAs(loader);
            }
        }
    }

    @Test
    void staticInitialisersOfCallersRunThere() throws Throwable {
        Path classes =
                new Sources()
                        .add(
                                "com.acme.Main",
                                """
                                package com.acme;
                                import static dev.athanor.api.Athanor.*;
                                import dev.athanor.api.*;
                                import java.time.Duration;
                                public class Main {
                                    static final IsolatedFunction<String> F =
                                        isolated(
                                            () -> "x",
                                            requirements("a:b:1"),
                                            machineType(M),
                                            keepAlive(60),
                                            timeout(Duration.ofSeconds(3)),
                                            allowResult("com.acme.*"),
                                            logs(LogListener.none()),
                                            host(cloud()));
                                    static final IsolatedFunction1<String, Void> G =
                                        isolatedVoid1(System.getProperties()::remove);
                                    public static void call(Host h) {
                                        isolated(Main::nested, host(h)).submit();
                                    }
                                    static String nested() {
                                        try {
                                            return F.on(keepAlive(1)).call();
                                        } catch (InvalidFunctionException e) {
                                            return F.options() + e.getMessage();
                                        }
                                    }
                                }
                                """)
                        .compile(temp.resolve("classes"));
        PackedCall packed = new PackedCall(temp.resolve("packed"));
        Programs.call("com.acme.Main", packed.host(), classes);

        System.setProperty("athanor.sandbox", "true");
        try {
            assertThat((String) packed.run())
                    .contains("machineType(M)")
                    .contains("a copy of Athanor's classes");
        } finally {
            System.clearProperty("athanor.sandbox");
        }
    }

    @Test
    void theMarkerIsWhereTheApiIs() {
        assertThat(AthanorClasses.MARKER)
                .isEqualTo(Athanor.class.getName().replace('.', '/') + ".class");
    }
}
