package dev.athanor.examples;

// region secrets
import static dev.athanor.api.Athanor.isolated;

import dev.athanor.api.Isolated;
import dev.athanor.api.IsolatedFunction;

// endregion

/** A function that needs a secret. */
public final class SecretsExample {
    // region secrets
    @Isolated(secrets = "API_TOKEN")
    static int tokenLength() {
        return System.getenv("API_TOKEN").length();
    }

    static final IsolatedFunction<Integer> TOKEN_LENGTH = isolated(SecretsExample::tokenLength);

    // endregion

    private SecretsExample() {}

    public static void main(String[] args) {
        System.out.println(TOKEN_LENGTH.call());
    }
}
