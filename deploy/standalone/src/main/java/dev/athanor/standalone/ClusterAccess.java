package dev.athanor.standalone;

import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * By which key a process of the cluster logs in; none on a cluster that asks for none.
 *
 * @param authority certificates, in PEM, that the brokers' are signed by; empty: those that the JVM
 *     trusts
 */
public record ClusterAccess(Optional<Credentials> credentials, Optional<Path> authority) {
    /** Without a key. */
    public static ClusterAccess none() {
        return new ClusterAccess(Optional.empty(), Optional.empty());
    }

    /** Settings of Kafka clients. */
    public Map<String, String> kafka() {
        return credentials.map(key -> KafkaAccess.settings(key, authority)).orElseGet(Map::of);
    }
}
