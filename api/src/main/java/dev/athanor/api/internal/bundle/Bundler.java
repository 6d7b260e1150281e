package dev.athanor.api.internal.bundle;

import dev.athanor.runtime.SandboxMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the bundles of functions, each once. What is on disk is read when it is first needed: the
 * classes that the caller runs are older still. Safe for any number of threads.
 */
public final class Bundler {
    private final AthanorClasses athanor = new AthanorClasses();
    private final Map<CodeRequest, Optional<Bundle>> bundles = new ConcurrentHashMap<>();
    private final Map<List<Path>, Bundle> wholes = new ConcurrentHashMap<>();

    /** The API's own classes, which every function gets after its own bundle. */
    public Bundle apiBundle() {
        return athanor.bundle();
    }

    /** What runs inside sandboxes, as a file for hosts that start them. */
    public static Bundle runtimeBundle() {
        ClassSource source = new ClassSource(SandboxMain.class.getClassLoader());
        String folder = SandboxMain.class.getPackageName().replace('.', '/') + "/";
        ClassClosure closure =
                new ClassClosure(source, (name, location) -> name.startsWith(folder));
        closure.add(List.of(SandboxMain.class.getName().replace('.', '/')));
        BundleJar jar = new BundleJar();
        jar.add(closure.members());
        return jar.build();
    }

    /**
     * The function's own bundle; empty where it needs no code but the JDK's and its requirements'.
     *
     * @throws dev.athanor.api.InvalidFunctionException when code cannot be read, or not be run by
     *     agents
     * @throws dev.athanor.api.TooLargeException when it exceeds what may be sent
     */
    public Optional<Bundle> bundle(CodeRequest request) {
        return bundles.computeIfAbsent(request, this::make);
    }

    private Optional<Bundle> make(CodeRequest request) {
        CodeSelection selection = CodeSelection.of(request, athanor);
        if (!selection.classes().isEmpty()) {
            return Optional.of(selection.toBundle());
        }
        return selection.wholes().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        wholes.computeIfAbsent(selection.wholes(), paths -> selection.toBundle()));
    }
}
