package dev.athanor.runtime;

import dev.athanor.runtime.json.JsonArguments;
import dev.athanor.runtime.json.JsonException;
import dev.athanor.runtime.json.JsonWriter;
import dev.athanor.runtime.protocol.InvokeFrame;
import dev.athanor.runtime.protocol.PayloadCodec;
import dev.athanor.runtime.protocol.RejectedFrame;
import dev.athanor.runtime.protocol.RejectionKind;
import dev.athanor.runtime.protocol.RemoteThrowable;
import dev.athanor.runtime.protocol.ResultFrame;
import dev.athanor.runtime.protocol.SandboxFrame;
import dev.athanor.runtime.protocol.ThrewFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a call from its arguments to its answer. Nothing that user code throws gets past it. */
final class CallRunner {

    private static final int MAX_ORIGINAL_BYTES = 256 << 10;
    private static final int MAX_TYPES = 32;
    private static final int RESERVE_BYTES = 1 << 20;

    private final ClassLoader userLoader;
    private final EntryPoints entryPoints;
    private final JavaPayloads payloads;

    /** Given up to have room for saying that memory has run out. */
    @SuppressWarnings("UnusedVariable")
    private byte @Nullable [] reserve = new byte[RESERVE_BYTES];

    CallRunner(ClassLoader userLoader) {
        this.userLoader = userLoader;
        entryPoints = new EntryPoints(userLoader);
        payloads = new JavaPayloads(userLoader);
    }

    SandboxFrame run(InvokeFrame call) {
        long start = System.nanoTime();
        try {
            Target target = entryPoints.find(call.entryPoint());
            @Nullable Object[] arguments = readArguments(call, target);
            start = System.nanoTime();
            Object result;
            try {
                result = target.invoke(arguments);
            } catch (Throwable e) {
                return threw(call, System.nanoTime() - start, e);
            }
            long runNanos = System.nanoTime() - start;
            byte[] bytes = writeResult(call, result);
            return new ResultFrame(call.callId(), runNanos, 0, call.codec(), bytes);
        } catch (RejectedCallException e) {
            return new RejectedFrame(call.callId(), e.kind(), e.reason());
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return new RejectedFrame(
                    call.callId(),
                    RejectionKind.INVALID_INVOCATION,
                    "the function was not found in its sandbox: "
                            + Messages.describe(Messages.linkageCause(e)));
        } catch (OutOfMemoryError e) {
            return threw(call, System.nanoTime() - start, e);
        }
    }

    private @Nullable Object[] readArguments(InvokeFrame call, Target target) {
        if (call.streamWindow() > 0) {
            throw new RejectedCallException(
                    RejectionKind.INVALID_INVOCATION,
                    "a Java function has one result; values one by one are for Python functions",
                    null);
        }
        if (call.codec() != PayloadCodec.JAVA && call.codec() != PayloadCodec.JSON) {
            throw new RejectedCallException(
                    RejectionKind.INVALID_INVOCATION,
                    "a Java function takes its arguments in Java serialization or JSON, not in"
                            + " codec "
                            + call.codec(),
                    null);
        }
        @Nullable Object[] arguments;
        try {
            arguments =
                    call.codec() == PayloadCodec.JSON
                            ? JsonArguments.read(
                                    call.arguments(),
                                    DeclaredParameters.of(call.entryPoint(), userLoader))
                            : payloads.readArguments(call.arguments());
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (JsonException e) {
            throw new RejectedCallException(
                    RejectionKind.INVALID_INVOCATION, String.valueOf(e.getMessage()), e);
        } catch (Throwable e) {
            throw new RejectedCallException(
                    RejectionKind.INVALID_INVOCATION,
                    "the arguments cannot be read: " + Messages.describe(e),
                    e);
        }
        if (arguments.length != target.parameterCount()) {
            throw new RejectedCallException(
                    RejectionKind.INVALID_INVOCATION,
                    "the function takes "
                            + target.parameterCount()
                            + " values, captured ones included, and got "
                            + arguments.length,
                    null);
        }
        return arguments;
    }

    private static byte[] writeResult(InvokeFrame call, @Nullable Object result) {
        try {
            return call.codec() == PayloadCodec.JSON
                    ? writeJson(result, call.maxResultBytes())
                    : JavaPayloads.write(result, call.maxResultBytes());
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (JsonException e) {
            throw new RejectedCallException(
                    RejectionKind.INVALID_RESULT,
                    "the result " + Messages.ofClass(result) + " is no JSON: " + e.getMessage(),
                    e);
        } catch (LimitedOutput.Exceeded e) {
            throw new RejectedCallException(
                    RejectionKind.TOO_LARGE,
                    "the result takes "
                            + e.size()
                            + " bytes, more than the limit of "
                            + call.maxResultBytes()
                            + " bytes; store it elsewhere and return where",
                    e);
        } catch (StackOverflowError e) {
            throw new RejectedCallException(
                    RejectionKind.INVALID_RESULT,
                    "the result "
                            + Messages.ofClass(result)
                            + " is nested too deeply to be serialized",
                    e);
        } catch (Throwable e) {
            throw new RejectedCallException(
                    RejectionKind.INVALID_RESULT,
                    "the result "
                            + Messages.ofClass(result)
                            + " cannot be serialized: "
                            + Messages.describe(e),
                    e);
        }
    }

    private static byte[] writeJson(@Nullable Object result, long maxBytes)
            throws JsonException, IOException {
        LimitedOutput bytes = new LimitedOutput(maxBytes);
        JsonWriter.write(result, bytes);
        return bytes.toByteArray();
    }

    private ThrewFrame threw(InvokeFrame call, long runNanos, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            reserve = null;
        }
        List<RemoteThrowable> throwables = new ThrowableDescriber().describe(thrown);
        return new ThrewFrame(
                call.callId(), runNanos, 0, throwables, types(thrown), serialize(thrown));
    }

    private static List<String> types(Throwable thrown) {
        List<String> types = new ArrayList<>();
        for (Class<?> type = thrown.getClass();
                type != null && Throwable.class.isAssignableFrom(type) && types.size() < MAX_TYPES;
                type = type.getSuperclass()) {
            types.add(type.getName());
        }
        return types;
    }

    private static byte @Nullable [] serialize(Throwable thrown) {
        try {
            return JavaPayloads.write(thrown, MAX_ORIGINAL_BYTES);
        } catch (IOException | RuntimeException | Error e) {
            // Its description says all that matters.
            return null;
        }
    }
}
