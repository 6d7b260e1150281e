package dev.athanor.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Finds the {@link Isolated} of the method that a function is. */
final class AnnotatedMethod {
    private AnnotatedMethod() {}

    /**
     * The annotation, where there is one.
     *
     * @param lambda of a lambda or method reference; empty: the function is an object of a class
     * @throws InvalidFunctionException when there is one that cannot be read
     */
    static Optional<Isolated> find(
            Class<?> type, Serializable function, Optional<SerializedLambda> lambda) {
        return lambda.isPresent()
                ? ofReference(lambda.get(), function.getClass().getClassLoader())
                : ofObject(type, function.getClass());
    }

    private static Optional<Isolated> ofReference(SerializedLambda lambda, ClassLoader loader) {
        String name = lambda.getImplMethodName();
        if (name.startsWith("lambda$") || name.startsWith("<")) {
            return Optional.empty();
        }
        String owner = lambda.getImplClass().replace('/', '.');
        try {
            Class<?> ownerType = Class.forName(owner, false, loader);
            Class<?>[] parameters =
                    MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader)
                            .parameterArray();
            return annotation(ownerType.getDeclaredMethod(name, parameters));
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            return Optional.empty();
        } catch (LinkageError | TypeNotPresentException e) {
            return unreadable(owner, loader, e);
        }
    }

    private static Optional<Isolated> ofObject(Class<?> type, Class<?> owner) {
        Method called =
                Arrays.stream(type.getMethods())
                        .filter(method -> Modifier.isAbstract(method.getModifiers()))
                        .findFirst()
                        .orElseThrow();
        try {
            return Arrays.stream(owner.getMethods())
                    .filter(method -> method.getName().equals(called.getName()))
                    .filter(method -> method.getParameterCount() == called.getParameterCount())
                    .filter(method -> !method.isBridge())
                    .flatMap(method -> annotation(method).stream())
                    .findFirst();
        } catch (LinkageError e) {
            return unreadable(owner.getName(), owner.getClassLoader(), e);
        }
    }

    private static Optional<Isolated> annotation(Method method) {
        return Optional.ofNullable(method.getAnnotation(Isolated.class));
    }

    /**
     * Reflection resolves the signatures of all methods of a class, one of which may mention a
     * requirement that the caller does not have. That matters only where the class is annotated.
     */
    private static Optional<Isolated> unreadable(String owner, ClassLoader loader, Throwable e) {
        if (mentionsAnnotation(owner, loader)) {
            throw new InvalidFunctionException(
                    ("@Isolated in %s cannot be read, since a method there mentions %s: move the"
                                    + " function to another class, or give its options in code")
                            .formatted(owner, e.getMessage()),
                    e);
        }
        return Optional.empty();
    }

    private static boolean mentionsAnnotation(String owner, ClassLoader loader) {
        String file = owner.replace('.', '/') + ".class";
        try (InputStream in = loader.getResourceAsStream(file)) {
            return in != null
                    && new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                            .contains(Isolated.class.descriptorString());
        } catch (IOException e) {
            return false;
        }
    }
}
