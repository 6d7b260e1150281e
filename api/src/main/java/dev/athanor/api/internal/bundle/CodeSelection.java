package dev.athanor.api.internal.bundle;

import dev.athanor.api.InvalidFunctionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which code a bundle holds.
 *
 * <p>Folders that the function reaches come whole, as does the plain jar that it is in. Where it is
 * in anything else (a fat jar, a jar within a jar, a shell), the classes that it reaches come one
 * by one, from jars as well. Requirements, the JDK and Athanor never come.
 *
 * @param wholes folders and jars, the function's own first
 * @param classes by internal name, beside the wholes
 */
record CodeSelection(List<Path> wholes, SortedMap<String, ClassFile> classes) {
    static CodeSelection of(CodeRequest request, AthanorClasses athanor) {
        ClassSource source = new ClassSource(request.loader());
        Requirements requirements = new Requirements(request.requirements());
        Set<CodeLocation> homes = homes(request, source, requirements);
        boolean oneByOne = homes.stream().anyMatch(home -> !isSentWhole(home));
        ClassClosure closure =
                new ClassClosure(
                        source,
                        (name, location) ->
                                !(location instanceof CodeLocation.Platform)
                                        && !athanor.contains(name)
                                        && !requirements.provide(location)
                                        && (oneByOne
                                                || location instanceof CodeLocation.Folder
                                                || homes.contains(location)));
        walk(request, closure);
        return selection(request, homes, closure.members());
    }

    /** Where the function and included classes are, and where it is written. */
    private static Set<CodeLocation> homes(
            CodeRequest request, ClassSource source, Requirements requirements) {
        Set<CodeLocation> homes = new LinkedHashSet<>();
        homes.add(locate(request.rootClass(), source));
        source.location(request.writtenIn()).ifPresent(homes::add);
        for (String name : new TreeSet<>(request.includedClasses())) {
            homes.add(locate(name, source));
        }
        homes.removeIf(home -> home instanceof CodeLocation.Platform || requirements.provide(home));
        return homes;
    }

    private static CodeLocation locate(String name, ClassSource source) {
        return source.location(name)
                .orElseThrow(() ->
                        new InvalidFunctionException(
                                "the class file of %s cannot be read through its class loader"
                                        .formatted(name.replace('/', '.'))));
    }

    private static void walk(CodeRequest request, ClassClosure closure) {
        if (request.method().isEmpty()) {
            closure.add(List.of(request.rootClass()));
        } else {
            closure.addMethod(request.rootClass(), request.method());
        }
        closure.add(request.includedClasses());
        closure.add(request.values());
    }

    private static CodeSelection selection(
            CodeRequest request, Set<CodeLocation> homes, SortedMap<String, ClassFile> members) {
        Set<CodeLocation> reached = new LinkedHashSet<>(homes);
        Set<Path> folders = new TreeSet<>();
        Set<Path> wholes = new LinkedHashSet<>();
        members.values().forEach(member -> reached.add(member.location()));
        for (CodeLocation location : reached) {
            path(location)
                    .filter(path -> homes.contains(location) || Files.isDirectory(path))
                    .filter(path -> new Archive(path).isSentWhole())
                    .ifPresent(homes.contains(location) ? wholes::add : folders::add);
        }
        wholes.addAll(folders);
        SortedMap<String, ClassFile> classes = new TreeMap<>(members);
        classes.values()
                .removeIf(member -> path(member.location()).filter(wholes::contains).isPresent());
        wholes.addAll(request.includedPaths());
        return new CodeSelection(new ArrayList<>(wholes), classes);
    }

    private static boolean isSentWhole(CodeLocation location) {
        return path(location).filter(path -> new Archive(path).isSentWhole()).isPresent();
    }

    private static Optional<Path> path(CodeLocation location) {
        if (location instanceof CodeLocation.Folder folder) {
            return Optional.of(folder.path());
        }
        return location instanceof CodeLocation.Jar jar
                ? Optional.of(jar.path())
                : Optional.empty();
    }

    Bundle toBundle() {
        BundleJar jar = new BundleJar();
        wholes.forEach(path -> new Archive(path).copyTo(jar));
        jar.add(classes);
        return jar.build();
    }
}
