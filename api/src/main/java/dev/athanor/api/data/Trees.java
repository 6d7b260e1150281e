package dev.athanor.api.data;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Deletes trees, without following links. */
final class Trees {
    private Trees() {}

    /** Deletes a file, a link, or a folder with all that is in it; nothing where there is none. */
    static void delete(Path path) throws IOException {
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (NoSuchFileException e) {
            // Another one deletes as well.
            return;
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        /** What is in a folder cannot be deleted where its owner cannot write to it. */
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                throws IOException {
            if (!Files.isWritable(folder)) {
                Modes.set(folder, Modes.OWN_FOLDER);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        /** A folder that its owner cannot read is opened first. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException
                    || !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.isReadable(file)) {
                throw failure;
            }
            Modes.set(file, Modes.OWN_FOLDER);
            delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
