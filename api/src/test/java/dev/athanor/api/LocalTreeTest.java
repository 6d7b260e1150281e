package dev.athanor.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.api.data.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTreeTest {
    @TempDir private Path temp;

    private Path tree() throws IOException {
        return Files.createDirectories(temp.resolve("tree"));
    }

    private static List<Entry> entries(Path folder) {
        List<Entry> entries = new ArrayList<>();
        LocalTree.open(folder).pages().forEachRemaining(page -> entries.addAll(page.entries()));
        return entries;
    }

    private static void refuses(Path folder, String... says) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> LocalTree.open(folder))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(says));
    }

    @Test
    void membersComeByNameAfterTheirFolder() throws IOException {
        Files.createDirectories(tree().resolve("a/b"));
        Files.writeString(tree().resolve("a.txt"), "12345");
        Files.writeString(tree().resolve("a/z"), "1");
        Files.createDirectory(tree().resolve("Z"));

        assertThat(entries(tree()).stream().map(Entry::path))
                .containsExactly("", "Z", "a", "a/b", "a/z", "a.txt");
        assertThat(LocalTree.open(tree()).bytes()).isEqualTo(6);
    }

    @Test
    void aFolderThatIsALinkItselfIsWhatItLeadsTo() throws IOException {
        Files.writeString(tree().resolve("a"), "x");
        Path link = Files.createSymbolicLink(temp.resolve("link"), tree());

        assertThat(entries(link)).isEqualTo(entries(tree())).hasSize(2);
    }

    @Test
    void whatIsNoFolderIsRefused() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");

        refuses(file, "localDir", "file", "a folder that exists");
        refuses(temp.resolve("absent"), "absent", "a folder that exists");
    }

    @Test
    void linksThatLeadOutsideAreRefusedBeforeAnythingIsSent() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("tree-2"));
        Path link = Files.createDirectories(tree().resolve("a")).resolve("link");
        for (Path target :
                List.of(
                        Path.of("../.."),
                        Path.of("../../tree-2"),
                        Path.of("/etc/passwd"),
                        Path.of("/nowhere/at/all"),
                        outside,
                        Path.of("../nowhere/../.."))) {
            Files.createSymbolicLink(link, target);

            refuses(tree(), link + " -> " + target, "inside of " + tree().toRealPath());
            Files.delete(link);
        }
    }

    @Test
    void aLinkThatLeadsOutOverAnotherOneIsRefused() throws IOException {
        Files.createDirectories(tree().resolve("a/b/c"));
        Files.createSymbolicLink(tree().resolve("a/b/c/top"), Path.of("../../.."));
        Files.createSymbolicLink(tree().resolve("out"), Path.of("a/b/c/top/.."));

        refuses(tree(), "out -> a/b/c/top/..");
    }

    @Test
    void linksThatAreWrittenOtherwiseButLeadInsideAreWrittenSo() throws IOException {
        Files.createDirectories(tree().resolve("a/b"));
        Files.writeString(tree().resolve("file"), "x");
        Files.createSymbolicLink(tree().resolve("a/b/absolute"), tree().resolve("file"));
        Files.createSymbolicLink(tree().resolve("a/roundabout"), Path.of("b/../../file"));
        Files.createSymbolicLink(tree().resolve("plain"), Path.of("a"));

        assertThat(entries(tree()))
                .contains(
                        new Entry.Link("a/b/absolute", "./../../file"),
                        new Entry.Link("a/roundabout", "./../file"),
                        new Entry.Link("plain", "a"));
    }

    @Test
    void pipesAreRefused() throws Exception {
        Path pipe = tree().resolve("pipe");
        Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assumeTrue(mkfifo.waitFor() == 0);

        refuses(tree(), pipe.toString(), "not pipes");
    }

    @Test
    void remoteFoldersElsewhereAreRefusedAtOnce() throws IOException {
        Path folder = tree();
        for (String remote : List.of("/data/../etc", "relative", "/etc", "/data", "/database/x")) {
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(() -> Athanor.syncDir(folder, remote))
                    .withMessageContaining(remote)
                    .withMessageContaining("an absolute path below /data");
        }
    }
}
