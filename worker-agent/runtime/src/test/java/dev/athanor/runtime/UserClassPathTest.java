package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserClassPathTest {

    @Test
    void servesItsEntriesInOrder(@TempDir Path folder) throws Exception {
        Path first = Files.createDirectory(folder.resolve("with space"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.writeString(first.resolve("x.txt"), "first");
        Files.writeString(second.resolve("x.txt"), "second");

        try (URLClassLoader loader =
                UserClassPath.open(List.of(first.toString(), second.toString()))) {
            assertThat(loader.getResourceAsStream("x.txt")).hasContent("first");
        }
    }

    @Test
    void showsTheJdkAndNothingOfOurs() throws Exception {
        try (URLClassLoader loader = UserClassPath.open(List.of())) {
            assertThat(loader.loadClass("java.sql.Date")).isNotNull();
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> loader.loadClass(SandboxMain.class.getName()));
        }
    }

    @Test
    void namesAnEntryThatIsMissing(@TempDir Path folder) {
        String missing = folder.resolve("missing.jar").toString();

        assertThatExceptionOfType(InvalidClassPathException.class)
                .isThrownBy(() -> UserClassPath.open(List.of(missing)))
                .withMessageContaining(missing);
    }
}
