package dev.athanor.environment.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.environment.sandbox.FolderTree;
import dev.athanor.environment.sandbox.SocketFolder;
import dev.athanor.environment.sandbox.StartFailedException;
import dev.athanor.environment.testing.Launchers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationChoiceIT {
    @TempDir private Path folder;
    private LauncherParts parts;
    private Path sockets;

    @BeforeEach
    void create() throws IOException {
        sockets = SocketFolder.create();
        parts = Enclosures.parts(folder.resolve("work"), sockets);
    }

    @AfterEach
    void delete() {
        FolderTree.delete(sockets);
    }

    @Test
    void aNamedOneThatIsNotInstalledIsRefusedWithWhatToDo() {
        assertThatExceptionOfType(IsolationException.class)
                .isThrownBy(() -> make(Isolation.BUBBLEWRAP, NetworkPolicy.open(), without()))
                .withMessageContaining("bwrap is not installed")
                .withMessageContaining("apt-get install bubblewrap");
    }

    @Test
    void aNamedOneThatDoesNotWorkIsRefusedWithItsReason() throws Exception {
        Tools broken = without();
        for (String name : List.of("bwrap", "setpriv")) {
            Path program = folder.resolve(name);
            Files.writeString(program, "#!/bin/sh\necho no namespaces today >&2; exit 1\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        assertThatExceptionOfType(IsolationException.class)
                .isThrownBy(() ->
                        make(Isolation.BUBBLEWRAP, new NetworkPolicy(false, List.of()), broken))
                .withMessageContaining("no namespaces today")
                .withMessageContaining("--isolation process");
        assertThat(folder.resolve("work")).isEmptyDirectory();
        assertThat(sockets).isEmptyDirectory();
    }

    @Test
    void theBestThatWorksIsTakenAndItsReasonTold() throws Exception {
        try (IsolationChoice choice = make(Isolation.AUTO, NetworkPolicy.open(), without())) {
            assertThat(choice.isolation()).isEqualTo(Isolation.PROCESS);
            assertThat(choice.description()).contains("bwrap is not installed");
        }
    }

    @Test
    void processesAreNotTakenWhereTheNetworkIsToBeOff() {
        assertThatExceptionOfType(IsolationException.class)
                .isThrownBy(
                        () -> make(Isolation.AUTO, new NetworkPolicy(false, List.of()), without()))
                .withMessageContaining("cannot be kept from the network");
    }

    @Test
    void aBareProcessIsNotStartedForAFunctionWithoutNetwork() throws Exception {
        try (Launchers launchers = new Launchers()) {
            assertThatExceptionOfType(StartFailedException.class)
                    .isThrownBy(() -> launchers.launcher().launch(launchers.specWithoutNetwork()))
                    .withMessageContaining("--isolation bubblewrap");
        }
    }

    @Test
    void namesAreReadInAnyCase() {
        assertThat(Isolation.named("Bubblewrap")).isEqualTo(Isolation.BUBBLEWRAP);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Isolation.named("jail"))
                .withMessageContaining("[auto, bubblewrap, docker, process]");
    }

    /** Programs that the folder holds, which is none at first. */
    private Tools without() {
        return new Tools(List.of(folder));
    }

    private IsolationChoice make(Isolation asked, NetworkPolicy policy, Tools tools)
            throws InterruptedException {
        return IsolationChoice.make(asked, parts, policy, Containers.NONE, tools);
    }
}
