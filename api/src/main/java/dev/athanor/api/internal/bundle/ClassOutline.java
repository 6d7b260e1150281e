package dev.athanor.api.internal.bundle;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;

/**
 * The classes that a class file mentions, by where. Annotations are left out: a JVM does without
 * their classes. Names are internal ones.
 *
 * @param linked superclass and interfaces: without them the class does not load
 * @param shell mentioned outside of methods' code: fields, signatures, records, permitted
 *     subclasses
 * @param neighbours nest host and enclosing class, which need to be there but are not run
 * @param methods by name and descriptor
 */
record ClassOutline(
        Set<String> linked,
        Set<String> shell,
        Set<String> neighbours,
        Map<String, MethodOutline> methods) {

    /**
     * A method's code.
     *
     * @param types mentioned classes
     * @param ownMethods methods of the same class that it names
     * @param makesOwn whether it makes objects of its own class
     */
    record MethodOutline(Set<String> types, Set<String> ownMethods, boolean makesOwn) {}

    static ClassOutline of(byte[] classFile) {
        OutlineVisitor visitor = new OutlineVisitor();
        new ClassReader(classFile)
                .accept(visitor, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return visitor.outline();
    }

    /** Everything that running any part of the class may need. */
    Set<String> all() {
        Set<String> all = new TreeSet<>(linked);
        all.addAll(shell);
        methods.values().forEach(method -> all.addAll(method.types()));
        return all;
    }

    /** The methods that code reaches which starts with the given one or with the class's start. */
    Map<String, MethodOutline> reachable(String entry) {
        Map<String, MethodOutline> reached = new LinkedHashMap<>();
        Set<String> open = new HashSet<>(Set.of(entry, "<clinit>()V"));
        while (!open.isEmpty()) {
            String next = open.iterator().next();
            open.remove(next);
            MethodOutline method = methods.get(next);
            if (method != null && reached.put(next, method) == null) {
                open.addAll(method.ownMethods());
            }
        }
        return reached;
    }
}
