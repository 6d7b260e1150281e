package dev.athanor.standalone.command;

import dev.athanor.environment.build.BuildFailedException;
import dev.athanor.environment.build.EnvironmentDefinition;
import dev.athanor.environment.build.EnvironmentKind;
import dev.athanor.environment.build.MavenEnvironmentBuilder;
import dev.athanor.environment.build.MavenOptions;
import dev.athanor.environment.build.RepositoryDefinition;
import dev.athanor.environment.build.RepositoryTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Looks up methods in the classes that a user deploys, without anything of this command's own. */
final class ClassesToDeploy implements AutoCloseable {
    /** What {@link MavenEnvironmentBuilder} puts before the names of jars: their place. */
    private static final String PLACE = "^\\d+-";

    private final URLClassLoader loader;

    private ClassesToDeploy(URLClassLoader loader) {
        this.loader = loader;
    }

    /** The JDK's classes and Athanor's annotations, which users' classes have. */
    private static final class Parent extends ClassLoader {
        private final ClassLoader own = ClassesToDeploy.class.getClassLoader();

        Parent() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("dev.athanor.api.") && !name.contains(".internal.")) {
                return own.loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }

    /**
     * Opens them.
     *
     * @param classPath jars and folders
     * @throws IllegalArgumentException where one is not there
     */
    static ClassesToDeploy open(List<Path> classPath) {
        List<URL> urls = new ArrayList<>();
        for (Path path : classPath) {
            if (!Files.exists(path)) {
                throw new IllegalArgumentException("there is no " + path + " for the class path");
            }
            try {
                urls.add(path.toRealPath().toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(path + " cannot be on a class path", e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new ClassesToDeploy(
                new URLClassLoader("deployed", urls.toArray(URL[]::new), new Parent()));
    }

    /**
     * Finds a method.
     *
     * @param target as {@code com.acme.Jokes::tell}
     * @throws ClassNotFoundException where the class is not there, or one that it names
     * @throws IllegalArgumentException where there is no one method of that name to be deployed
     */
    Method method(String target) throws ClassNotFoundException {
        int separator = target.indexOf("::");
        String name = target.substring(separator + 2);
        Class<?> owner = Class.forName(target.substring(0, separator), false, loader);
        Method[] methods;
        try {
            methods = owner.getDeclaredMethods();
        } catch (NoClassDefFoundError e) {
            throw new ClassNotFoundException(e.getMessage(), e);
        }
        List<Method> found =
                Arrays.stream(methods)
                        .filter(each -> each.getName().equals(name) && !each.isBridge())
                        .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException(
                    "%s has %d methods %s: what is deployed has a name of its own"
                            .formatted(owner.getName(), found.size(), name));
        }
        String there =
                Arrays.stream(methods)
                        .filter(each ->
                                Modifier.isStatic(each.getModifiers()) && !each.isSynthetic())
                        .map(Method::getName)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "%s has no method %s; its static ones are: %s"
                        .formatted(owner.getName(), name, there.isEmpty() ? "none" : there));
    }

    /**
     * The jars of requirements and of what these require, under their own names.
     *
     * @param cache where downloads are kept
     * @param folder empty, for the jars
     * @throws IllegalArgumentException where they cannot be had
     */
    static List<Path> resolve(
            List<String> requirements,
            List<RepositoryDefinition> repositories,
            Path cache,
            Path folder)
            throws InterruptedException {
        MavenOptions options = MavenOptions.in(cache).withTrust(RepositoryTrust.FULL);
        try (MavenEnvironmentBuilder builder = new MavenEnvironmentBuilder(options)) {
            Path numbered = Files.createDirectories(folder.resolve("numbered"));
            Path named = Files.createDirectories(folder.resolve("named"));
            List<Path> jars = new ArrayList<>();
            for (Path jar :
                    builder.build(
                            new EnvironmentDefinition(
                                    EnvironmentKind.JVM, "", requirements, repositories, Map.of()),
                            numbered,
                            line -> {})) {
                Path own = named.resolve(jar.getFileName().toString().replaceFirst(PLACE, ""));
                jars.add(Files.copy(jar, own));
            }
            return jars;
        } catch (BuildFailedException e) {
            throw new IllegalArgumentException(
                    "the requirements cannot be resolved: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
