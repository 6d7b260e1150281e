package dev.athanor.schemas.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {
    private static final Map<String, String> SET =
            Map.of("ATHANOR_KEY_ID", "set.1", "ATHANOR_KEY_SECRET", "set secret");

    @TempDir private Path home;

    @Test
    void thereNeedBeNone() {
        Profile profile = new Profile(Map.of("ATHANOR_KEY_ID", " "), home);

        assertThat(profile.credentials()).isEmpty();
        assertThat(profile.authority()).isEmpty();
    }

    @Test
    void variablesGoBeforeFiles() throws IOException {
        writeUsual("key-id=file.1\nkey-secret=file secret\nca=ca.pem\n");
        Profile profile = new Profile(SET, home);

        assertThat(profile.credentials()).contains(new Credentials("set.1", "set secret"));
        assertThat(profile.authority()).contains(home.resolve(".athanor/ca.pem"));
    }

    @Test
    void theNamedFileGoesBeforeTheUsualOne() throws IOException {
        writeUsual("key-id=file.1\nkey-secret=file secret\n");
        Path named = home.resolve("named");
        Profile.write(named, new Credentials("named.1", "s=:#! é\\"), Optional.of(Path.of("/ca")));

        assertThat(new Profile(Map.of(), home).credentials())
                .contains(new Credentials("file.1", "file secret"));
        Profile profile = new Profile(Map.of("ATHANOR_PROFILE", named.toString()), home);
        assertThat(profile.credentials()).contains(new Credentials("named.1", "s=:#! é\\"));
        assertThat(profile.authority()).contains(Path.of("/ca"));
    }

    @Test
    void aFileIsItsOwnersAndIsNotOverwritten() throws IOException {
        Path file = home.resolve("profile");
        Profile.write(file, new Credentials("a", "b"), Optional.empty());

        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(
                        PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThatThrownBy(() -> Profile.write(file, new Credentials("c", "d"), Optional.empty()))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void halfAKeyIsNamed() throws IOException {
        writeUsual("key-id=file.1\n");

        assertThatThrownBy(
                        () -> new Profile(Map.of("ATHANOR_KEY_SECRET", "hush"), home).credentials())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "half a key was given: ATHANOR_KEY_SECRET is there, and ATHANOR_KEY_ID is"
                                + " missing");
        assertThatThrownBy(() -> new Profile(Map.of(), home).credentials())
                .hasMessageContaining("key-id in")
                .hasMessageContaining("key-secret in")
                .hasMessageContaining("is missing");
    }

    @Test
    void aFileThatIsNamedMustBeThere() {
        Profile profile = new Profile(Map.of("ATHANOR_PROFILE", "/not/there"), home);

        assertThatThrownBy(profile::credentials)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/not/there")
                .hasMessageContaining("ATHANOR_PROFILE");
    }

    private void writeUsual(String text) throws IOException {
        Files.createDirectories(home.resolve(".athanor"));
        Files.writeString(home.resolve(".athanor/profile.properties"), text);
    }
}
