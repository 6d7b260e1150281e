package dev.athanor.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A method, constructor or lambda body that takes all it needs as one array.
 *
 * @param handle of type {@code (Object[]) -> Object}
 * @param parameterCount how many elements the array must have
 */
record Target(MethodHandle handle, int parameterCount) {

    private static final MethodType SPREAD = MethodType.methodType(Object.class, Object[].class);

    static Target of(MethodHandle method) {
        MethodHandle fixed = method.asFixedArity();
        int parameters = fixed.type().parameterCount();
        return new Target(fixed.asSpreader(Object[].class, parameters).asType(SPREAD), parameters);
    }

    /** Calls it; whatever it throws comes through. */
    @Nullable Object invoke(@Nullable Object[] arguments) throws Throwable {
        return (Object) handle.invokeExact(arguments);
    }
}
