package dev.athanor.api;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The process's own client, made when it is first needed. */
final class CloudHost implements Host {
    static final CloudHost INSTANCE = new CloudHost();

    private final Object lock = new Object();
    private @Nullable AthanorClient client;

    private CloudHost() {}

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        Nesting.refuse(callee);
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
