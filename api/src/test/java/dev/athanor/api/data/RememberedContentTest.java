package dev.athanor.api.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedContentTest {
    private static final FileTime WRITTEN = FileTime.from(Instant.ofEpochSecond(1_000));
    private static final FileTime LATER = FileTime.from(Instant.ofEpochSecond(1_001));
    private static final ContentId ID = new ContentId("ab".repeat(32));

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("file"), "text");
        Files.setLastModifiedTime(file, WRITTEN);
        assumeTrue(
                Files.getFileStore(file).supportsFileAttributeView("user"),
                "the file system has no attributes of users");
    }

    private Optional<ContentId> remembered() throws IOException {
        return RememberedContent.of(file, Files.readAttributes(file, BasicFileAttributes.class));
    }

    private void put(FileTime settled) throws IOException {
        RememberedContent.put(
                file, Files.readAttributes(file, BasicFileAttributes.class), ID, settled);
    }

    @Test
    void itIsKnownWhileTheFileIsWhatItWas() throws IOException {
        assertThat(remembered()).isEmpty();
        put(LATER);

        assertThat(remembered()).contains(ID);
        Files.setLastModifiedTime(file, LATER);
        assertThat(remembered()).isEmpty();
    }

    @Test
    void anotherSizeIsAnotherContent() throws IOException {
        put(LATER);
        Files.writeString(file, "texts");
        Files.setLastModifiedTime(file, WRITTEN);

        assertThat(remembered()).isEmpty();
    }

    @Test
    void whatMayStillChangeUnseenIsNotRemembered() throws IOException {
        put(WRITTEN);

        assertThat(remembered()).isEmpty();
    }

    @Test
    void whatAFunctionWroteThereDoesNoHarm() throws IOException {
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                .write("athanor.content", StandardCharsets.US_ASCII.encode("4:1 x"));

        assertThat(remembered()).isEmpty();
    }
}
