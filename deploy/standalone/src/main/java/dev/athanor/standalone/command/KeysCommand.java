package dev.athanor.standalone.command;

import dev.athanor.schemas.KeyRole;
import dev.athanor.schemas.cluster.KeyAdmin;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KnownKey;
import dev.athanor.schemas.keys.Profile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks after the keys of a cluster. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = {
            "Makes, lists and revokes the keys of a cluster that asks for them, as `athanor up --secure`"
                    + " does.",
            "A tenant is whoever has a key: nothing of one tenant is visible to another."
        })
final class KeysCommand implements Runnable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "create, list or revoke? `athanor keys --help` has them all");
    }

    /** For whom a key is. */
    static final class Owner {
        @Option(
                names = "--tenant",
                paramLabel = "NAME",
                required = true,
                description =
                        "Whose calls the key signs: 1 to 64 letters, digits, - or _. A tenant begins to"
                                + " exist with its first key.")
        private @Nullable String tenant;

        @Option(
                names = "--operator",
                required = true,
                description =
                        "A key for agents, dispatchers and those who look after the cluster: it may do"
                                + " everything but make calls.")
        private boolean operator;

        Credentials key(KeyAdmin keys, String note) throws InterruptedException {
            return operator || tenant == null
                    ? keys.createForOperator(note)
                    : keys.createForTenant(tenant, note);
        }
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a key and prints it: its secret is shown this once, and kept nowhere.",
                "Callers take it from the variables ATHANOR_KEY_ID and ATHANOR_KEY_SECRET, or from a"
                        + " profile file."
            })
    int create(
            @Mixin ConnectionOptions connection,
            @ArgGroup(multiplicity = "1") Owner owner,
            @Option(
                            names = "--note",
                            defaultValue = "",
                            description = "Says in `athanor keys list` what the key is for.")
                    String note,
            @Option(
                            names = "--save",
                            paramLabel = "FILE",
                            description =
                                    "Writes the key to a new profile file, which only its owner may"
                                            + " read, and does not print its secret.")
                    @Nullable Path file)
            throws InterruptedException {
        if (file != null && Files.exists(file)) {
            throw new IllegalArgumentException(
                    "the file %s is there already: choose another with --save".formatted(file));
        }
        try (KeyAdmin keys = connection.keys()) {
            Credentials made = owner.key(keys, note);
            if (file == null) {
                print(made);
            } else {
                save(file, made, connection.authority());
            }
        }
        return 0;
    }

    private void print(Credentials made) {
        out().printf("ATHANOR_KEY_ID=%s%nATHANOR_KEY_SECRET=%s%n", made.keyId(), made.secret());
        out().flush();
        PrintWriter err = spec.commandLine().getErr();
        err.println("The secret is shown this once: keep it, and tell it to nobody.");
        err.flush();
    }

    private void save(Path file, Credentials made, Optional<Path> authority) {
        try {
            Profile.write(file, made, authority);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException(
                    "the file %s is there already: revoke key %s and make another"
                            .formatted(file, made.keyId()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write %s (%s): revoke key %s and make another"
                            .formatted(file, e.getMessage(), made.keyId()),
                    e);
        }
        out().printf("Key %s is in %s.%n", made.keyId(), file);
        out().flush();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all keys, revoked ones included; their secrets are not known.")
    int list(@Mixin ConnectionOptions connection) {
        try (KeyAdmin keys = connection.keys()) {
            out().printf(
                            "%-28s %-20s %-8s %-20s %s%n",
                            "KEY", "TENANT", "STATE", "CREATED", "NOTE");
            keys.list().forEach(this::print);
            out().flush();
        }
        return 0;
    }

    private void print(KnownKey key) {
        out().printf(
                        "%-28s %-20s %-8s %-20s %s%n",
                        key.keyId(),
                        key.role() == KeyRole.OPERATOR ? "(operator)" : key.tenant(),
                        key.isRevoked() ? "revoked" : "valid",
                        key.createdAt().truncatedTo(ChronoUnit.SECONDS),
                        key.note().replaceAll("\\p{Cntrl}", "?"));
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = {
                "Revokes a key, for good. Agents believe its signature no longer, and it is let in no"
                        + " longer.",
                "What runs already goes on; what is queued is refused."
            })
    int revoke(
            @Mixin ConnectionOptions connection,
            @Parameters(paramLabel = "KEY", description = "The key's id.") String keyId)
            throws InterruptedException {
        try (KeyAdmin keys = connection.keys()) {
            boolean done = keys.revoke(keyId);
            out().printf(done ? "Key %s is revoked.%n" : "Key %s was revoked before.%n", keyId);
            out().flush();
        }
        return 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Where the cluster is, and by which key. */
    static final class ConnectionOptions {
        @Option(
                names = "--bootstrap-servers",
                paramLabel = "HOST:PORT",
                defaultValue = "${env:ATHANOR_BOOTSTRAP_SERVERS:-localhost:9092}",
                description =
                        "Kafka, with commas between several addresses. Default: ${DEFAULT-VALUE}.")
        private String bootstrapServers = "";

        @Option(
                names = "--kafka-properties",
                paramLabel = "FILE",
                description =
                        "Settings of Kafka clients that may look after the cluster, instead of a key:"
                                + " for the first operator's key on a Kafka of your own.")
        private @Nullable Path kafkaProperties;

        @Mixin private final AccessOptions access = new AccessOptions();

        /** What is to be in the profile files of those for whom keys are made. */
        Optional<Path> authority() {
            return access.authority();
        }

        KeyAdmin keys() {
            Map<String, String> kafka = new HashMap<>();
            kafka.put("bootstrap.servers", bootstrapServers);
            kafka.putAll(
                    kafkaProperties == null
                            ? access.access(bootstrapServers).kafka()
                            : read(kafkaProperties));
            if (kafkaProperties == null && kafka.size() == 1) {
                throw new IllegalArgumentException(
                        "the key of an operator is needed: `athanor up --secure` says where its own"
                                + " is, give it by --profile");
            }
            return KeyAdmin.connect(kafka, TIMEOUT, InstantSource.system());
        }

        private static Map<String, String> read(Path file) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read %s: %s".formatted(file, e), e);
            }
            Map<String, String> settings = new HashMap<>();
            properties
                    .stringPropertyNames()
                    .forEach(name -> settings.put(name, properties.getProperty(name)));
            return settings;
        }
    }
}
