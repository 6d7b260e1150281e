package dev.athanor.api;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The process's own client, made when it is first needed. */
final class CloudHost implements Host {
    static final CloudHost INSTANCE = new CloudHost();

    /** Set by agents in the processes that they run functions in. */
    private static final String SANDBOX_PROPERTY = "athanor.sandbox";

    private final Object lock = new Object();
    private @Nullable AthanorClient client;

    private CloudHost() {}

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        if (Boolean.getBoolean(SANDBOX_PROPERTY)) {
            throw new InvalidFunctionException(
                    callee
                            + " was called from inside an isolated function, which is not possible"
                            + " yet: call it where its result is used");
        }
        return client().submit(callee, arguments);
    }

    private AthanorClient client() {
        synchronized (lock) {
            AthanorClient made = client == null ? AthanorClient.builder().build() : client;
            client = made;
            return made;
        }
    }

    @Override
    public String toString() {
        return "cloud()";
    }
}
