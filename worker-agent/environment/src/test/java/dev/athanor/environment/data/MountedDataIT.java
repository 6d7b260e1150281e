package dev.athanor.environment.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.environment.limits.ControlGroups;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Function;
import dev.athanor.environment.testing.Functions;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.RecordedLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes with a mount namespace; where none is permitted there is nothing to see. */
class MountedDataIT {
    @TempDir private Path temp;
    private Path volume;
    private Path mine;
    private Path theirs;
    private Launchers launchers;

    @BeforeEach
    void open() throws IOException {
        volume = temp.resolve("volume");
        mine = Files.createDirectories(volume.resolve("mine"));
        theirs = Files.createDirectories(volume.resolve("theirs"));
        Files.writeString(mine.resolve("file"), "my own");
        Files.writeString(theirs.resolve("secret"), "theirs");
        DataView data = MountedData.find(volume, List.of());
        assumeTrue(data.isMounted(), data.description());
        launchers = new Launchers(ControlGroups.find(false), data);
    }

    @AfterEach
    void close() throws IOException {
        if (launchers != null) {
            launchers.close();
        }
    }

    private Sandbox sandbox(Path folder) throws InterruptedException {
        return launchers.launcher().launch(Launchers.specWithData(folder));
    }

    private static Object call(Sandbox sandbox, Function<?> function) {
        CallResult result = sandbox.invoke(Calls.of(function), new RecordedLines()).join();
        assertThat(result).isInstanceOf(CallResult.Succeeded.class);
        return Calls.read(((CallResult.Succeeded) result).bytes());
    }

    @Test
    void functionsReadAndWriteTheFolderOfTheirTenantAsData() throws Exception {
        try (Sandbox sandbox = sandbox(mine)) {
            assertThat(call(sandbox, Functions.reading("/data/file"))).isEqualTo("my own");
            assertThat(call(sandbox, Functions.variable("ATHANOR_DATA"))).isEqualTo("/data");
            call(sandbox, Functions.writing("/data/left", "left"));
        }

        assertThat(mine.resolve("left")).hasContent("left");
        try (Sandbox sandbox = sandbox(mine)) {
            assertThat(call(sandbox, Functions.reading("/data/left"))).isEqualTo("left");
        }
    }

    @Test
    void tenantsDoNotSeeEachOther() throws Exception {
        try (Sandbox sandbox = sandbox(mine);
                Sandbox other = sandbox(theirs)) {
            assertThat(call(sandbox, Functions.names("/data"))).isEqualTo("file");
            assertThat(call(other, Functions.names("/data"))).isEqualTo("secret");
            assertThat(call(sandbox, Functions.names(volume.toString()))).isEqualTo("");
        }
        assertThat(theirs.resolve("secret")).hasContent("theirs");
    }

    @Test
    void theEndOfASandboxLeavesTheDataAlone() throws Exception {
        try (Sandbox sandbox = sandbox(mine)) {
            call(sandbox, Functions.linking("shortcut", "/data"));
            call(sandbox, Functions.linking("tenant", mine.toString()));
            sandbox.kill();
        }

        assertThat(mine.resolve("file")).hasContent("my own");
    }

    @Test
    void nothingIsMountedForAnybodyElse() throws Exception {
        try (Sandbox sandbox = sandbox(mine)) {
            call(sandbox, Functions.hello());

            assertThat(Path.of("/data/file")).doesNotExist();
            assertThat(Files.readString(Path.of("/proc/self/mounts")))
                    .doesNotContain(volume.toString());
        }
    }
}
