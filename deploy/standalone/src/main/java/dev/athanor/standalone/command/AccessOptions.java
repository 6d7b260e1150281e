package dev.athanor.standalone.command;

import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.ListenerProbe;
import dev.athanor.schemas.keys.Profile;
import dev.athanor.standalone.ClusterAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say by which key a command logs in; the secret itself is never one of them. */
final class AccessOptions {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            defaultValue = "${env:ATHANOR_PROFILE}",
            description = {
                "Profile file with the key of an operator, on a cluster that asks for keys: the"
                        + " properties key-id, key-secret and ca.",
                "ATHANOR_KEY_ID and ATHANOR_KEY_SECRET, where they are set, go before it. Default:"
                        + " ~/.athanor/profile.properties, where that is."
            })
    private @Nullable Path profile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            defaultValue = "${env:ATHANOR_CA}",
            description =
                    "Certificates, in PEM, by whose authorities those of Kafka are signed. Default:"
                            + " those of the profile file, else those that Java trusts.")
    private @Nullable Path authority;

    /**
     * By which key a command logs in to a cluster.
     *
     * @throws IllegalArgumentException when there is none, and the cluster asks for one
     */
    ClusterAccess access(String bootstrapServers) {
        ClusterAccess found = access();
        if (found.credentials().isEmpty()
                && ListenerProbe.ofFirst(bootstrapServers, PROBE_TIMEOUT)
                        .filter(ListenerProbe::asksForKeys)
                        .isPresent()) {
            throw new IllegalArgumentException(
                    "Kafka at %s asks for a key: give that of an operator by --profile"
                            .formatted(bootstrapServers));
        }
        return found;
    }

    /** The key that was given; empty: none was. */
    Optional<Credentials> credentials() {
        return access().credentials();
    }

    /** Certificates that the cluster's are signed by, as far as they were given. */
    Optional<Path> authority() {
        return access().authority();
    }

    private ClusterAccess access() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (profile != null) {
            environment.put(Profile.FILE, profile.toString());
        }
        if (authority != null) {
            environment.put(Profile.AUTHORITY, authority.toString());
        }
        Profile found = new Profile(environment, Path.of(System.getProperty("user.home")));
        return new ClusterAccess(found.credentials(), found.authority());
    }
}
