package dev.athanor.dispatcher.http;

import io.javalin.http.Context;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param tenant of the key; empty: an operator's key, which is no tenant's
 * @param isOperator whether it may see the cluster itself
 */
record Requester(Optional<String> tenant, boolean isOperator) {
    /**
     * Whose things are asked for: an operator says so by the query's {@code tenant}.
     *
     * @throws ProblemException where an operator does not
     */
    String tenant(Context context) {
        return tenant.or(() -> Optional.ofNullable(context.queryParam("tenant")))
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemType.BAD_REQUEST,
                                "an operator's key is no tenant's: say whose by ?tenant=NAME"));
    }

    /**
     * @throws ProblemException when it may not
     */
    void checkOperator() {
        if (!isOperator) {
            throw new ProblemException(ProblemType.FORBIDDEN, "only operators may ask for this");
        }
    }
}
