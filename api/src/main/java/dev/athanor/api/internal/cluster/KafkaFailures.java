package dev.athanor.api.internal.cluster;

import dev.athanor.api.AthanorException;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.UnavailableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/** What a failure of Kafka's means to the caller. */
final class KafkaFailures {
    private KafkaFailures() {}

    /**
     * The caller's exception: a key that is refused is not tried again.
     *
     * @param what failed
     */
    static AthanorException of(String what, Exception cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String why = why(each);
            if (why != null) {
                return new UnauthorizedException(
                        "%s: %s (%s)".formatted(what, why, each.getMessage()), cause);
            }
        }
        return new UnavailableException("%s: %s".formatted(what, cause.getMessage()), cause);
    }

    private static @Nullable String why(Throwable failure) {
        if (failure instanceof SslAuthenticationException) {
            return "its certificate is not trusted here: give its authority by"
                    + " certificateAuthority(…), ATHANOR_CA or ca in the profile file";
        }
        if (failure instanceof AuthenticationException) {
            return "the key is not let in: its secret is wrong, or it was revoked";
        }
        if (failure instanceof AuthorizationException) {
            return "the key may not do this: it was revoked, or it is another tenant's";
        }
        return null;
    }
}
