package dev.athanor.runtime;

import static java.lang.invoke.MethodHandleInfo.REF_invokeInterface;
import static java.lang.invoke.MethodHandleInfo.REF_invokeSpecial;
import static java.lang.invoke.MethodHandleInfo.REF_invokeVirtual;

import dev.athanor.runtime.json.JsonParameter;
import dev.athanor.runtime.protocol.EntryPoint;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what functions declare to take, which their descriptors do not fully say. */
final class DeclaredParameters {
    private DeclaredParameters() {}

    /**
     * What it takes, the receiver of a method first: with type arguments and names, as far as the
     * class file has them.
     */
    static List<JsonParameter> of(EntryPoint entryPoint, ClassLoader loader)
            throws ClassNotFoundException {
        Class<?> owner = Class.forName(entryPoint.owner().replace('/', '.'), false, loader);
        MethodType type = MethodType.fromMethodDescriptorString(entryPoint.descriptor(), loader);
        List<JsonParameter> parameters = new ArrayList<>();
        switch (entryPoint.referenceKind()) {
            case REF_invokeVirtual, REF_invokeInterface, REF_invokeSpecial ->
                    parameters.add(new JsonParameter("this", owner));
            default -> {
                // There is no receiver.
            }
        }
        Executable declared = declared(owner, entryPoint.name(), type.parameterArray());
        Type[] types =
                declared == null ? type.parameterArray() : declared.getGenericParameterTypes();
        for (int i = 0; i < type.parameterCount(); i++) {
            // Constructors of inner classes declare less than they take.
            boolean isDeclared = types.length == type.parameterCount();
            Parameter parameter = declared == null ? null : declared.getParameters()[i];
            parameters.add(
                    new JsonParameter(
                            parameter != null && parameter.isNamePresent()
                                    ? parameter.getName()
                                    : null,
                            isDeclared ? types[i] : type.parameterType(i)));
        }
        return parameters;
    }

    /** Finds it where it is declared: a class inherits methods. */
    private static @Nullable Executable declared(
            @Nullable Class<?> owner, String name, Class<?>[] types) {
        if (owner == null) {
            return null;
        }
        try {
            return name.equals("<init>")
                    ? owner.getDeclaredConstructor(types)
                    : owner.getDeclaredMethod(name, types);
        } catch (NoSuchMethodException e) {
            return declared(owner.getSuperclass(), name, types);
        }
    }
}
