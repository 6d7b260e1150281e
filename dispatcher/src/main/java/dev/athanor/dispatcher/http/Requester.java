package dev.athanor.dispatcher.http;

import java.util.Optional;

/**
 * Who asks.
 *
 * @param tenant of the key; empty: an operator's key, which is no tenant's
 * @param isOperator whether it may see the cluster itself
 */
record Requester(Optional<String> tenant, boolean isOperator) {
    /**
     * @throws ProblemException when it may not
     */
    void checkOperator() {
        if (!isOperator) {
            throw new ProblemException(ProblemType.FORBIDDEN, "only operators may ask for this");
        }
    }
}
