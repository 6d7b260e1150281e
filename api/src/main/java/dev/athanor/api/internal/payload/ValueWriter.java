package dev.athanor.api.internal.payload;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.SerializedLambda;
import java.util.Set;
import java.util.TreeSet;

/** Serializes values and notes whose classes they are, so that these can be sent along. */
final class ValueWriter extends ObjectOutputStream {
    private final Set<String> classes = new TreeSet<>();

    ValueWriter(OutputStream out) throws IOException {
        super(out);
        enableReplaceObject(true);
    }

    Set<String> classes() {
        return classes;
    }

    @Override
    protected void annotateClass(Class<?> type) {
        note(type);
    }

    @Override
    protected void annotateProxyClass(Class<?> type) {
        for (Class<?> implemented : type.getInterfaces()) {
            note(implemented);
        }
    }

    /** Lambdas among the values are read by the class that they are written in. */
    @Override
    protected Object replaceObject(Object object) {
        if (object instanceof SerializedLambda lambda) {
            classes.add(lambda.getCapturingClass());
            classes.add(lambda.getImplClass());
        }
        return object;
    }

    private void note(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        if (!PlatformClasses.contain(element)) {
            classes.add(element.getName().replace('.', '/'));
        }
    }
}
