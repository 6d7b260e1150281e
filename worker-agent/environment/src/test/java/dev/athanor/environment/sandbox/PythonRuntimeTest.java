package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.runtime.SandboxMain;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonRuntimeTest {
    /** Stands for a Python whose compiler is of no use. */
    private static final Path NO_COMPILER = Path.of("/bin/true");

    @TempDir private Path parent;

    @Test
    void allFilesOfTheRuntimeAreUnpackedOnce() throws Exception {
        try (PythonRuntime runtime = new PythonRuntime(parent, SandboxMain.class)) {
            Path folder = runtime.folder(NO_COMPILER);

            assertThat(names(folder)).isEqualTo(sources());
            assertThat(runtime.folder(NO_COMPILER)).isEqualTo(folder);
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whatWasDeletedIsUnpackedAgain() throws Exception {
        try (PythonRuntime runtime = new PythonRuntime(parent, SandboxMain.class)) {
            FolderTree.delete(runtime.folder(NO_COMPILER));

            assertThat(names(runtime.folder(NO_COMPILER))).contains("__main__.py");
        }
    }

    /** A folder's, or a jar's where the build has come that far. */
    private static List<String> sources() throws Exception {
        String place = "dev/athanor/runtime/python";
        Path code =
                Path.of(
                        SandboxMain.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        if (Files.isDirectory(code)) {
            return names(code.resolve(place));
        }
        try (FileSystem jar = FileSystems.newFileSystem(code)) {
            return names(jar.getPath(place));
        }
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
