package dev.athanor.environment.docker;

import dev.athanor.environment.sandbox.FolderTree;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/**
 * Named pipes of a sandbox, in a folder that is mounted into its container: what it prints, and the
 * sign that it may begin. Through the engine output would take its time, so that nobody could tell
 * whether a call's last line is still to come.
 */
final class ContainerPipes implements AutoCloseable {
    static final String OUTPUT = "out";
    static final String ERRORS = "err";
    static final String BEGIN = "begin";

    private static final long PATIENCE_SECONDS = 10;

    private final Path folder;

    // Opened for both ways each, so that neither side ever waits for the other to open its own.
    private final RandomAccessFile output;
    private final RandomAccessFile errors;
    private final RandomAccessFile begin;

    private ContainerPipes(
            Path folder, RandomAccessFile output, RandomAccessFile errors, RandomAccessFile begin) {
        this.folder = folder;
        this.output = output;
        this.errors = errors;
        this.begin = begin;
    }

    /**
     * Makes them.
     *
     * @param folder where they go, which is there; deleted with them
     */
    static ContainerPipes make(Path folder) throws IOException, InterruptedException {
        boolean made = false;
        try {
            // The container's user gets through, and cannot change what is in there.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            makePipes(folder);
            ContainerPipes pipes =
                    new ContainerPipes(
                            folder,
                            open(folder.resolve(OUTPUT), "rw--w--w-"),
                            open(folder.resolve(ERRORS), "rw--w--w-"),
                            open(folder.resolve(BEGIN), "rw-r--r--"));
            made = true;
            return pipes;
        } finally {
            if (!made) {
                FolderTree.delete(folder);
            }
        }
    }

    private static void makePipes(Path folder) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("mkfifo", OUTPUT, ERRORS, BEGIN)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        try {
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("pipes cannot be made in " + folder + ": " + said.strip());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static RandomAccessFile open(Path pipe, String permissions) throws IOException {
        Files.setPosixFilePermissions(pipe, PosixFilePermissions.fromString(permissions));
        return new RandomAccessFile(pipe.toFile(), "rw");
    }

    Path folder() {
        return folder;
    }

    InputStream output() throws IOException {
        return new FileInputStream(output.getFD());
    }

    InputStream errors() throws IOException {
        return new FileInputStream(errors.getFD());
    }

    /** Lets the sandbox begin. */
    void begin() throws IOException {
        begin.write('\n');
    }

    /** Removes them; what was printed can still be read by whoever has the streams. */
    @Override
    public void close() {
        FolderTree.delete(folder);
        closeQuietly(begin);
        closeQuietly(output);
        closeQuietly(errors);
    }

    private static void closeQuietly(RandomAccessFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // It was read as far as anybody cared.
            return;
        }
    }
}
