package dev.athanor.api.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the far end does, whoever talks to it. */
class SyncedFolderTest {
    @TempDir private Path root;

    private final String session = UUID.randomUUID().toString();
    private Path folder;
    private SyncedFolder synced;

    @BeforeEach
    void open() {
        folder = root.resolve("models/v1");
        synced = new SyncedFolder(root, DataPath.parse("/data/models/v1"));
    }

    @Test
    void aFileThatHasArrivedTakesItsPlaceAtTheCommit() throws IOException {
        Entry.File file = Pages.file("a.txt", "hello");
        byte[] page = Pages.page(Pages.root(), file);

        assertThat(synced.lacking(session, 0, page).stream()).containsExactly(0);
        synced.store(List.of(Pages.chunk(file, "hello")));
        assertThat(synced.lacking(session, 0, page).isEmpty()).isTrue();
        assertThat(folder).doesNotExist();
        assertThat(synced.commit(session, 1).isEmpty()).isTrue();

        assertThat(folder.resolve("a.txt")).hasContent("hello");
        assertThat(Files.getLastModifiedTime(folder.resolve("a.txt")).toInstant())
                .isEqualTo(Instant.ofEpochSecond(1_700_000_000));
        assertThat(staged()).isEmpty();
    }

    @Test
    void aCommitThatIsRepeatedAsksForWhatItNoLongerKnowsAndChangesNothing() throws IOException {
        Pages.sync(synced, session, "a.txt", "hello");

        assertThat(synced.commit(session, 1).stream()).containsExactly(0);
        assertThat(folder.resolve("a.txt")).hasContent("hello");
        Pages.sync(synced, session, "a.txt", "hello");
    }

    @Test
    void nothingChangesWhileSomethingIsMissing() throws IOException {
        Pages.sync(synced, session, "a.txt", "old");
        Entry.File next = Pages.file("a.txt", "new");
        Entry.File other = Pages.file("b.txt", "other");
        synced.lacking(session, 0, Pages.page(Pages.root(), next, other));
        synced.store(List.of(Pages.chunk(next, "new")));

        assertThat(synced.commit(session, 1).stream()).containsExactly(0);
        assertThat(synced.commit(session, 2).stream()).containsExactly(0, 1);
        assertThat(folder.resolve("a.txt")).hasContent("old");
        assertThat(folder.resolve("b.txt")).doesNotExist();
    }

    @Test
    void bytesThatAreNotThoseOfTheDigestNeverTakeAFilesPlace() throws IOException {
        Entry.File file = Pages.file("a.txt", "hello");
        byte[] page = Pages.page(Pages.root(), file);
        synced.lacking(session, 0, page);

        synced.store(List.of(Pages.chunk(file, "jello")));

        assertThat(synced.lacking(session, 0, page).stream()).containsExactly(0);
        assertThat(synced.commit(session, 1).stream()).containsExactly(0);
        assertThat(folder).doesNotExist();
    }

    @Test
    void aLargerFileThanWasAnnouncedIsCutToItsSize() throws IOException {
        Entry.File file = Pages.file("a.txt", "hello");
        byte[] page = Pages.page(Pages.root(), file);
        synced.lacking(session, 0, page);
        synced.store(List.of(Pages.chunk(file, "hello and more")));
        synced.store(List.of(Pages.chunk(file, "hello")));

        assertThat(synced.lacking(session, 0, page).isEmpty()).isTrue();
        assertThat(synced.commit(session, 1).isEmpty()).isTrue();
        assertThat(folder.resolve("a.txt")).hasContent("hello");
    }

    @Test
    void whatIsNotInTheTreeIsDeletedAndLinksAreNotFollowedForThat() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside/deep"));
        Files.writeString(outside.resolve("kept"), "kept");
        Files.createDirectories(folder.resolve("stray/deep"));
        Files.writeString(folder.resolve("stray/deep/file"), "x");
        Files.createSymbolicLink(folder.resolve("stray/link"), outside);
        Files.createSymbolicLink(folder.resolve("link"), outside);

        Pages.sync(synced, session, "a.txt", "hello");

        assertThat(names(folder)).containsExactly("a.txt");
        assertThat(outside.resolve("kept")).hasContent("kept");
    }

    @Test
    void aLinkInTheWayOfAFolderIsReplacedAndNotFollowed() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside"));
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("sub"), outside);
        Entry.File file = Pages.file("sub/a.txt", "hello");
        byte[] page = Pages.page(Pages.root(), new Entry.Folder("sub", 0755), file);
        synced.lacking(session, 0, page);
        synced.store(List.of(Pages.chunk(file, "hello")));
        synced.lacking(session, 0, page);

        assertThat(synced.commit(session, 1).isEmpty()).isTrue();

        assertThat(folder.resolve("sub")).isDirectory().isNotEqualTo(outside);
        assertThat(Files.isSymbolicLink(folder.resolve("sub"))).isFalse();
        assertThat(folder.resolve("sub/a.txt")).hasContent("hello");
        assertThat(names(outside)).isEmpty();
    }

    @Test
    void whatIsReachedOverALinkCountsAsMissing() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside"));
        Files.writeString(outside.resolve("a.txt"), "hello");
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("sub"), outside);
        Entry.File file = Pages.file("sub/a.txt", "hello");
        byte[] page = Pages.page(Pages.root(), new Entry.Folder("sub", 0755), file);

        assertThat(synced.lacking(session, 0, page).stream()).containsExactly(0);
    }

    @Test
    void aFolderBelowALinkOrAFileIsRefused() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside"));
        Files.createSymbolicLink(root.resolve("models"), outside);
        byte[] page = Pages.page(Pages.root());

        assertThatExceptionOfType(NotDirectoryException.class)
                .isThrownBy(() -> synced.lacking(session, 0, page))
                .withMessageContaining("/data/models/v1")
                .withMessageContaining("is a link or a file");
        assertThatExceptionOfType(NotDirectoryException.class)
                .isThrownBy(() -> synced.store(List.of()));
        assertThatExceptionOfType(NotDirectoryException.class)
                .isThrownBy(() -> synced.commit(session, 0));
        assertThat(names(outside)).isEmpty();
    }

    @Test
    void stagingThatIsALinkIsRefused() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside"));
        Files.createSymbolicLink(root.resolve(".athanor"), outside);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> synced.lacking(session, 0, Pages.page(Pages.root())));
        assertThat(names(outside)).isEmpty();
    }

    @Test
    void pagesThatDescribeNoTreeChangeNothing() throws IOException {
        Pages.sync(synced, session, "a.txt", "hello");
        synced.lacking(session, 0, Pages.page(Pages.root(), new Entry.Link("b", "x")));
        synced.lacking(session, 1, Pages.page(new Entry.Link("b/c", "x")));

        assertThatIllegalArgumentException().isThrownBy(() -> synced.commit(session, 2));
        assertThat(names(folder)).containsExactly("a.txt");
    }

    @Test
    void sessionsAndChunksAreNamesAndNoPaths() {
        Entry.File file = Pages.file("a", "a");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> synced.lacking("../../x", 0, Pages.page(Pages.root())));
        assertThatIllegalArgumentException().isThrownBy(() -> synced.commit("..", 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> synced.store(List.of(SentChunk.of(file, -1, new byte[1]))));
    }

    @Test
    void filesFoldersAndLinksReplaceEachOther() throws IOException {
        Pages.sync(synced, session, "x", "a file");
        commit(Pages.root(), new Entry.Folder("x", 0755), new Entry.Link("x/l", "m"));
        assertThat(folder.resolve("x")).isDirectory();
        commit(Pages.root(), new Entry.Link("x", "y"));
        assertThat(folder.resolve("x")).isSymbolicLink();
        Pages.sync(synced, session, "x", "a file");

        assertThat(folder.resolve("x")).isRegularFile();
        assertThat(Files.isSymbolicLink(folder.resolve("x"))).isFalse();
    }

    private void commit(Entry... entries) throws IOException {
        assertThat(synced.lacking(session, 0, Pages.page(entries)).isEmpty()).isTrue();
        assertThat(synced.commit(session, 1).isEmpty()).isTrue();
    }

    @Test
    void aFileThatAFunctionChangedIsSentAgain() throws IOException {
        Pages.sync(synced, session, "a.txt", "hello");
        Files.writeString(folder.resolve("a.txt"), "jello");

        Pages.sync(synced, session, "a.txt", "hello");

        assertThat(folder.resolve("a.txt")).hasContent("hello");
    }

    @Test
    void aModeThatAFunctionChangedIsSetAgain() throws IOException {
        Pages.sync(synced, session, "a.txt", "hello");
        Modes.set(folder.resolve("a.txt"), 0600);
        Modes.set(folder, 0700);

        Pages.sync(synced, session, "a.txt", "hello");

        assertThat(Modes.of(Files.getPosixFilePermissions(folder.resolve("a.txt"))))
                .isEqualTo(0644);
        assertThat(Modes.of(Files.getPosixFilePermissions(folder))).isEqualTo(0755);
    }

    @Test
    void uploadsThatNobodyGoesOnWithAreSweptByALaterCommitOfAnyFolder() throws IOException {
        SyncedFolder other = new SyncedFolder(root, DataPath.parse("/data/other"));
        Entry.File file = Pages.file("a", "a");
        other.lacking(session, 0, Pages.page(Pages.root(), file));
        other.store(List.of(Pages.chunk(file, "a")));
        assertThat(staged()).hasSize(2);

        Pages.sync(synced, session, "a.txt", "hello");
        assertThat(staged()).hasSize(2);
        for (Path path : staged()) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        }
        Pages.sync(synced, session, "a.txt", "hello");

        assertThat(staged()).isEmpty();
    }

    /** Files and sessions that are under way. */
    private List<Path> staged() throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve(".athanor/sync"), 3)) {
            return all.filter(path -> path.getNameCount() == root.getNameCount() + 5).toList();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        assertThat(Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)).isTrue();
        try (Stream<Path> members = Files.list(folder)) {
            return members.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
