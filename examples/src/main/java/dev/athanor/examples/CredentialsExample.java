package dev.athanor.examples;

// region credentials
import static dev.athanor.api.Athanor.credentials;
import static dev.athanor.api.Athanor.isolated;

import dev.athanor.api.CloudKeyCredentials;
import dev.athanor.api.IsolatedFunction;

// endregion

/** A function on a cluster that asks for a key. */
public final class CredentialsExample {
    // region credentials
    static final CloudKeyCredentials CREDENTIALS =
            new CloudKeyCredentials("your-key-id", "your-key-secret");

    static String hello() {
        return "hello world";
    }

    static final IsolatedFunction<String> MY_FUNCTION =
            isolated(CredentialsExample::hello, credentials(CREDENTIALS));

    // endregion

    // region credentials-environment
    static final IsolatedFunction<String> MY_FUNCTION_2 = isolated(CredentialsExample::hello);

    // endregion

    private CredentialsExample() {}

    public static void main(String[] args) {
        System.out.println(MY_FUNCTION_2.call());
    }
}
