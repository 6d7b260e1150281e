package dev.athanor.standalone;

import dev.athanor.embedded.BrokerSecurity;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.TlsFiles;
import dev.athanor.schemas.cluster.KeyAdmin;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What makes the embedded Kafka one that asks for keys: certificates and the operator's key, made
 * once, in a folder of the data folder that only its owner may read.
 *
 * @param profile the operator's profile file
 * @param operator the key of the dispatcher and the agent of this process
 */
record SecuredKafka(Path profile, Credentials operator, BrokerSecurity security) {
    private static final String FOLDER = "secure";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /**
     * What a data folder has of it, made where it is missing.
     *
     * @throws StandaloneException when it cannot be kept there
     */
    static SecuredKafka in(DataFolder folder) {
        Path secure = folder.resolve(FOLDER);
        TlsFiles tls = TlsFiles.in(secure);
        Path profile = secure.resolve("operator.properties");
        Credentials operator = operator(profile, tls.authority());
        return new SecuredKafka(
                profile, operator, new BrokerSecurity(tls, Set.of(operator.keyId())));
    }

    /**
     * A cluster that asks for keys does not stop doing so by the lack of an option.
     *
     * @throws StandaloneException when the folder is of such a cluster
     */
    static void refuse(DataFolder folder) {
        if (Files.exists(folder.resolve(FOLDER))) {
            throw new StandaloneException(
                    "the data folder %s is of a cluster that asks for keys: start it with --secure"
                            .formatted(folder.resolve("").toString()),
                    null);
        }
    }

    private static Credentials operator(Path profile, Path authority) {
        try {
            if (!Files.exists(profile)) {
                Path part = profile.resolveSibling(profile.getFileName() + ".part");
                Files.deleteIfExists(part);
                Profile.write(part, KeyAdmin.operator(), Optional.of(authority));
                Files.move(part, profile);
            }
        } catch (IOException e) {
            throw new StandaloneException(
                    "cannot keep the operator's key in %s: %s".formatted(profile, e.getMessage()),
                    e);
        }
        return new Profile(Map.of(Profile.FILE, profile.toString()), profile)
                .credentials()
                .orElseThrow(() ->
                        new StandaloneException("there is no key in %s".formatted(profile), null));
    }

    /** Starts the broker and makes it know the operator. */
    EmbeddedKafka start(Path folder, int port) throws InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.startSecured(folder, port, security);
        try (KeyAdmin keys =
                KeyAdmin.connect(kafka.internalAccess(), TIMEOUT, InstantSource.system())) {
            keys.registerOperator(operator, "of the all-in-one process");
            return kafka;
        } catch (IllegalArgumentException e) {
            kafka.close();
            throw new StandaloneException(
                    "the operator's own %s (remove %s, and a new one is made)"
                            .formatted(e.getMessage(), profile),
                    e);
        } catch (RuntimeException | InterruptedException e) {
            kafka.close();
            throw e;
        }
    }

    ClusterAccess access() {
        return new ClusterAccess(Optional.of(operator), Optional.of(security.authority()));
    }
}
