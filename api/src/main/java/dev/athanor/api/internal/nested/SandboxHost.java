package dev.athanor.api.internal.nested;

import dev.athanor.api.Callee;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.Host;
import dev.athanor.api.internal.call.Callbacks;
import dev.athanor.api.internal.payload.Arguments;
import dev.athanor.runtime.protocol.AgentLink;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a function in a sandbox calls others through: the host that runs it. Lasts as long as the
 * sandbox.
 */
public final class SandboxHost implements Host {
    private final AgentLink link;
    private final InstantSource clock;
    private final Callbacks callbacks = new Callbacks();
    private final Map<Callee<?>, NestedCallee> functions =
            Collections.synchronizedMap(new WeakHashMap<>());

    private SandboxHost(AgentLink link, InstantSource clock) {
        this.link = link;
        this.clock = clock;
    }

    /** The host that the class loader leads to; empty where it leads to none. */
    public static Optional<Host> find(@Nullable ClassLoader loader) {
        return loader instanceof AgentLink link
                ? Optional.of(new SandboxHost(link, InstantSource.system()))
                : Optional.empty();
    }

    /** Waits while as many calls are under way as one function may have. */
    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        NestedCallee function = functions.computeIfAbsent(callee, NestedCallee::of);
        byte[] bytes =
                Arguments.write(
                                function.name(),
                                function.code().captured(),
                                arguments,
                                link.payloadLimit())
                        .bytes();
        NestedCall<R> call = new NestedCall<>(function, callbacks, clock);
        try {
            call.future().onCancel(link.call(function.function(), bytes, call));
        } catch (IllegalStateException e) {
            throw new CancelledCallException(
                    "%s was cancelled: the call that made it has ended".formatted(function.name()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledCallException(
                    "interrupted before %s was sent".formatted(function.name()), e);
        }
        return call.future();
    }

    @Override
    public String toString() {
        return "the host of this sandbox";
    }
}
