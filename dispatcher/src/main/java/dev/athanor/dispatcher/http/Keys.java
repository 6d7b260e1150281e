package dev.athanor.dispatcher.http;

import dev.athanor.schemas.KeyRole;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KnownKey;
import dev.athanor.schemas.keys.TrustBase;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by their key who asks; the tenant is that of the key, whatever a request says. On a
 * cluster without keys everybody is its one tenant and may operate it. Safe for any number of
 * threads.
 */
final class Keys {
    private static final String SCHEME = "bearer ";
    private static final String FORM = "Authorization: Bearer KEY_ID:KEY_SECRET";

    private final TrustBase trust;
    private final String onlyTenant;

    /**
     * @param onlyTenant whose everything is on a cluster without keys
     */
    Keys(TrustBase trust, String onlyTenant) {
        this.trust = trust;
        this.onlyTenant = onlyTenant;
    }

    /**
     * @throws ProblemException when there is no valid key
     */
    Requester requester(Context context) {
        if (!trust.asksForKeys()) {
            return new Requester(Optional.of(onlyTenant), true);
        }
        Credentials credentials = credentials(context.header("Authorization"));
        // One text for all, so that nobody can find out which keys there are.
        KnownKey key =
                trust.key(credentials)
                        .orElseThrow(() -> unauthorized("the key is unknown, wrong or revoked"));
        boolean isOperator = key.role() == KeyRole.OPERATOR;
        return new Requester(isOperator ? Optional.empty() : Optional.of(key.tenant()), isOperator);
    }

    private static Credentials credentials(@Nullable String header) {
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw unauthorized("this cluster asks for a key: " + FORM);
        }
        String token = header.substring(SCHEME.length()).strip();
        int colon = token.lastIndexOf(':');
        try {
            return new Credentials(
                    token.substring(0, Math.max(colon, 0)), token.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.UNAUTHORIZED, "half a key: " + FORM, e);
        }
    }

    private static ProblemException unauthorized(String detail) {
        return new ProblemException(ProblemType.UNAUTHORIZED, detail);
    }
}
