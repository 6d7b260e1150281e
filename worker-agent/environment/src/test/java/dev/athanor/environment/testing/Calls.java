package dev.athanor.environment.testing;

import dev.athanor.environment.sandbox.Call;
import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.PayloadCodec;
import dev.athanor.runtime.protocol.PlainValues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Turns serializable lambdas into calls as the API does. */
public final class Calls {

    /** Limit for results in tests, in bytes. */
    public static final long MAX_RESULT_BYTES = 64 << 20;

    private Calls() {}

    /** Makes a call of a lambda or method reference. */
    public static Call of(Serializable lambda, Object... arguments) {
        SerializedLambda form = form(lambda);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < form.getCapturedArgCount(); i++) {
            values.add(form.getCapturedArg(i));
        }
        Collections.addAll(values, arguments);
        EntryPoint entryPoint =
                new EntryPoint(
                        form.getImplClass(),
                        form.getImplMethodName(),
                        form.getImplMethodSignature(),
                        form.getImplMethodKind());
        return of(entryPoint, MAX_RESULT_BYTES, values.toArray());
    }

    /** Makes a call of a named method. */
    public static Call of(EntryPoint entryPoint, long maxResultBytes, Object... values) {
        return new Call(
                "test", 1, PayloadCodec.JAVA, entryPoint, serialize(values), maxResultBytes);
    }

    /** Reads a result. */
    public static Object read(byte[] bytes) {
        try {
            return PlainValues.arePlain(bytes) ? PlainValues.read(bytes) : readObject(bytes);
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object readObject(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    private static byte[] serialize(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static SerializedLambda form(Serializable lambda) {
        try {
            Method writeReplace = lambda.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            return (SerializedLambda) writeReplace.invoke(lambda);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
