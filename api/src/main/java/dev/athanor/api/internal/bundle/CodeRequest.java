package dev.athanor.api.internal.bundle;

import dev.athanor.api.Options;
import dev.athanor.api.internal.code.FunctionCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a bundle is made for. Equal requests get the same bundle.
 *
 * @param loader where classes come from
 * @param rootClass internal name of the class that holds the function
 * @param writtenIn internal name of the class that the function is written in
 * @param method name and descriptor of the function where it is a static method of the root class;
 *     else empty: the whole class is needed
 * @param values internal names of classes of captured values and arguments
 * @param includedClasses internal names
 * @param includedPaths jars and folders
 * @param requirements coordinates
 */
public record CodeRequest(
        ClassLoader loader,
        String rootClass,
        String writtenIn,
        String method,
        Set<String> values,
        Set<String> includedClasses,
        List<Path> includedPaths,
        List<String> requirements) {
    public CodeRequest {
        values = Set.copyOf(values);
        includedClasses = Set.copyOf(includedClasses);
    }

    public static CodeRequest of(FunctionCode code, Options options) {
        Set<String> included = new TreeSet<>();
        options.includedClasses().forEach(type -> included.add(type.getName().replace('.', '/')));
        return new CodeRequest(
                code.loader(),
                code.rootClass().replace('.', '/'),
                code.writtenIn().replace('.', '/'),
                code.isStatic() ? code.name() + code.descriptor() : "",
                Set.of(),
                included,
                options.includedPaths(),
                options.requirements());
    }

    /** The same with further classes of values. */
    public CodeRequest with(Set<String> furtherValues) {
        Set<String> all = new TreeSet<>(values);
        all.addAll(furtherValues);
        return new CodeRequest(
                loader,
                rootClass,
                writtenIn,
                method,
                all,
                includedClasses,
                includedPaths,
                requirements);
    }
}
