package dev.athanor.environment.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where it cannot be mounted, and what is done then. */
class MountedDataTest {
    @TempDir private Path temp;

    @Test
    void whatSandboxesNeedIsNotHidden() throws IOException {
        Path mountPoint = Files.createDirectory(temp.resolve("data"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), mountPoint);
        Path needed = link.resolve("not/made/yet");

        DataView view = MountedData.find(mountPoint, temp.resolve("volume"), List.of(temp, needed));

        assertThat(view.isMounted()).isFalse();
        assertThat(view.description())
                .contains("ATHANOR_DATA")
                .contains(needed + " is below it and would be hidden");
    }

    @Test
    void aMountPointThatIsNoFolderOrCannotBeMadeIsNone() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));

        for (Path mountPoint : List.of(file, temp.resolve("absent/data"))) {
            DataView view = MountedData.find(mountPoint, temp.resolve("volume"), List.of());

            assertThat(view.isMounted()).isFalse();
            assertThat(view.description()).contains("it cannot be made or mounted");
        }
    }

    @Test
    void aVolumeThatCannotBeMadeIsTheOperatorsToChange() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));

        assertThatIOException().isThrownBy(() -> MountedData.find(file.resolve("v"), List.of()));
    }

    @Test
    void aFolderThatIsNotMountedIsKnownByItsName() {
        DataView named = new NamedData("a test");
        List<String> command = List.of("java", "Main");

        assertThat(named.command(command, temp)).isEqualTo(command);
        assertThat(named.seenAs(temp)).isEqualTo(temp.toString());
    }
}
