package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;
import org.sonatype.plexus.components.cipher.PlexusCipherException;

/** Resolves from repositories on the loopback address. */
@Timeout(30)
class MavenRepositoriesIT {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final EnvironmentDefinition TOOL = Definitions.of("own:tool:1");

    @TempDir Path folder;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void aMirrorIsUsedWithItsEncryptedPassword() throws IOException, InterruptedException {
        try (HttpRepository repository = HttpRepository.withPassword()) {
            repository.addJar("own", "tool", "1", "own:part:2").addJar("own", "part", "2");
            DefaultPlexusCipher cipher = new DefaultPlexusCipher();
            write(
                    "settings-security.xml",
                    "<settingsSecurity><master>"
                            + encrypted(cipher, "master-word", "settings.security")
                            + "</master></settingsSecurity>");
            settings(
                    mirror(repository.url())
                            + server(
                                    "near",
                                    encrypted(cipher, HttpRepository.PASSWORD, "master-word")));

            assertThat(build(TOOL))
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("001-tool-1.jar", "002-part-2.jar");
            assertThat(lines).contains("Downloaded own:part:2 (11 B)");
        }
    }

    @Test
    void aWrongPasswordFailsWithoutTellingIt() throws IOException {
        try (HttpRepository repository = HttpRepository.withPassword()) {
            settings(mirror(repository.url()) + server("near", "wrong-password"));

            assertFails(TOOL, "401").withMessageNotContaining("wrong-password");
        }
    }

    @Test
    void credentialsInTheUrlOfAMirrorAreNotTold() throws IOException {
        try (HttpRepository repository = HttpRepository.open()) {
            settings(mirror(repository.url().replace("http://", "http://jane:in-the-url@")));

            assertFails(TOOL, "Could not find artifact own:tool:jar:1 in near (http://***@127.")
                    .withMessageNotContaining("in-the-url");
            assertThat(lines).noneMatch(line -> line.contains("in-the-url"));
        }
    }

    @Test
    void headersOfAServerAreSent() throws IOException, InterruptedException {
        try (HttpRepository repository = HttpRepository.open()) {
            repository.addJar("own", "tool", "1");
            settings(
                    mirror(repository.url())
                            + "<servers><server><id>near</id><configuration><httpHeaders><property>"
                            + "<name>Private-Token</name><value>token-of-jane</value></property>"
                            + "</httpHeaders></configuration></server></servers>");

            assertThat(build(TOOL)).hasSize(1);
            assertThat(repository.tokens()).isNotEmpty().containsOnly("token-of-jane");
        }
    }

    @Test
    void repositoriesOfActiveProfilesAreAsked() throws IOException, InterruptedException {
        try (HttpRepository repository = HttpRepository.open()) {
            repository.addJar("own", "tool", "1");
            settings(
                    "<profiles><profile><id>on</id><repositories><repository><id>ours</id><url>"
                            + repository.url()
                            + "</url></repository></repositories></profile></profiles>"
                            + "<activeProfiles><activeProfile>on</activeProfile></activeProfiles>");

            assertThat(build(TOOL)).hasSize(1);
        }
    }

    @Test
    void aProxyIsUsed() throws IOException, InterruptedException {
        try (HttpRepository proxy = HttpRepository.open()) {
            proxy.addJar("own", "tool", "1");
            String port = proxy.url().replaceAll(".*:(\\d+)/.*", "$1");
            settings(
                    mirror("http://nowhere.invalid/maven")
                            + "<proxies><proxy><id>way-out</id><active>true</active>"
                            + "<protocol>http</protocol><host>127.0.0.1</host><port>"
                            + port
                            + "</port></proxy></proxies>");

            assertThat(build(TOOL)).hasSize(1);
        }
    }

    @Test
    void aDefinitionsOwnRepositoryMayNotBeHttp() throws IOException {
        try (HttpRepository repository = HttpRepository.open()) {
            assertFails(own("ours", repository.url()), "repository ours (" + repository.url())
                    .withMessageContaining("is not https");
            assertFails(own("ours", folder.toUri().toString()), "is not https");
            assertThat(repository.requests()).isEmpty();
        }
    }

    @Test
    void aDefinitionsOwnRepositoryMayBeHttpWhereTheOperatorTrustsIt()
            throws IOException, InterruptedException {
        try (HttpRepository repository = HttpRepository.withPassword()) {
            repository.addJar("own", "tool", "1");
            settings(server("ours", HttpRepository.PASSWORD));
            EnvironmentDefinition definition = own("ours", repository.url());

            assertThat(build(definition, options().withTrust(RepositoryTrust.FULL))).hasSize(1);
        }
    }

    @Test
    void aDefinitionsOwnRepositoryGetsNoCredentialsByTakingAKnownId() throws IOException {
        try (HttpRepository repository = HttpRepository.withPassword()) {
            MavenOptions options =
                    options()
                            .withRepositories(
                                    List.of(new RepositoryDefinition("ours", "https://inside/")));

            assertThatExceptionOfType(BuildFailedException.class)
                    .isThrownBy(() -> build(own("ours", repository.url()), options))
                    .withMessageContaining("repository id \"ours\" stands for another URL");
            assertThatExceptionOfType(BuildFailedException.class)
                    .isThrownBy(() -> build(own("central", repository.url()), options))
                    .withMessageContaining("repository id \"central\" stands for another URL");
            assertThat(repository.requests()).isEmpty();
        }
    }

    @Test
    void whatOneRepositoryServesDoesNotStandInForAnother()
            throws IOException, InterruptedException {
        try (HttpRepository first = HttpRepository.open();
                HttpRepository second = HttpRepository.open()) {
            first.addJar("own", "tool", "1");
            assertThat(build(TOOL, with("ours", first))).hasSize(1);

            assertThatExceptionOfType(BuildFailedException.class)
                    .isThrownBy(() -> build(TOOL, with("ours", second)))
                    .withMessageContaining("own:tool:jar:1");
            assertThatExceptionOfType(BuildFailedException.class)
                    .isThrownBy(() -> build(TOOL, with("theirs", second)))
                    .withMessageContaining("own:tool:jar:1");
        }
    }

    @Test
    void theEnvironmentOfTheAgentDoesNotReachPoms() throws IOException {
        try (HttpRepository repository = HttpRepository.open()) {
            String pom =
                    "<project><modelVersion>4.0.0</modelVersion><groupId>own</groupId>"
                            + "<artifactId>spy</artifactId><version>1</version><dependencies>"
                            + "<dependency><groupId>own</groupId><artifactId>a</artifactId>"
                            + "<version>${env.HOME}</version></dependency><dependency>"
                            + "<groupId>own</groupId><artifactId>b</artifactId>"
                            + "<version>${user.home}</version></dependency></dependencies>"
                            + "</project>";
            repository.add("own", "spy", "1", pom);
            settings(mirror(repository.url()));

            assertFails(Definitions.of("own:spy:1"), "${env.HOME}")
                    .withMessageNotContaining(System.getenv("HOME"));
        }
    }

    @Test
    void aMissingPomIsAWarning() throws IOException, InterruptedException {
        try (HttpRepository repository = HttpRepository.open()) {
            repository.addJar("own", "tool", "1").remove("own", "tool", "1", ".pom");
            settings(mirror(repository.url()));

            assertThat(build(TOOL)).hasSize(1);
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("Warning: own:tool:jar:1 has no POM"));
        }
    }

    @Test
    void malformedRequirementsAreRefusedBeforeAnyRequest() throws IOException {
        try (HttpRepository repository = HttpRepository.open()) {
            settings(mirror(repository.url()));

            assertFails(Definitions.of("own:tool:1", "own:tool"), "group:artifact:version");
            assertFails(Definitions.of("own:tool:1", "own:tool:2"), "keep one");
            assertFails(own("ours", "https://jane:in-the-url@host/"), "holds credentials")
                    .withMessageNotContaining("in-the-url");
            assertFails(own("ours", "host/path"), "is not absolute");
            assertFails(own("our/s", "https://host/"), "is not made of letters");
            assertThat(repository.requests()).isEmpty();
        }
    }

    @Test
    void pythonIsNotBuiltFromCoordinates() {
        assertFails(
                new EnvironmentDefinition(
                        EnvironmentKind.PYTHON, "3.12", List.of("a"), List.of(), Map.of()),
                "PYTHON environments cannot be built");
    }

    @Test
    void anUnreachableRepositoryFailsAtOnce() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        settings(mirror("http://127.0.0.1:" + port + "/"));

        assertFails(TOOL, "Could not transfer artifact own:tool:pom:1 from/to near (http://127.");
    }

    @Test
    void aHangingRepositoryFailsWithinTheRequestTimeout() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            settings(mirror("http://127.0.0.1:" + socket.getLocalPort() + "/"));
            long start = System.nanoTime();

            assertFails(
                    TOOL, "Could not transfer artifact own:tool:pom:1 from/to near (http://127.");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(SHORT.multipliedBy(6));
        }
    }

    @Test
    void theBuildTimeoutEndsABuildThatHangs() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                MavenEnvironmentBuilder builder =
                        new MavenEnvironmentBuilder(
                                options().withTimeouts(SHORT, Duration.ofSeconds(4)));
                EnvironmentStore store =
                        new EnvironmentStore(folder.resolve("store"), builder, new ManualClock())) {
            settings(mirror("http://127.0.0.1:" + socket.getLocalPort() + "/"));
            long start = System.nanoTime();

            assertThatExceptionOfType(BuildFailedException.class)
                    .isThrownBy(() -> store.obtain(TOOL, false, SHORT, lines::add))
                    .withMessageContaining("its last line was: Resolving own:tool:1")
                    .matches(BuildFailedException::isTimedOut);
            await().untilAsserted(
                            () -> assertThat(folder.resolve("store/building")).isEmptyDirectory());
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(3));
        }
    }

    private ThrowableAssertAlternative<BuildFailedException> assertFails(
            EnvironmentDefinition definition, String message) {
        return assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> build(definition))
                .withMessageContaining(message);
    }

    private List<Path> build(EnvironmentDefinition definition)
            throws IOException, InterruptedException {
        return build(definition, options());
    }

    private List<Path> build(EnvironmentDefinition definition, MavenOptions options)
            throws IOException, InterruptedException {
        Path place = Files.createTempDirectory(folder, "environment");
        try (MavenEnvironmentBuilder builder = new MavenEnvironmentBuilder(options)) {
            return builder.build(definition, place, lines::add);
        }
    }

    private MavenOptions options() {
        return MavenOptions.in(folder.resolve("repository"))
                .withSettings(
                        new SettingsFiles(
                                folder.resolve("settings.xml"),
                                null,
                                folder.resolve("settings-security.xml")))
                .withTimeouts(SHORT, SHORT);
    }

    /** Options in which one repository stands for Maven's default one too. */
    private MavenOptions with(String id, HttpRepository repository) {
        return options()
                .withRepositories(
                        List.of(
                                new RepositoryDefinition(id, repository.url()),
                                new RepositoryDefinition("central", repository.url())));
    }

    private static EnvironmentDefinition own(String id, String url) {
        return Definitions.with(
                List.of("own:tool:1"), List.of(new RepositoryDefinition(id, url)), Map.of());
    }

    private void settings(String content) throws IOException {
        write("settings.xml", "<settings>" + content + "</settings>");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content, UTF_8);
    }

    private static String mirror(String url) {
        return "<mirrors><mirror><id>near</id><mirrorOf>*</mirrorOf><url>"
                + url
                + "</url></mirror></mirrors>";
    }

    private static String server(String id, String password) {
        return "<servers><server><id>"
                + id
                + "</id><username>"
                + HttpRepository.USER
                + "</username><password>"
                + password
                + "</password></server></servers>";
    }

    private static String encrypted(DefaultPlexusCipher cipher, String text, String with) {
        try {
            return cipher.encryptAndDecorate(text, with);
        } catch (PlexusCipherException e) {
            throw new AssertionError(e);
        }
    }
}
