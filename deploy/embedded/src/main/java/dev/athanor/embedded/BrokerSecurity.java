package dev.athanor.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * How a broker is secured: clients log in by SCRAM over TLS, the node itself by its certificate,
 * and what is not allowed is refused.
 *
 * @param tls the node's certificate and those who signed it
 * @param operators ids of keys that may do everything
 */
public record BrokerSecurity(TlsFiles tls, Set<String> operators) {
    static final String INTERNAL = "INTERNAL";
    static final String CLIENT = "CLIENT";
    static final String CONTROLLER = "CONTROLLER";

    private static final String SCRAM = "SCRAM-SHA-512";

    /** How long a login counts: one whose key was revoked ends by then. */
    private static final String REAUTHENTICATE_MILLIS = "60000";

    public BrokerSecurity {
        operators = Set.copyOf(operators);
    }

    /** Settings of the broker, beside its listeners' addresses. */
    void addTo(Properties config) {
        config.put("listener.security.protocol.map", "CLIENT:SASL_SSL,INTERNAL:SSL,CONTROLLER:SSL");
        config.put("inter.broker.listener.name", INTERNAL);
        config.put("sasl.enabled.mechanisms", SCRAM);
        config.put(
                "listener.name.client.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        config.put("connections.max.reauth.ms", REAUTHENTICATE_MILLIS);
        config.putAll(node());
        config.put("listener.name.internal.ssl.client.auth", "required");
        config.put("listener.name.controller.ssl.client.auth", "required");
        config.put("authorizer.class.name", CountingAuthorizer.class.getName());
        config.put("allow.everyone.if.no.acl.found", "false");
        StringBuilder superUsers = new StringBuilder("User:CN=" + TlsFiles.NODE);
        operators.forEach(keyId -> superUsers.append(";User:").append(keyId));
        config.put("super.users", superUsers.toString());
    }

    /** Settings of what shows the node's own certificate. */
    private Map<String, String> node() {
        Map<String, String> settings = new HashMap<>();
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", tls.keyStore().toString());
        settings.put("ssl.keystore.password", tls.password());
        settings.put("ssl.key.password", tls.password());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", tls.authority().toString());
        return settings;
    }

    /** Settings of clients in this process, which connect as the node itself. */
    Map<String, String> internalAccess() {
        Map<String, String> settings = node();
        settings.put("security.protocol", "SSL");
        return settings;
    }

    /** The certificate that clients are to trust, in PEM. */
    public Path authority() {
        return tls.authority();
    }
}
