package dev.athanor.schemas.keys;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** The settings of Kafka clients that connect with a key: SCRAM over TLS. */
public final class KafkaAccess {
    /** What keys log in by. */
    public static final String MECHANISM = "SCRAM-SHA-512";

    private KafkaAccess() {}

    /**
     * The settings for some credentials.
     *
     * @param authority certificates, in PEM, that the brokers' are signed by; empty: those that the
     *     JVM trusts
     */
    public static Map<String, String> settings(Credentials credentials, Optional<Path> authority) {
        Map<String, String> settings = new HashMap<>();
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_SSL");
        settings.put(SaslConfigs.SASL_MECHANISM, MECHANISM);
        settings.put(
                SaslConfigs.SASL_JAAS_CONFIG,
                "org.apache.kafka.common.security.scram.ScramLoginModule required"
                        + " username=\"%s\" password=\"%s\";"
                                .formatted(
                                        quoted(credentials.keyId()), quoted(credentials.secret())));
        authority.ifPresent(file -> {
            settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            settings.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, file.toString());
        });
        return settings;
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
