package dev.athanor.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.api.data.Chunks;
import dev.athanor.api.data.DirectFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSyncTest {
    @TempDir private Path temp;
    private Path local;
    private Path root;
    private DirectFolder remote;

    @BeforeEach
    void make() throws IOException {
        local = Files.createDirectory(temp.resolve("local"));
        root = Files.createDirectory(temp.resolve("root"));
        remote = new DirectFolder(root, "/data/x");
    }

    private void sync() {
        sync(local, remote);
    }

    private static void sync(Path folder, DirectFolder to) {
        LocalTree tree = LocalTree.open(folder);
        new FolderSync(tree, to, silent(tree.bytes())).run();
    }

    private static SyncProgress silent(long bytes) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
        return new SyncProgress("x", bytes, nowhere, false, () -> 0);
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = local.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        // Long enough ago for what was read of it to be remembered.
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000)));
    }

    private void write(String name, String text) throws IOException {
        write(name, text.getBytes(UTF_8));
    }

    private static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Map<String, String> installed() throws IOException {
        return tree(root.resolve("x"));
    }

    private static Map<String, String> tree(Path folder) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList()) {
                tree.put(
                        folder.relativize(path).toString(),
                        Files.isSymbolicLink(path)
                                ? "-> " + Files.readSymbolicLink(path)
                                : PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                                        + (Files.isDirectory(path)
                                                ? "/"
                                                : " "
                                                        + new String(
                                                                Files.readAllBytes(path),
                                                                ISO_8859_1)));
            }
        }
        return tree;
    }

    @Test
    void aSecondSyncSendsNothing() throws IOException {
        write("a/b/c.bin", random(3 * Chunks.BYTES + 1, 1));
        write("a/empty", new byte[0]);
        write("z.txt", "z");
        Files.createSymbolicLink(local.resolve("a/link"), Path.of("../z.txt"));
        Files.setPosixFilePermissions(
                local.resolve("z.txt"), PosixFilePermissions.fromString("r-x---r--"));
        Files.setPosixFilePermissions(
                local.resolve("a/b"), PosixFilePermissions.fromString("r-xr-x---"));
        sync();
        assertThat(installed()).isEqualTo(tree(local)).hasSize(7);
        assertThat(remote.sent())
                .containsExactlyInAnyOrder(Chunks.BYTES, Chunks.BYTES, Chunks.BYTES, 1, 1);
        remote.forgetWhatWasSent();

        sync();

        assertThat(remote.sent()).isEmpty();
        assertThat(installed()).isEqualTo(tree(local));
    }

    @Test
    void onlyTheChunksThatChangedAreSent() throws IOException {
        byte[] bytes = random(4 * Chunks.BYTES, 2);
        write("big.bin", bytes);
        sync();
        remote.forgetWhatWasSent();
        bytes[Chunks.BYTES + 7]++;
        write("big.bin", Arrays.copyOf(bytes, bytes.length + 5));

        sync();

        assertThat(remote.sent()).containsExactlyInAnyOrder(Chunks.BYTES, 5);
        assertThat(installed()).isEqualTo(tree(local));
    }

    @Test
    void whatIsDeletedOrBecomesSomethingElseIsSoThere() throws IOException {
        write("a/b.txt", "b");
        write("c", "c");
        write("d/e/f", "f");
        sync();
        Files.delete(local.resolve("a/b.txt"));
        Files.delete(local.resolve("a"));
        write("a", "now a file");
        Files.delete(local.resolve("c"));
        write("c/d", "now a folder");
        Files.delete(local.resolve("d/e/f"));
        Files.delete(local.resolve("d/e"));
        Files.createSymbolicLink(local.resolve("d/e"), Path.of("../a"));

        sync();

        assertThat(installed()).isEqualTo(tree(local)).hasSize(6);
    }

    @Test
    void anEmptyFolderEmptiesTheOther() throws IOException {
        write("a", "a");
        sync();
        Files.delete(local.resolve("a"));

        sync();

        assertThat(installed()).containsOnlyKeys("");
    }

    @Test
    void whatWasInterruptedGoesOnWhereItWas() throws IOException {
        write("a.txt", "a");
        sync();
        remote.forgetWhatWasSent();
        write("a.txt", "changed");
        write("big.bin", random(10 * Chunks.BYTES, 3));
        remote.breakOffAfter(6);
        assertThatExceptionOfType(SyncFailedException.class)
                .isThrownBy(this::sync)
                .withMessageContaining("broken off");
        assertThat(installed()).containsOnlyKeys("", "a.txt");
        assertThat(root.resolve("x/a.txt")).hasContent("a");
        assertThat(remote.sent()).hasSize(6);
        remote.forgetWhatWasSent();
        remote.breakOffAfter(Integer.MAX_VALUE);

        sync();

        // Of eleven chunks six were sent; what was under way at the break is sent again.
        assertThat(remote.sent()).hasSizeBetween(5, 5 + 3);
        assertThat(installed()).isEqualTo(tree(local));
    }

    @Test
    void whatDoesNotStayThereIsGivenUp() throws IOException {
        write("a.txt", "a");
        remote.keepNothing();

        assertThatExceptionOfType(SyncFailedException.class)
                .isThrownBy(this::sync)
                .withMessageContaining("does not stay")
                .matches(AthanorException::isRetriable);
        assertThat(remote.sent()).hasSize(3);
    }

    @Test
    void morePagesThanOneMakeOneTree() throws IOException {
        write("a/first", "first");
        for (int i = 0; i < 2_500; i++) {
            Files.createSymbolicLink(local.resolve("a/link-" + i), Path.of("first"));
        }
        write("b/last", "last");

        sync();

        assertThat(installed()).isEqualTo(tree(local)).hasSize(2_505);
    }

    @Test
    void ofCallersAtTheSameTimeOneWinsWholly() throws Exception {
        List<Path> trees = new ArrayList<>();
        for (int caller = 0; caller < 3; caller++) {
            local = Files.createDirectory(temp.resolve("local-" + caller));
            for (int i = 0; i < 10; i++) {
                write("common/" + i, "caller " + caller);
            }
            write("own-" + caller, random(Chunks.BYTES + 1, caller));
            write("same", random(Chunks.BYTES + 1, 99));
            trees.add(local);
        }
        ExecutorService threads = Executors.newFixedThreadPool(trees.size());
        try {
            for (int round = 0; round < 3; round++) {
                List<Future<?>> callers = new ArrayList<>();
                for (Path tree : trees) {
                    callers.add(
                            threads.submit(() -> sync(tree, new DirectFolder(root, "/data/x"))));
                }
                for (Future<?> caller : callers) {
                    caller.get();
                }
                Map<String, String> installed = installed();
                assertThat(trees.stream().map(FolderSyncTest::treeOf).toList()).contains(installed);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<String, String> treeOf(Path folder) {
        try {
            return tree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
