package dev.athanor.api.internal.cluster;

import dev.athanor.api.Options;
import dev.athanor.api.RegisteredFunction;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnserializableException;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.api.internal.bundle.CodeRequest;
import dev.athanor.api.internal.deploy.DeployedMethod;
import dev.athanor.api.internal.job.DispatcherClient;
import dev.athanor.runtime.json.JsonException;
import dev.athanor.runtime.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deploys and calls functions that are registered at a dispatcher. Safe for any number of threads.
 */
final class RegisteredFunctions {
    private final DispatcherClient dispatcher;
    private final Bundler bundler;
    private final long payloadLimit;

    /**
     * @param payloadLimit largest arguments, in bytes
     */
    RegisteredFunctions(DispatcherClient dispatcher, Bundler bundler, long payloadLimit) {
        this.dispatcher = dispatcher;
        this.bundler = bundler;
        this.payloadLimit = payloadLimit;
    }

    /** The id of the call. */
    String submit(RegisteredFunction<?> function, @Nullable Object... arguments) {
        return dispatcher.call(
                function.name(),
                function.version(),
                json(function, arguments),
                function.idempotencyKey());
    }

    private byte[] json(RegisteredFunction<?> function, @Nullable Object... arguments) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            JsonWriter.write(Arrays.asList(arguments), json);
        } catch (JsonException e) {
            throw new UnserializableException(
                    "the arguments of %s cannot be sent: %s".formatted(function, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (json.size() > payloadLimit) {
            throw new TooLargeException(
                    "the arguments of %s take %,d bytes, and %,d may be sent"
                            .formatted(function, json.size(), payloadLimit));
        }
        return json.toByteArray();
    }

    /** The version. */
    int deploy(String name, Method method, Options options) {
        DeployedMethod deployed = DeployedMethod.of(method, options);
        List<Bundle> bundles = new ArrayList<>();
        bundler.bundle(CodeRequest.of(deployed.code(), options)).ifPresent(bundles::add);
        bundles.add(bundler.apiBundle());
        bundles.forEach(dispatcher::keep);
        return dispatcher.deploy(name, deployed.json(bundles));
    }
}
