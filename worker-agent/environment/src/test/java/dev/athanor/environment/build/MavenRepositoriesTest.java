package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.supplier.SessionBuilderSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenRepositoriesTest {
    private static final RepositoryDefinition OWN =
            new RepositoryDefinition("ours", "https://elsewhere/maven");

    @TempDir Path folder;

    @BeforeEach
    void writeSettings() throws IOException {
        Files.writeString(
                folder.resolve("settings.xml"),
                "<settings><servers><server><id>ours</id><username>jane</username>"
                        + "<password>correct-horse</password></server></servers></settings>",
                UTF_8);
    }

    @Test
    void theDefaultRepositoryComesLast() {
        assertThat(effective(options(), OWN))
                .extracting(RemoteRepository::getId)
                .containsExactly("ours", "central");
    }

    @Test
    void aDefinitionsOwnRepositoryGetsNoCredentialsOfTheOperator() {
        assertThat(effective(options(), OWN).get(0).getAuthentication()).isNull();
    }

    @Test
    void aTrustedDefinitionsRepositoryGetsThem() {
        assertThat(
                        effective(options().withTrust(RepositoryTrust.FULL), OWN)
                                .get(0)
                                .getAuthentication())
                .isNotNull();
    }

    @Test
    void aRepositoryThatTheOperatorGaveTooGetsThem() {
        assertThat(
                        effective(options().withRepositories(List.of(OWN)), OWN)
                                .get(0)
                                .getAuthentication())
                .isNotNull();
    }

    private List<RemoteRepository> effective(MavenOptions options, RepositoryDefinition own) {
        MavenSettings settings = MavenSettings.read(options.settings());
        try (RepositorySystem system = new RepositorySystemSupplier().get();
                CloseableSession session =
                        new SessionBuilderSupplier(system)
                                .get()
                                .withLocalRepositoryBaseDirectories(folder)
                                .setAuthenticationSelector(settings.authentications())
                                .build()) {
            return new MavenRepositories(options, settings)
                    .effective(system, session, List.of(own));
        }
    }

    private MavenOptions options() {
        return MavenOptions.in(folder.resolve("repository"))
                .withSettings(
                        new SettingsFiles(
                                folder.resolve("settings.xml"),
                                null,
                                folder.resolve("settings-security.xml")));
    }
}
