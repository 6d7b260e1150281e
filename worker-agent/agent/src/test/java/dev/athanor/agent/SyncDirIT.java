package dev.athanor.agent;

import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.XS;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated1;
import static dev.athanor.api.Athanor.isolated2;
import static dev.athanor.api.Athanor.isolated3;
import static dev.athanor.api.Athanor.isolated4;
import static dev.athanor.api.Athanor.isolatedVoid2;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.syncDir;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.DataJobs;
import dev.athanor.agent.testing.SmallSyncer;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.Option;
import dev.athanor.api.data.DataFunctions;
import dev.athanor.api.data.Entry;
import dev.athanor.api.data.ManifestPage;
import dev.athanor.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Folders that are synced to {@code /data}, and functions that see them there. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SyncDirIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final int LARGE_MIB = 200;

    /** Chunks of 2 MiB travel as five records: four of 512 KiB and what serialization adds. */
    private static final int BLOBS_FOR_2_MIB = 5;

    private static final int BLOBS_BEFORE_KILL = 200;

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option[] options;

    @TempDir private Path local;

    @BeforeAll
    static void start() throws InterruptedException {
        agent = agent("sync", "default", XS);
        client = CLUSTER.client();
        options = new Option[] {host(cloud(client)), machineType(XS)};
    }

    private static Agent agent(String id, String tenant, String type) throws InterruptedException {
        return CLUSTER.agent(
                id,
                Map.of(type, 2),
                agentFolder.resolve(id),
                new SimpleMeterRegistry(),
                config -> config.withTenant(tenant));
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    @Test
    void aTreeArrivesAsItIs() throws IOException {
        write("readme.txt", "hello");
        write("sub/empty", "");
        write("sub/deep/größe.txt", "über");
        Files.createDirectory(local.resolve("hollow"));
        mode("readme.txt", "rwxr-x--x");
        mode("hollow", "r-xr-xr-x");
        Files.createSymbolicLink(local.resolve("sub/up"), Path.of("../readme.txt"));
        Files.createSymbolicLink(local.resolve("sub/dangling"), Path.of("nowhere"));
        mode("", "rwxr-x---");

        String remote = syncDir(local, "/data/tree", options);

        assertThat(remote).isEqualTo("/data/tree");
        assertThat(isolated1(DataJobs::tree, options).call(remote))
                .isEqualTo(DataJobs.tree(local.toString()))
                .hasSize(9);
    }

    @Test
    void whatChangedIsChangedAndWhatWentGoes() throws IOException {
        write("kept", "kept");
        write("changed", "before");
        write("gone/file", "gone");
        String remote = syncDir(local, "/data/changes", options);
        write("changed", "after");
        Files.delete(local.resolve("gone/file"));
        Files.delete(local.resolve("gone"));
        write("new", "new");

        syncDir(local, "/data/changes", options);

        assertThat(isolated1(DataJobs::tree, options).call(remote))
                .isEqualTo(DataJobs.tree(local.toString()))
                .containsOnlyKeys("", "kept", "changed", "new");
    }

    @Test
    void functionsSeeItAtTheVeryPath() throws IOException {
        assumeTrue(agent.data().contains("functions see it as /data"), agent.data());
        write("file", "hello");

        String remote = syncDir(local, "/data/path", options);

        assertThat(isolated1(DataJobs::readPlainly, options).call(remote + "/file"))
                .isEqualTo("hello");
    }

    @Test
    void foldersElsewhereAreRefusedByTheFarEndToo() {
        String session = UUID.randomUUID().toString();
        byte[] page = new ManifestPage(List.of(new Entry.Folder("", 0755))).encode();
        for (String folder : List.of("/data/../etc", "/etc", "data/x", "/data/x/../../etc")) {
            refusedThere(() ->
                    isolated4(DataFunctions::lacking, options).call(folder, session, 0, page));
            refusedThere(() ->
                    isolatedVoid2(DataFunctions::store, options).call(folder, new ArrayList<>()));
            refusedThere(() -> isolated3(DataFunctions::commit, options).call(folder, session, 1));
        }
    }

    @Test
    void craftedManifestsAreRefusedThere() throws IOException {
        String session = UUID.randomUUID().toString();
        for (byte[] page :
                List.of(
                        crafted(1, "../../etc", ""),
                        crafted(1, "/etc", ""),
                        crafted(3, "link", "/etc/passwd"),
                        crafted(3, "link", "../../etc"),
                        new byte[] {0x7f, -1, -1, -1},
                        new byte[0])) {
            refusedThere(() ->
                    isolated4(DataFunctions::lacking, options)
                            .call("/data/crafted", session, 0, page));
        }
    }

    /** A page of one entry, whatever it says. */
    private static byte[] crafted(int type, String path, String target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(1);
        out.writeByte(type);
        out.writeUTF(path);
        if (type == 1) {
            out.writeInt(0755);
        } else {
            out.writeUTF(target);
        }
        return bytes.toByteArray();
    }

    private static void refusedThere(ThrowingCallable call) {
        assertThatExceptionOfType(FunctionFailedException.class)
                .isThrownBy(call)
                .havingCause()
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLinkOfAFunctionLeadsNoFilesElsewhere(@TempDir Path elsewhere) throws IOException {
        isolated2(DataJobs::link, options).call("/data/evil", elsewhere.toString());
        write("file", "x");

        assertThatExceptionOfType(FunctionFailedException.class)
                .isThrownBy(() -> syncDir(local, "/data/evil/sub", options))
                .withMessageContaining("is a link or a file");
        assertThatExceptionOfType(FunctionFailedException.class)
                .isThrownBy(() -> syncDir(local, "/data/evil", options));
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void tenantsHaveDataOfTheirOwn() throws Exception {
        write("whose", "the first tenant's");
        String remote = syncDir(local, "/data/tenants", options);
        // The same volume, for another tenant.
        Path otherFolder = Files.createDirectories(agentFolder.resolve("sync-other"));
        Files.createSymbolicLink(otherFolder.resolve("data"), agentFolder.resolve("sync/data"));
        try (Agent other = agent("sync-other", "other", S);
                AthanorClient otherClient =
                        AthanorClient.builder()
                                .bootstrapServers(CLUSTER.bootstrapServers())
                                .tenant("other")
                                .build()) {
            Option[] theirs = {host(cloud(otherClient)), machineType(S)};
            assertThat(other.data()).isEqualTo(agent.data());
            assertThat(isolated1(DataJobs::exists, theirs).call(remote)).isFalse();
            write("whose", "the second tenant's");
            syncDir(local, remote, theirs);

            assertThat(isolated1(DataJobs::read, theirs).call(remote + "/whose"))
                    .isEqualTo("the second tenant's");
            assertThat(isolated1(DataJobs::read, options).call(remote + "/whose"))
                    .isEqualTo("the first tenant's");
        }
    }

    @Test
    void dataOutlastsAgents() throws Exception {
        write("file", "lasting");
        try (Agent first = agent("sync-lasting", "default", S)) {
            Option[] there = {host(cloud(client)), machineType(S)};
            syncDir(local, "/data/lasting", there);
            isolated2(DataJobs::write, there).call("/data/lasting-own/file", "by a function");
            assertThat(first.isReady()).isTrue();
        }
        try (Agent second = agent("sync-lasting", "default", S)) {
            Option[] there = {host(cloud(client)), machineType(S)};
            assertThat(isolated1(DataJobs::read, there).call("/data/lasting/file"))
                    .isEqualTo("lasting");
            assertThat(isolated1(DataJobs::read, there).call("/data/lasting-own/file"))
                    .isEqualTo("by a function");
            assertThat(second.isReady()).isTrue();
        }
    }

    @Test
    void tenThousandSmallFilesArrive() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            write("folder-%02d/file-%d".formatted(i % 100, i), "file " + i);
        }

        String remote = syncDir(local, "/data/many", options);
        long sent = blobs();
        syncDir(local, "/data/many", options);

        assertThat(isolated1(DataJobs::count, options).call(remote)).isEqualTo(10_101L);
        assertThat(isolated1(DataJobs::read, options).call(remote + "/folder-99/file-9999"))
                .isEqualTo("file 9999");
        // The manifest alone.
        assertThat(blobs() - sent).isLessThan(40);
    }

    /** How many records have been written to the topic of blobs. */
    private static long blobs() {
        String topic = Topics.blobs("default");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", CLUSTER.bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < 4; partition++) {
                ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
            return admin
                    .listOffsets(ends)
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .values()
                    .stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        }
    }

    @Test
    void aLargeFileNeedsLittleMemoryAndAnUploadThatWasKilledGoesOn() throws Exception {
        byte[] block = new byte[1 << 20];
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(local.resolve("large.bin"))) {
            for (int i = 0; i < LARGE_MIB; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        long begin = blobs();
        Process killed = syncer();
        await().atMost(Duration.ofMinutes(1))
                .failFast(() -> assertThat(killed.isAlive()).as(() -> output(killed)).isTrue())
                .until(() -> blobs() - begin > BLOBS_BEFORE_KILL);
        killed.destroyForcibly().waitFor();
        assertThat(isolated1(DataJobs::exists, options).call("/data/large")).isFalse();
        long resumed = blobs();

        Process syncer = syncer();

        String output = output(syncer);
        assertThat(syncer.waitFor()).as(output).isZero();
        assertThat(isolated1(DataJobs::sha256, options).call("/data/large/large.bin"))
                .isEqualTo(DataJobs.sha256(local.resolve("large.bin").toString()));
        assertThat(blobs() - resumed)
                .as("%d were sent before the kill", resumed - begin)
                .isLessThan(LARGE_MIB * BLOBS_FOR_2_MIB / 2 - BLOBS_BEFORE_KILL / 2);
    }

    private static String output(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that syncs, with a heap that holds a quarter of the file. */
    private Process syncer() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallSyncer.class.getName(),
                        CLUSTER.bootstrapServers(),
                        local.toString(),
                        "/data/large",
                        XS)
                .redirectErrorStream(true)
                .start();
    }

    private void write(String name, String text) throws IOException {
        Path file = local.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void mode(String name, String mode) throws IOException {
        Files.setPosixFilePermissions(local.resolve(name), PosixFilePermissions.fromString(mode));
    }
}
