package dev.athanor.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.Athanor;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.CloudKeyCredentials;
import dev.athanor.api.UnauthorizedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that asks for keys, as an operator and its users have it on the command line. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SecureCommandIT {
    private static final Pattern READY =
            Pattern.compile(
                    "Athanor is ready: Kafka on (\\S+), metrics on (\\S+), .*"
                            + "--profile (\\S+); and ATHANOR_CA=(\\S+)\\.",
                    Pattern.DOTALL);
    private static final Pattern KEY =
            Pattern.compile("ATHANOR_KEY_ID=(\\S+)\\s+ATHANOR_KEY_SECRET=(\\S+)");

    @TempDir private Path folder;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void aKeyIsMadeUsedListedAndRevokedAndItsSecretIsNowhere() throws Exception {
        Path data = folder.resolve("data");
        Matcher up = up(data, "first");
        String kafka = up.group(1);
        String operator = up.group(3);
        Path authority = Path.of(up.group(4));

        String made = keys(operator, kafka, "create", "--tenant", "acme", "--note", "laptop");
        Matcher key = KEY.matcher(made);
        assertThat(key.find()).as(made).isTrue();
        CloudKeyCredentials credentials = new CloudKeyCredentials(key.group(1), key.group(2));

        String seen;
        try (AthanorClient client = client(kafka, authority, credentials)) {
            seen =
                    Athanor.isolated(Environments::everything, Athanor.host(Athanor.cloud(client)))
                            .call();
        }
        String operatorSecret =
                Files.readString(Path.of(operator)).replaceAll("(?s).*key-secret=(\\S+).*", "$1");
        String storePassword = Files.readString(data.resolve("secure/node.password"));
        assertThat(operatorSecret).hasSize(43);
        for (String secret : List.of(credentials.keySecret(), operatorSecret, storePassword)) {
            assertThat(seen).doesNotContain(secret);
            assertThat(filesWith(data, secret)).allMatch(file -> isOfOperator(data, file));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(operator))))
                .isEqualTo("rw-------");

        Path settings = folder.resolve("kafka.properties");
        Files.writeString(settings, settings(operator, operatorSecret, authority));
        assertThat(
                        keys(
                                operator,
                                kafka,
                                "create",
                                "--operator",
                                "--kafka-properties",
                                settings.toString()))
                .contains("ATHANOR_KEY_ID=operator.");
        assertThat(keys(operator, kafka, "list"))
                .contains(credentials.keyId(), "acme", "valid", "laptop", "(operator)")
                .doesNotContain(credentials.keySecret());
        assertThat(keys(operator, kafka, "revoke", credentials.keyId())).contains("is revoked");
        assertThat(keys(operator, kafka, "list"))
                .containsPattern(Pattern.quote(credentials.keyId()) + " .*revoked");
        try (AthanorClient client = client(kafka, authority, credentials)) {
            assertThatThrownBy(() ->
                            Athanor.isolated(Greeting::hello, Athanor.host(Athanor.cloud(client)))
                                    .call())
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining(credentials.keyId());
        }
    }

    @Test
    void anAgentOfItsOwnJoinsByTheOperatorsKeyAndTheFolderStaysSecured() throws Exception {
        Path data = folder.resolve("data");
        Matcher up = up(data, "first", "--slots", "S=1");
        String kafka = up.group(1);
        Path profile = folder.resolve("acme.properties");
        assertThat(
                        keys(
                                up.group(3),
                                kafka,
                                "create",
                                "--tenant",
                                "acme",
                                "--save",
                                profile.toString()))
                .contains(profile.toString())
                .doesNotContain("SECRET");
        Process agent =
                athanor(
                        folder.resolve("agent.out"),
                        Map.of("ATHANOR_PROFILE", up.group(3)),
                        "agent",
                        "--bootstrap-servers",
                        kafka,
                        "--slots",
                        "M=1",
                        "--data-dir",
                        folder.resolve("agent").toString());
        awaitText(agent, folder.resolve("agent.out"), "is ready");

        try (AthanorClient client = client(kafka, Path.of(up.group(4)), read(profile))) {
            assertThat(
                            Athanor.isolated(
                                            Greeting::hello,
                                            Athanor.host(Athanor.cloud(client)),
                                            Athanor.machineType("M"))
                                    .call())
                    .isEqualTo("Hello World");
        }
        Path keyless = folder.resolve("keyless.out");
        Process without =
                athanor(
                        keyless,
                        Map.of(),
                        "agent",
                        "--bootstrap-servers",
                        kafka,
                        "--data-dir",
                        folder.resolve("keyless").toString());
        assertThat(without.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readAllLines(keyless))
                .singleElement()
                .asString()
                .contains("asks for a key", "--profile");
        started.forEach(Process::destroy);
        for (Process process : started) {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }

        Path refused = folder.resolve("refused");
        Process open =
                athanor(refused, Map.of(), "up", "--data-dir", data.toString(), "--port", "0");
        assertThat(open.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(refused)).contains("asks for keys", "--secure");
        Matcher again = up(data, "second", "--slots", "S=1");
        try (AthanorClient client = client(again.group(1), Path.of(up.group(4)), read(profile))) {
            assertThat(
                            Athanor.isolated(
                                            Greeting::hello,
                                            Athanor.host(Athanor.cloud(client)),
                                            Athanor.machineType("S"))
                                    .call())
                    .isEqualTo("Hello World");
        }
    }

    private static String settings(String profile, String secret, Path authority)
            throws IOException {
        String keyId = read(Path.of(profile)).keyId();
        return """
        security.protocol=SASL_SSL
        sasl.mechanism=SCRAM-SHA-512
        sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \
          username="%s" password="%s";
        ssl.truststore.type=PEM
        ssl.truststore.location=%s
        """
                .formatted(keyId, secret, authority);
    }

    private static CloudKeyCredentials read(Path profile) throws IOException {
        String text = Files.readString(profile);
        return new CloudKeyCredentials(
                text.replaceAll("(?s).*key-id=(\\S+).*", "$1"),
                text.replaceAll("(?s).*key-secret=(\\S+).*", "$1"));
    }

    /** The operator's own key and the node's are kept where only the operator may read. */
    private static boolean isOfOperator(Path data, Path file) {
        return file.startsWith(data.resolve("secure"));
    }

    private static List<Path> filesWith(Path data, String secret) throws IOException {
        byte[] wanted = secret.getBytes(StandardCharsets.ISO_8859_1);
        try (Stream<Path> files = Files.walk(data)) {
            List<Path> found = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (text.contains(new String(wanted, StandardCharsets.ISO_8859_1))) {
                    found.add(file);
                }
            }
            return found;
        }
    }

    private static AthanorClient client(
            String kafka, Path authority, CloudKeyCredentials credentials) {
        return AthanorClient.builder()
                .bootstrapServers(kafka)
                .certificateAuthority(authority)
                .credentials(credentials)
                .build();
    }

    private Matcher up(Path data, String name, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "up",
                                "--secure",
                                "--data-dir",
                                data.toString(),
                                "--port",
                                "0",
                                "--metrics-port",
                                "0",
                                "--http-port",
                                "0"));
        arguments.addAll(List.of(more));
        Path output = folder.resolve(name + ".out");
        Process process = athanor(output, Map.of(), arguments.toArray(String[]::new));
        return await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> {
                            assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
                            return READY.matcher(Files.readString(output));
                        },
                        Matcher::find);
    }

    private String keys(String operator, String kafka, String command, String... arguments)
            throws Exception {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "keys",
                                command,
                                "--bootstrap-servers",
                                kafka,
                                "--profile",
                                operator));
        all.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "keys", ".out");
        Process process = athanor(output, Map.of(), all.toArray(String[]::new));
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        Files.delete(output);
        return said;
    }

    private static void awaitText(Process process, Path output, String text) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> {
                    String said = Files.readString(output);
                    assertThat(process.isAlive()).as(said).isTrue();
                    return said.contains(text);
                });
    }

    private Process athanor(Path output, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of("../../athanor").toAbsolutePath().normalize().toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }
}
