package dev.athanor.api.internal.local;

import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.syncDir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.LocalHost;
import dev.athanor.api.Option;
import dev.athanor.api.data.DataFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Data of functions on the local host. */
class LocalDataIT {
    private static final int FILES = 150;

    @TempDir private static Path cache;
    private static LocalHost local;
    private static Option here;

    @TempDir private Path folder;

    @BeforeAll
    static void open() {
        local = LocalHost.builder().cacheFolder(cache).slots(2).build();
        here = host(local);
    }

    @AfterAll
    static void close() {
        local.close();
    }

    @Test
    void functionsFindWhatWasSyncedAndWhatOthersLeftThere() throws IOException {
        Files.writeString(folder.resolve("größe.txt"), "hello");

        String remote = syncDir(folder, "/data/local", here);

        assertThat(remote).isEqualTo("/data/local");
        assertThat(isolated(Jobs::readData, here).call("local/größe.txt")).isEqualTo("hello");
        isolated(Jobs::writeData, here).call("left.txt", "left");
        local.close();
        assertThat(isolated(Jobs::readData, here).call("left.txt")).isEqualTo("left");
        assertThat(cache.resolve("data/local/left.txt")).hasContent("left");
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void filesAreWholeWhateverIsKilledAndWhenever() throws Exception {
        List<Path> versions = List.of(version("first"), version("second"));
        Path synced = cache.resolve("data/local/killed");
        syncDir(versions.get(0), "/data/killed", here);
        int cutShort = 0;
        for (int round = 1; round <= 12; round++) {
            Path next = versions.get(round % 2);
            // While files arrive, or just when the first one is in place.
            Path first = round % 3 == 0 ? cache.resolve("data/local/.athanor/sync") : synced;
            String before = stamp(first);
            CompletableFuture<String> sync =
                    CompletableFuture.supplyAsync(() -> syncDir(next, "/data/killed", here));
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> sync.isDone() || !stamp(first).equals(before));
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);

            cutShort += sync.handle((done, failure) -> failure == null ? 0 : 1).join();
            assertEachIsWhole(synced, versions);
        }
        syncDir(versions.get(1), "/data/killed", here);

        assertThat(cutShort).as("syncs that were cut short").isPositive();
        assertEachIsWhole(synced, versions.subList(1, 2));
        assertThat(names(synced)).hasSize(FILES);
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void ofCallersInProcessesOfTheirOwnOneWinsWholly() throws Exception {
        List<Path> versions = List.of(version("first"), version("second"));
        for (int round = 0; round < 4; round++) {
            List<CompletableFuture<String>> callers = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                Path version = versions.get(caller / 2);
                callers.add(
                        CompletableFuture.supplyAsync(() -> syncDir(version, "/data/raced", here)));
            }
            callers.forEach(CompletableFuture::join);

            Path synced = cache.resolve("data/local/raced");
            Path winner =
                    Files.readString(synced.resolve("file-000")).startsWith("first")
                            ? versions.get(0)
                            : versions.get(1);
            assertEachIsWhole(synced, List.of(winner));
            assertThat(names(synced)).hasSize(FILES);
        }
    }

    private Path version(String name) throws IOException {
        Path version = Files.createDirectory(folder.resolve(name));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(version.resolve("file-%03d".formatted(i)), (name + i).repeat(2_000));
        }
        return version;
    }

    /** Changes when something in the folder does, or below a folder in it. */
    private static String stamp(Path folder) throws IOException {
        StringBuilder stamp = new StringBuilder();
        if (Files.isDirectory(folder)) {
            for (String name : names(folder)) {
                Path member = folder.resolve(name);
                if (Files.isDirectory(member)) {
                    stamp.append(names(member.resolve("files")));
                }
            }
            stamp.append(Files.getLastModifiedTime(folder));
        }
        return stamp.toString();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> members = Files.list(folder)) {
            return members.map(member -> member.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertEachIsWhole(Path synced, List<Path> versions) throws IOException {
        for (String name : names(synced)) {
            List<String> whole = new ArrayList<>();
            for (Path version : versions) {
                whole.add(Files.readString(version.resolve(name)));
            }
            assertThat(whole).contains(Files.readString(synced.resolve(name)));
        }
    }

    @Test
    void foldersElsewhereAreRefusedByTheFunctionsThemselves() {
        String session = UUID.randomUUID().toString();

        assertThatExceptionOfType(FunctionFailedException.class)
                .isThrownBy(() ->
                        isolated(DataFunctions::commit, here).call("/data/../etc", session, 1))
                .havingCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessageContaining("'..'");
    }
}
