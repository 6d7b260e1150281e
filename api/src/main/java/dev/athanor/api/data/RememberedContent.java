package dev.athanor.api.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a file holds in an extended attribute of it, so that large files are not read at
 * each sync. It counts while size and time of modification are those that it was written for. Where
 * there are no such attributes nothing is remembered.
 */
final class RememberedContent {
    private static final String NAME = "athanor.content";
    private static final int LONGEST = 256;

    private RememberedContent() {}

    static Optional<ContentId> of(Path file, BasicFileAttributes attributes) {
        try {
            UserDefinedFileAttributeView view = view(file);
            if (view == null) {
                return Optional.empty();
            }
            ByteBuffer value = ByteBuffer.allocate(LONGEST);
            view.read(NAME, value);
            String[] parts =
                    StandardCharsets.US_ASCII.decode(value.flip()).toString().split(" ", 2);
            return parts.length == 2 && parts[0].equals(stamp(attributes))
                    ? Optional.of(new ContentId(parts[1]))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Remembers it, unless the file was modified so shortly ago that another modification could
     * bear the same time.
     *
     * @param settled what was modified before then will not change unseen
     */
    static void put(
            Path file, BasicFileAttributes attributes, ContentId content, FileTime settled) {
        if (attributes.lastModifiedTime().compareTo(settled) >= 0) {
            return;
        }
        try {
            UserDefinedFileAttributeView view = view(file);
            if (view != null) {
                String value = stamp(attributes) + " " + content.hex();
                view.write(NAME, StandardCharsets.US_ASCII.encode(value));
            }
        } catch (IOException e) {
            // It is read again the next time.
            return;
        }
    }

    private static @Nullable UserDefinedFileAttributeView view(Path file) {
        return Files.getFileAttributeView(
                file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static String stamp(BasicFileAttributes attributes) {
        return attributes.size() + ":" + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    }
}
