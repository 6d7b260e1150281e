package dev.athanor.api.internal.code;

import dev.athanor.api.Callee;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The method that a function is, with the values that go before its arguments.
 *
 * @param owner binary name of the class to look the method up in
 * @param name the method's name
 * @param descriptor the method's descriptor
 * @param referenceKind one of {@link MethodHandleInfo}'s, 5 to 9
 * @param captured receiver and captured values, in order
 * @param rootClass binary name of the class whose code is needed; the owner, except for function
 *     objects of a class of their own
 * @param writtenIn binary name of the class whose source holds the lambda or method reference
 * @param loader where the function's class comes from
 */
public record FunctionCode(
        String owner,
        String name,
        String descriptor,
        int referenceKind,
        List<@Nullable Object> captured,
        String rootClass,
        String writtenIn,
        ClassLoader loader) {
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+?)\\$.*");

    public FunctionCode {
        captured = Collections.unmodifiableList(new ArrayList<>(captured));
    }

    /** Tells what the callee's code is. */
    public static FunctionCode of(Callee<?> callee) {
        ClassLoader loader = loader(callee.function().getClass());
        return callee.lambda()
                .map(lambda -> ofLambda(lambda, loader))
                .orElseGet(() -> ofObject(callee, loader));
    }

    private static FunctionCode ofLambda(SerializedLambda lambda, ClassLoader loader) {
        List<@Nullable Object> captured = new ArrayList<>();
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            captured.add(lambda.getCapturedArg(i));
        }
        String owner = lambda.getImplClass().replace('/', '.');
        return new FunctionCode(
                owner,
                lambda.getImplMethodName(),
                lambda.getImplMethodSignature(),
                lambda.getImplMethodKind(),
                captured,
                owner,
                lambda.getCapturingClass().replace('/', '.'),
                loader);
    }

    /** An object of the caller's own class is the receiver of the interface's method. */
    private static FunctionCode ofObject(Callee<?> callee, ClassLoader loader) {
        Method method =
                Arrays.stream(callee.type().getMethods())
                        .filter(candidate -> Modifier.isAbstract(candidate.getModifiers()))
                        .findFirst()
                        .orElseThrow();
        String ownClass = callee.function().getClass().getName();
        return new FunctionCode(
                callee.type().getName(),
                method.getName(),
                MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                        .toMethodDescriptorString(),
                MethodHandleInfo.REF_invokeInterface,
                List.of(callee.function()),
                ownClass,
                ownClass,
                loader);
    }

    private static ClassLoader loader(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }

    /** Whether the method is a static one of {@link #rootClass()}. */
    public boolean isStatic() {
        return referenceKind == MethodHandleInfo.REF_invokeStatic;
    }

    /** For people: class and method, for lambdas the method that they are written in. */
    public String displayName() {
        String simple = rootClass.substring(rootClass.lastIndexOf('.') + 1);
        Matcher lambda = LAMBDA.matcher(name);
        return simple + "." + (lambda.matches() ? lambda.group(1) : name);
    }
}
