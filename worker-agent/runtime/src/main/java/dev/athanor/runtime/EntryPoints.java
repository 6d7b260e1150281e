package dev.athanor.runtime;

import static java.lang.invoke.MethodHandleInfo.REF_invokeInterface;
import static java.lang.invoke.MethodHandleInfo.REF_invokeSpecial;
import static java.lang.invoke.MethodHandleInfo.REF_invokeStatic;
import static java.lang.invoke.MethodHandleInfo.REF_invokeVirtual;
import static java.lang.invoke.MethodHandleInfo.REF_newInvokeSpecial;

import dev.athanor.runtime.protocol.EntryPoint;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;

/** Finds the methods that functions are, private ones included. For one thread. */
final class EntryPoints {

    private static final int MAX_REMEMBERED = 1_000;

    private final ClassLoader loader;
    private final Map<EntryPoint, Target> known = new HashMap<>();

    EntryPoints(ClassLoader loader) {
        this.loader = loader;
    }

    Target find(EntryPoint entryPoint) throws ReflectiveOperationException {
        Target target = known.get(entryPoint);
        if (target == null) {
            target = Target.of(lookUp(entryPoint));
            if (known.size() >= MAX_REMEMBERED) {
                known.clear();
            }
            known.put(entryPoint, target);
        }
        return target;
    }

    private MethodHandle lookUp(EntryPoint entryPoint) throws ReflectiveOperationException {
        Class<?> owner = Class.forName(entryPoint.owner().replace('/', '.'), false, loader);
        MethodType type = MethodType.fromMethodDescriptorString(entryPoint.descriptor(), loader);
        Lookup lookup = lookup(owner);
        String name = entryPoint.name();
        return switch (entryPoint.referenceKind()) {
            case REF_invokeVirtual, REF_invokeInterface -> lookup.findVirtual(owner, name, type);
            case REF_invokeStatic -> lookup.findStatic(owner, name, type);
            case REF_invokeSpecial -> lookup.findSpecial(owner, name, type, owner);
            case REF_newInvokeSpecial -> lookup.findConstructor(owner, type);
            default ->
                    throw new NoSuchMethodException(
                            "reference kind "
                                    + entryPoint.referenceKind()
                                    + " of "
                                    + entryPoint.owner()
                                    + "."
                                    + name
                                    + "; 5 to 9 are known");
        };
    }

    /** The JDK does not open its packages: of its classes only public methods can be called. */
    private static Lookup lookup(Class<?> owner) throws IllegalAccessException {
        return owner.getModule().isNamed()
                ? MethodHandles.publicLookup()
                : MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
    }
}
