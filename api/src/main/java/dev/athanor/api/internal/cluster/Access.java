package dev.athanor.api.internal.cluster;

import dev.athanor.api.CloudKeyCredentials;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import dev.athanor.schemas.keys.Profile;
import dev.athanor.schemas.keys.Signer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By which key a client logs in and signs, if by any.
 *
 * @param authority certificates, in PEM, that the cluster's are signed by
 */
public record Access(Optional<Credentials> credentials, Optional<Path> authority) {
    static final Access NONE = new Access(Optional.empty(), Optional.empty());

    /**
     * What is given in code, else what the process was given.
     *
     * @throws UnauthorizedException when what the process was given is incomplete
     */
    public static Access find(
            @Nullable CloudKeyCredentials credentials, @Nullable Path authority, Profile profile) {
        try {
            Optional<Credentials> key =
                    credentials == null
                            ? profile.credentials()
                            : Optional.of(
                                    new Credentials(credentials.keyId(), credentials.keySecret()));
            return new Access(
                    key,
                    key.isEmpty() || authority != null
                            ? Optional.ofNullable(authority)
                            : profile.authority());
        } catch (IllegalArgumentException e) {
            throw new UnauthorizedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The tenant that the key's id begins with. */
    public Optional<String> tenant() {
        return credentials
                .map(Credentials::keyId)
                .filter(id -> id.indexOf('.') > 0)
                .map(id -> id.substring(0, id.indexOf('.')))
                .filter(Topics::isName);
    }

    Signer signer(InstantSource clock) {
        return credentials.map(key -> Signer.of(key, clock)).orElseGet(Signer::none);
    }

    /** Settings of Kafka clients. */
    Map<String, String> settings() {
        return credentials.map(key -> KafkaAccess.settings(key, authority)).orElseGet(Map::of);
    }

    /** For messages. */
    @Override
    public String toString() {
        return credentials.map(key -> "key " + key.keyId()).orElse("no key");
    }
}
