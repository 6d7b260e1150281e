package dev.athanor.api.internal.bundle;

import dev.athanor.api.Athanor;
import dev.athanor.api.CallContext;
import dev.athanor.api.RemoteException;
import dev.athanor.api.data.DataFunctions;
import dev.athanor.schemas.Codec;
import java.util.List;

/** Which classes are Athanor's own, wherever they were packed to. */
final class AthanorClasses {
    /** A folder or jar with this entry holds Athanor itself. */
    static final String MARKER = internalName(Athanor.class) + ".class";

    private static final String API = folder(Athanor.class);
    private static final String DATA = folder(DataFunctions.class);
    private static final String INTERNAL = API + "internal/";
    private static final List<String> NESTED =
            List.of(
                    INTERNAL + "nested/",
                    INTERNAL + "call/",
                    INTERNAL + "code/",
                    INTERNAL + "payload/");
    private static final String SCHEMAS = folder(Codec.class);

    private final Bundle bundle;

    AthanorClasses() {
        ClassSource source = new ClassSource(Athanor.class.getClassLoader());
        ClassClosure closure = new ClassClosure(source, (name, location) -> isInApi(name));
        closure.add(
                List.of(
                        internalName(Athanor.class),
                        internalName(CallContext.class),
                        internalName(RemoteException.class)));
        BundleJar jar = new BundleJar();
        jar.add(closure.members());
        this.bundle = jar.build();
    }

    /** The classes that travel with every function, so that code which mentions them loads. */
    Bundle bundle() {
        return bundle;
    }

    /** Whether agents get the class with every function, or never. Takes an internal name. */
    boolean contains(String name) {
        return bundle.classNames().contains(name.replace('/', '.'))
                || name.startsWith(INTERNAL)
                || name.startsWith(SCHEMAS);
    }

    /** The public package, and what it calls functions by from within a sandbox. */
    private static boolean isInApi(String name) {
        boolean isPublic = name.startsWith(API) && name.indexOf('/', API.length()) < 0;
        return isPublic || name.startsWith(DATA) || NESTED.stream().anyMatch(name::startsWith);
    }

    private static String internalName(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    private static String folder(Class<?> type) {
        return type.getPackageName().replace('.', '/') + "/";
    }
}
