package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.maven.settings.Profile;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.repository.Authentication;
import org.eclipse.aether.repository.AuthenticationContext;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.supplier.SessionBuilderSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;

class MavenSettingsTest {
    private static final String SECRET = "correct-horse";

    @TempDir Path folder;

    @Test
    void missingFilesAreEmptySettings() {
        MavenSettings settings = MavenSettings.read(files());

        assertThat(settings.activeProfiles()).isEmpty();
        assertThat(settings.isOffline()).isFalse();
        assertThat(settings.mirrors().getMirror(repository("central", "https://a/b"))).isNull();
    }

    @Test
    void mirrorsStandForRepositories() throws Exception {
        write(
                "<mirrors><mirror><id>near</id><url>http://localhost/all</url>"
                        + "<mirrorOf>*,!own</mirrorOf></mirror></mirrors>");
        MavenSettings settings = MavenSettings.read(files());

        assertThat(settings.mirrors().getMirror(repository("central", "https://a/b")).getUrl())
                .isEqualTo("http://localhost/all");
        assertThat(settings.mirrors().getMirror(repository("own", "https://a/b"))).isNull();
    }

    @Test
    void passwordsOfServersAreDecrypted() throws Exception {
        DefaultPlexusCipher cipher = new DefaultPlexusCipher();
        Files.writeString(
                files().security(),
                "<settingsSecurity><master>"
                        + cipher.encryptAndDecorate("master-word", "settings.security")
                        + "</master></settingsSecurity>",
                UTF_8);
        write(server("own", cipher.encryptAndDecorate(SECRET, "master-word")));
        MavenSettings settings = MavenSettings.read(files());

        assertThat(settings.problems()).isEmpty();
        assertThat(password(settings, "own")).isEqualTo(SECRET);
        assertThat(settings.redaction().line("it is " + SECRET)).isEqualTo("it is ***");
    }

    @Test
    void aPasswordThatCannotBeDecryptedIsAProblemThatNamesItsServer() throws Exception {
        String encrypted = new DefaultPlexusCipher().encryptAndDecorate(SECRET, "master-word");
        write(server("own", encrypted));

        assertThat(MavenSettings.read(files()).problems())
                .singleElement()
                .asString()
                .contains("own")
                .doesNotContain(SECRET);
    }

    @Test
    void environmentVariablesAndSystemPropertiesAreFilledIn() throws Exception {
        write(server("own", "${env.PATH}|${java.version}"));

        assertThat(password(MavenSettings.read(files()), "own"))
                .isEqualTo(System.getenv("PATH") + "|" + System.getProperty("java.version"));
    }

    @Test
    void headersOfServersAreRead() throws Exception {
        write(
                "<servers><server><id>own</id><configuration><httpHeaders><property>"
                        + "<name>Private-Token</name><value>"
                        + SECRET
                        + "</value></property></httpHeaders></configuration></server></servers>");
        MavenSettings settings = MavenSettings.read(files());

        assertThat(settings.headers()).isEqualTo(Map.of("own", Map.of("Private-Token", SECRET)));
        assertThat(settings.redaction().line(SECRET)).isEqualTo("***");
    }

    @Test
    void proxiesCountWhenTheyAreActive() throws Exception {
        write(
                "<proxies><proxy><id>off</id><active>false</active><protocol>http</protocol>"
                        + "<host>wrong</host><port>1</port></proxy>"
                        + "<proxy><id>on</id><active>true</active><protocol>http</protocol>"
                        + "<host>right</host><port>2</port><username>jane</username><password>"
                        + SECRET
                        + "</password><nonProxyHosts>*.inside</nonProxyHosts></proxy></proxies>");
        MavenSettings settings = MavenSettings.read(files());

        assertThat(settings.proxies().getProxy(repository("a", "http://outside/")).getHost())
                .isEqualTo("right");
        assertThat(settings.proxies().getProxy(repository("a", "http://host.inside/"))).isNull();
        assertThat(settings.redaction().line(SECRET)).isEqualTo("***");
    }

    @Test
    void profilesAreActiveByNameAndByCondition() throws Exception {
        write(
                "<profiles>"
                        + profile("named", "")
                        + profile("idle", "")
                        + profile("default", "<activeByDefault>true</activeByDefault>")
                        + profile("jdk", "<jdk>[17,)</jdk>")
                        + profile("old", "<jdk>1.4</jdk>")
                        + profile("property", "<property><name>user.home</name></property>")
                        + "</profiles><activeProfiles><activeProfile>named</activeProfile>"
                        + "</activeProfiles>");

        assertThat(MavenSettings.read(files()).activeProfiles().stream().map(Profile::getId))
                .containsExactly("named", "jdk", "property");
    }

    @Test
    void aProfileIsActiveByDefaultWhenNoOtherIs() throws Exception {
        write(
                "<profiles>"
                        + profile("idle", "")
                        + profile("default", "<activeByDefault>true</activeByDefault>")
                        + "</profiles>");

        assertThat(MavenSettings.read(files()).activeProfiles().stream().map(Profile::getId))
                .containsExactly("default");
    }

    @Test
    void theUsersSettingsWinOverTheGlobalOnes() throws Exception {
        Path global = folder.resolve("global.xml");
        Files.writeString(global, settings(server("own", "global-word")), UTF_8);
        write(server("own", "user-word"));

        assertThat(
                        password(
                                MavenSettings.read(
                                        new SettingsFiles(
                                                files().user(), global, files().security())),
                                "own"))
                .isEqualTo("user-word");
    }

    @Test
    void brokenSettingsAreRefusedByPlaceWithoutTheTextAround() throws Exception {
        write("<servers><server><password>" + SECRET + "</passwort></server></servers>");

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> MavenSettings.read(files()))
                .withMessageContaining(files().user().toString())
                .withMessageContaining("line 1, column")
                .withMessageNotContaining(SECRET)
                .withNoCause();
    }

    @Test
    void globalSettingsComeFromMavensHome() {
        assertThat(SettingsFiles.in(folder, Map.of()).global()).isNull();
        assertThat(SettingsFiles.in(folder, Map.of("M2_HOME", "/two")).global())
                .isEqualTo(Path.of("/two/conf/settings.xml"));
        assertThat(
                        SettingsFiles.in(folder, Map.of("M2_HOME", "/two", "MAVEN_HOME", "/one"))
                                .global())
                .isEqualTo(Path.of("/one/conf/settings.xml"));
    }

    private String password(MavenSettings settings, String id) {
        RemoteRepository repository = repository(id, "https://a/b");
        Authentication authentication = settings.authentications().getAuthentication(repository);
        RemoteRepository known =
                new RemoteRepository.Builder(repository).setAuthentication(authentication).build();
        try (RepositorySystem system = new RepositorySystemSupplier().get();
                RepositorySystemSession.CloseableSession session =
                        new SessionBuilderSupplier(system)
                                .get()
                                .withLocalRepositoryBaseDirectories(folder)
                                .build();
                AuthenticationContext context =
                        AuthenticationContext.forRepository(session, known)) {
            return context.get(AuthenticationContext.PASSWORD);
        }
    }

    private static RemoteRepository repository(String id, String url) {
        return new RemoteRepository.Builder(id, "default", url).build();
    }

    private SettingsFiles files() {
        return new SettingsFiles(
                folder.resolve("settings.xml"), null, folder.resolve("settings-security.xml"));
    }

    private void write(String content) throws IOException {
        Files.writeString(files().user(), settings(content), UTF_8);
    }

    private static String settings(String content) {
        return "<settings>" + content + "</settings>";
    }

    private static String server(String id, String password) {
        return "<servers><server><id>"
                + id
                + "</id><username>jane</username><password>"
                + password
                + "</password></server></servers>";
    }

    private static String profile(String id, String activation) {
        return "<profile><id>" + id + "</id><activation>" + activation + "</activation></profile>";
    }
}
