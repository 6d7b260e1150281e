package dev.athanor.api.internal.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.api.InvalidFunctionException;
import dev.athanor.fixtures.PackedCall;
import dev.athanor.fixtures.Programs;
import dev.athanor.fixtures.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundlerTest {
    private static final String API_CLASSES = "target/classes";
    private static final String IMPORTS =
            """
            package com.acme;
            import static dev.athanor.api.Athanor.*;
            import dev.athanor.api.*;
            """;

    @TempDir private Path temp;

    @Test
    void aClassesFolderComesWhole() throws Throwable {
        Path classes = helloWithHelper(temp.resolve("classes"));
        Files.writeString(classes.resolve("greeting.txt"), "Hello");
        new Sources().add("com.acme.Unused", IMPORTS + "class Unused {}").compile(classes);
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        Programs.call("com.acme.Main", packed.host(), classes);

        assertThat(packed.run()).isEqualTo("Hello World");
        assertThat(Programs.entries("com.acme.Main", classes))
                .contains(
                        "com/acme/Main.class",
                        "com/acme/Helper.class",
                        "com/acme/Unused.class",
                        "greeting.txt");
    }

    @Test
    void foldersThatTheFunctionReachesComeTogether() throws Throwable {
        Path classes =
                new Sources()
                        .add(
                                "com.acme.Helper",
                                IMPORTS
                                        + "public class Helper { public static String greet() {"
                                        + " return \"from main\"; } }")
                        .add("com.acme.Other", IMPORTS + "class Other {}")
                        .compile(temp.resolve("classes"));
        Path testClasses =
                new Sources()
                        .add("com.acme.Main", main("isolated(() -> Helper.greet(), host(h))"))
                        .compile(temp.resolve("test-classes"), classes);
        Path unrelated =
                new Sources()
                        .add("com.acme.Unrelated", IMPORTS + "class Unrelated {}")
                        .compile(temp.resolve("unrelated"));
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        Programs.call("com.acme.Main", packed.host(), testClasses, classes, unrelated);

        assertThat(packed.run()).isEqualTo("from main");
        assertThat(Programs.entries("com.acme.Main", testClasses, classes, unrelated))
                .contains("com/acme/Main.class", "com/acme/Helper.class", "com/acme/Other.class")
                .doesNotContain("com/acme/Unrelated.class");
    }

    @Test
    void foldersOfArgumentsComeAsWell() throws Throwable {
        Path model =
                new Sources()
                        .add(
                                "com.acme.Circle",
                                IMPORTS
                                        + "public record Circle(int r) implements"
                                        + " java.io.Serializable {}")
                        .compile(temp.resolve("model"));
        Path classes =
                new Sources()
                        .add(
                                "com.acme.Main",
                                IMPORTS
                                        + """
                                        public class Main {
                                            public static void call(Host h) throws Exception {
                                                Object circle =
                                                    Class.forName("com.acme.Circle")
                                                        .getConstructor(int.class).newInstance(3);
                                                isolated((Object o) -> o.toString(), host(h))
                                                    .submit(circle);
                                            }
                                        }
                                        """)
                        .compile(temp.resolve("classes"));
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        Programs.call("com.acme.Main", packed.host(), classes, model);

        assertThat(packed.run()).isEqualTo("Circle[r=3]");
    }

    @Test
    void aPlainJarComesWhole() throws Throwable {
        Path jar = Sources.jar(temp.resolve("app.jar"), helloWithHelper(temp.resolve("classes")));
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        Programs.call("com.acme.Main", packed.host(), jar);

        assertThat(packed.run()).isEqualTo("Hello World");
        assertThat(Programs.entries("com.acme.Main", jar))
                .contains("com/acme/Main.class", "com/acme/Helper.class");
    }

    @Test
    void jarsBesideTheFunctionsOwnComeWhenIncluded() throws Throwable {
        Path library = Sources.jar(temp.resolve("lib.jar"), library());
        Path plain = usingLibrary("isolated(() -> org.lib.Lib.name(), host(h))", "plain");
        Path byClass =
                usingLibrary(
                        "isolated(() -> org.lib.Lib.name(), host(h), include(org.lib.Lib.class))",
                        "byClass");
        Path byPath =
                usingLibrary(
                        "isolated(() -> org.lib.Lib.name(), host(h),"
                                + " include(java.nio.file.Path.of(\""
                                + library.toString().replace("\\", "\\\\")
                                + "\")))",
                        "byPath");
        PackedCall packed = new PackedCall(temp.resolve("packed"));
        Programs.call("com.acme.Main", packed.host(), byPath, library);

        assertThat(Programs.entries("com.acme.Main", plain, library))
                .contains("com/acme/Main.class")
                .doesNotContain("org/lib/Lib.class");
        assertThat(Programs.entries("com.acme.Main", byClass, library))
                .contains("com/acme/Main.class", "org/lib/Lib.class", "org/lib/Unused.class");
        assertThat(packed.run()).isEqualTo("lib");
    }

    @Test
    void ofAFatJarTheReachedClassesCome() throws Throwable {
        Path classes = usingLibrary("isolated(() -> org.lib.Lib.name(), host(h))", "classes");
        Path fat = Sources.jar(temp.resolve("fat.jar"), classes, library(), Path.of(API_CLASSES));
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        Programs.call("com.acme.Main", packed.host(), fat);

        assertThat(packed.run()).isEqualTo("lib");
        assertThat(Programs.entries("com.acme.Main", fat))
                .containsExactlyInAnyOrder("com/acme/Main.class", "org/lib/Lib.class");
    }

    @Test
    void aJarOfSeveralProjectsIsFat() throws IOException {
        Path classes = helloWithHelper(temp.resolve("classes"));
        new Sources().add("com.acme.Unused", IMPORTS + "class Unused {}").compile(classes);
        for (String project : new String[] {"one", "two"}) {
            Path folder = classes.resolve("META-INF/maven/g/" + project);
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("pom.properties"), "");
        }
        Path fat = Sources.jar(temp.resolve("fat.jar"), classes);

        assertThat(Programs.entries("com.acme.Main", fat))
                .containsExactlyInAnyOrder("com/acme/Main.class", "com/acme/Helper.class");
    }

    @Test
    void theRestOfTheFunctionsClassDoesNotDragItsOwnReachAlong() throws Throwable {
        Path classes =
                new Sources()
                        .add("com.acme.Parent", IMPORTS + "class Parent { Far far; }")
                        .add("com.acme.Far", IMPORTS + "class Far { Farther farther; }")
                        .add("com.acme.Farther", IMPORTS + "class Farther {}")
                        .add("com.acme.Application", application())
                        .add("com.acme.Helper", HELPER)
                        .add(
                                "com.acme.Main",
                                IMPORTS
                                        + """
                                        public class Main {
                                            static String format(String s) {
                                                return Helper.greet(s);
                                            }
                                            public static void call(Host h) {
                                                Application.start();
                                                isolated(() -> format("World"), host(h)).submit();
                                            }
                                        }
                                        """)
                        .compile(temp.resolve("classes"));
        Path fat = Sources.jar(temp.resolve("fat.jar"), classes, Path.of(API_CLASSES));
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        Programs.call("com.acme.Main", packed.host(), fat);

        assertThat(packed.run()).isEqualTo("Hello World");
        assertThat(Programs.entries("com.acme.Main", fat))
                .containsExactlyInAnyOrder(
                        "com/acme/Main.class",
                        "com/acme/Helper.class",
                        "com/acme/Application.class",
                        "com/acme/Parent.class");
    }

    @Test
    void aClassThatTheFunctionMakesObjectsOfComesWithAllItsReach() {
        Path classes =
                new Sources()
                        .add("com.acme.Far", IMPORTS + "class Far {}")
                        .add(
                                "com.acme.Main",
                                IMPORTS
                                        + """
                                        public class Main {
                                            @Override
                                            public String toString() {
                                                return new Far().toString();
                                            }
                                            public static void call(Host h) {
                                                isolated(() -> new Main() + "", host(h)).submit();
                                            }
                                        }
                                        """)
                        .compile(temp.resolve("classes"));
        Path fat = Sources.jar(temp.resolve("fat.jar"), classes, Path.of(API_CLASSES));

        assertThat(Programs.entries("com.acme.Main", fat))
                .containsExactlyInAnyOrder("com/acme/Main.class", "com/acme/Far.class");
    }

    @Test
    void requirementsNeverCome() throws Throwable {
        Path library = Sources.jar(temp.resolve("lib-1.0.jar"), library());
        String function =
                "isolated(() -> org.lib.Lib.name(), host(h), requirements(\"org.lib:lib:2.0\"))";
        Path fat =
                Sources.jar(
                        temp.resolve("fat.jar"),
                        usingLibrary(function, "classes"),
                        Path.of(API_CLASSES));
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        Programs.call("com.acme.Main", packed.host(), fat, library);

        assertThat(Programs.entries("com.acme.Main", fat, library))
                .containsExactly("com/acme/Main.class");
        assertThat(packed.run(library)).isEqualTo("lib");
    }

    @Test
    void methodsOfRequirementsComeWithTheCallersCodeOnly() {
        Path library = Sources.jar(temp.resolve("lib-1.0.jar"), library());
        Path classes =
                usingLibrary(
                        "isolated(org.lib.Lib::name, host(h), requirements(\"org.lib:lib:1.0\"))",
                        "classes");

        assertThat(Programs.entries("com.acme.Main", classes, library))
                .contains("com/acme/Main.class")
                .doesNotContain("org/lib/Lib.class");
    }

    @Test
    void aLargeFolderComesByTheClass() throws IOException {
        Path classes = helloWithHelper(temp.resolve("classes"));
        Files.write(classes.resolve("model.bin"), new byte[17 * 1024 * 1024]);

        assertThat(Programs.entries("com.acme.Main", classes))
                .containsExactlyInAnyOrder("com/acme/Main.class", "com/acme/Helper.class");
    }

    @Test
    void theSameCodeMakesTheSameBytes() throws IOException {
        Path classes = helloWithHelper(temp.resolve("classes"));
        Path copy = helloWithHelper(temp.resolve("copy"));
        Files.setLastModifiedTime(
                copy.resolve("com/acme/Main.class"), FileTime.fromMillis(1_000_000));

        Bundle one = Programs.bundle("com.acme.Main", classes).orElseThrow();
        Bundle other = Programs.bundle("com.acme.Main", copy).orElseThrow();

        assertThat(one.bytes()).isEqualTo(other.bytes());
        assertThat(one.digest()).isEqualTo(other.digest());
        assertThat(one.classNames()).containsExactlyInAnyOrder("com.acme.Main", "com.acme.Helper");
    }

    @Test
    void classesNewerThanTheAgentsJavaAreRefused() throws IOException {
        Path classes = helloWithHelper(temp.resolve("classes"));
        new Sources().add("com.acme.Unused", IMPORTS + "class Unused {}").compile(classes);
        patchVersion(classes.resolve("com/acme/Unused.class"), 70, 0);

        assertThatExceptionOfType(InvalidFunctionException.class)
                .isThrownBy(() -> Programs.bundle("com.acme.Main", classes))
                .withMessage(
                        "com.acme.Unused is compiled for Java 26 (class file version 70), agents"
                                + " run Java 25 (69): compile with --release 25");
    }

    @Test
    void classesWithPreviewFeaturesAreRefused() throws IOException {
        Path classes = helloWithHelper(temp.resolve("classes"));
        new Sources().add("com.acme.Unused", IMPORTS + "class Unused {}").compile(classes);
        patchVersion(classes.resolve("com/acme/Unused.class"), 69, 0xFFFF);

        assertThatExceptionOfType(InvalidFunctionException.class)
                .isThrownBy(() -> Programs.bundle("com.acme.Main", classes))
                .withMessageContaining("preview");
    }

    @Test
    void ofMultiReleaseJarsTheReleasesThatAgentsRunCome() throws Throwable {
        Path classes = helloWithHelper(temp.resolve("classes"));
        Path current = classes.resolve("META-INF/versions/21/com/acme");
        Path later = classes.resolve("META-INF/versions/26/com/acme");
        Files.createDirectories(current);
        Files.createDirectories(later);
        Path alternative =
                new Sources()
                        .add("com.acme.Helper", HELPER.replace("Hello", "Goodbye"))
                        .compile(temp.resolve("alternative"));
        Files.copy(alternative.resolve("com/acme/Helper.class"), current.resolve("Helper.class"));
        Files.copy(alternative.resolve("com/acme/Helper.class"), later.resolve("Helper.class"));
        patchVersion(later.resolve("Helper.class"), 70, 0);
        Files.writeString(
                classes.resolve("META-INF/MANIFEST.MF"),
                "Manifest-Version: 1.0\nMulti-Release: true\n\n");
        Path jar = Sources.jar(temp.resolve("app.jar"), classes);
        PackedCall packed = new PackedCall(temp.resolve("packed"));

        Programs.call("com.acme.Main", packed.host(), jar);

        assertThat(packed.run()).isEqualTo("Goodbye World");
    }

    @Test
    void missingIncludesAreReported() {
        Path classes =
                new Sources()
                        .add(
                                "com.acme.Main",
                                main(
                                        "isolated(() -> \"x\", host(h),"
                                                + " include(java.nio.file.Path.of(\"none.jar\")))"))
                        .compile(temp.resolve("classes"));

        assertThatExceptionOfType(InvalidFunctionException.class)
                .isThrownBy(() -> Programs.bundle("com.acme.Main", classes))
                .withMessageContaining("none.jar");
    }

    private static final String HELPER =
            IMPORTS
                    + """
                    public class Helper {
                        public static String greet(String name) {
                            return "Hello " + name;
                        }
                    }
                    """;

    private static Path helloWithHelper(Path folder) {
        return new Sources()
                .add("com.acme.Helper", HELPER)
                .add("com.acme.Main", main("isolated(() -> Helper.greet(\"World\"), host(h))"))
                .compile(folder);
    }

    private static String main(String function) {
        return IMPORTS
                + """
                public class Main {
                    public static void call(Host h) {
                        %s.submit();
                    }
                }
                """
                        .formatted(function);
    }

    private static String application() {
        return IMPORTS
                + """
                public class Application extends Parent {
                    static void start() {
                        new Far();
                    }
                }
                """;
    }

    private Path library() {
        return new Sources()
                .add(
                        "org.lib.Lib",
                        "package org.lib; public class Lib { public static String name() {"
                                + " return \"lib\"; } }")
                .add("org.lib.Unused", "package org.lib; class Unused {}")
                .compile(temp.resolve("lib"));
    }

    private Path usingLibrary(String function, String folder) {
        return new Sources()
                .add("com.acme.Main", main(function))
                .compile(temp.resolve(folder), library());
    }

    private static void patchVersion(Path file, int major, int minor) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[4] = (byte) (minor >> 8);
        bytes[5] = (byte) minor;
        bytes[7] = (byte) major;
        Files.write(file, bytes);
    }
}
