package dev.athanor.runtime;

import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.InvokeFrame;
import dev.athanor.runtime.protocol.PayloadCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Takes serializable lambdas apart as callers do. */
final class Lambdas {

    private Lambdas() {}

    static EntryPoint entryPoint(Serializable lambda) {
        SerializedLambda form = form(lambda);
        return new EntryPoint(
                form.getImplClass(),
                form.getImplMethodName(),
                form.getImplMethodSignature(),
                form.getImplMethodKind());
    }

    static Object[] values(Serializable lambda, Object... arguments) {
        SerializedLambda form = form(lambda);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < form.getCapturedArgCount(); i++) {
            values.add(form.getCapturedArg(i));
        }
        Collections.addAll(values, arguments);
        return values.toArray();
    }

    static InvokeFrame invoke(Serializable lambda, Object... arguments) {
        return invoke(entryPoint(lambda), serialize(values(lambda, arguments)));
    }

    static InvokeFrame invoke(EntryPoint entryPoint, byte[] arguments) {
        return new InvokeFrame(7, PayloadCodec.JAVA, entryPoint, "id", 1, 10_000, arguments);
    }

    static byte[] serialize(Object value) {
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
