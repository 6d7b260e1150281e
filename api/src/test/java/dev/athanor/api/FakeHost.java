package dev.athanor.api;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps calls until the test completes them, or runs them at once. */
final class FakeHost implements Host {
    record Call(List<Object> arguments, CompletableFuture<Object> future) {}

    final List<Call> calls = new CopyOnWriteArrayList<>();
    private final boolean runsAtOnce;

    private FakeHost(boolean runsAtOnce) {
        this.runsAtOnce = runsAtOnce;
    }

    static FakeHost keeping() {
        return new FakeHost(false);
    }

    static FakeHost running() {
        return new FakeHost(true);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R> CompletableFuture<R> submit(Callee<R> callee, Object... arguments) {
        Call call = new Call(Arrays.asList(arguments), new CompletableFuture<>());
        calls.add(call);
        if (runsAtOnce) {
            try {
                call.future().complete(run(callee.function(), arguments));
            } catch (Exception e) {
                call.future()
                        .completeExceptionally(
                                new FunctionFailedException("failed: " + e.getMessage(), e));
            }
        }
        return (CompletableFuture<R>) call.future();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object run(Object function, Object... a) throws Exception {
        if (function instanceof Function0 f) {
            return f.call();
        } else if (function instanceof Function1 f) {
            return f.call(a[0]);
        } else if (function instanceof Function2 f) {
            return f.call(a[0], a[1]);
        } else if (function instanceof Function3 f) {
            return f.call(a[0], a[1], a[2]);
        } else if (function instanceof Function4 f) {
            return f.call(a[0], a[1], a[2], a[3]);
        } else if (function instanceof Procedure0 f) {
            f.run();
        } else if (function instanceof Procedure1 f) {
            f.run(a[0]);
        } else if (function instanceof Procedure2 f) {
            f.run(a[0], a[1]);
        } else if (function instanceof Procedure3 f) {
            f.run(a[0], a[1], a[2]);
        } else if (function instanceof Procedure4 f) {
            f.run(a[0], a[1], a[2], a[3]);
        }
        return null;
    }
}
