package dev.athanor.api.internal.bundle;

import dev.athanor.api.internal.bundle.ClassOutline.MethodOutline;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The classes that a function reaches.
 *
 * <p>Of a class that is run, all that it mentions is run in turn. A class that is only linked comes
 * with its superclasses and interfaces, which is what the JVM's verifier asks for. The class that a
 * static method or lambda is written in is run in part: the methods that the function reaches, with
 * the rest linked. So a lambda in an application's main class does not drag the application along.
 *
 * <p>Names are internal ones. For one thread.
 */
final class ClassClosure {
    /** Says which classes are the caller's to send. */
    interface Scope {
        boolean includes(String name, CodeLocation location);
    }

    private final ClassSource source;
    private final Scope scope;
    private final SortedMap<String, ClassFile> members = new TreeMap<>();
    private final Map<String, ClassOutline> outlines = new HashMap<>();
    private final Set<String> run = new HashSet<>();
    private final Deque<String> toRun = new ArrayDeque<>();
    private final Deque<String> toLink = new ArrayDeque<>();

    ClassClosure(ClassSource source, Scope scope) {
        this.source = source;
        this.scope = scope;
    }

    /** Adds classes as wholes, with all that they reach. */
    void add(Collection<String> names) {
        toRun.addAll(names);
        walk();
    }

    /** Adds a static method, given by its name and descriptor, with all that it reaches. */
    void addMethod(String owner, String method) {
        Optional<ClassOutline> outline = outline(owner);
        if (outline.isEmpty()) {
            return;
        }
        Map<String, MethodOutline> reached = outline.get().reachable(method);
        if (reached.values().stream().anyMatch(MethodOutline::makesOwn)) {
            toRun.add(owner);
        } else if (!run.contains(owner)) {
            reached.values().forEach(part -> follow(owner, part.types()));
            follow(owner, outline.get().linked());
            toLink.addAll(outline.get().all());
            toLink.addAll(outline.get().neighbours());
        }
        walk();
    }

    SortedMap<String, ClassFile> members() {
        return members;
    }

    private void follow(String owner, Set<String> types) {
        types.stream().filter(type -> !type.equals(owner)).forEach(toRun::add);
    }

    private void walk() {
        while (!toRun.isEmpty() || !toLink.isEmpty()) {
            if (toRun.isEmpty()) {
                String name = toLink.pop();
                if (!members.containsKey(name)) {
                    outline(name).ifPresent(outline -> toLink.addAll(outline.linked()));
                }
            } else {
                runWhole(toRun.pop());
            }
        }
    }

    private void runWhole(String name) {
        if (run.add(name)) {
            outline(name)
                    .ifPresent(outline -> {
                        toRun.addAll(outline.all());
                        toLink.addAll(outline.neighbours());
                    });
        }
    }

    /** Empty for classes outside of the scope and for those that the loader does not have. */
    private Optional<ClassOutline> outline(String name) {
        ClassOutline known = outlines.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<CodeLocation> location =
                source.location(name).filter(found -> scope.includes(name, found));
        if (location.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> bytes = source.bytes(name);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        ClassFormat.check(name.replace('/', '.'), bytes.get());
        ClassOutline outline = ClassOutline.of(bytes.get());
        members.put(name, new ClassFile(location.get(), bytes.get()));
        outlines.put(name, outline);
        return Optional.of(outline);
    }
}
