package dev.athanor.environment.build;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a store's folder. {@code environments/KEY/1} is the first generation of an
 * environment; a rebuild adds the next number, so that whoever reads the former goes on reading.
 * {@code building/KEY-RANDOM} is a build under way, or what a killed process left of one. Whatever
 * changes a key's folders is called under the key's lock.
 */
final class EnvironmentFolders {
    /** How long a superseded generation stays for those who still read it. */
    static final Duration SUPERSEDED_FOR = Duration.ofDays(1);

    private static final Pattern GENERATION = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern BUILD = Pattern.compile("([0-9a-f]{64})-.+");

    private final Path environments;
    private final Path building;

    EnvironmentFolders(Path root) throws IOException {
        environments = Files.createDirectories(root.resolve("environments"));
        building = Files.createDirectories(root.resolve("building"));
    }

    Path startBuild(EnvironmentKey key) throws IOException {
        Files.createDirectories(building);
        return Files.createDirectory(building.resolve(key + "-" + UUID.randomUUID()));
    }

    /** Returns the newest generation, unless it is damaged. */
    Optional<StoredEnvironment> newest(EnvironmentKey key) throws IOException {
        List<Integer> generations = generations(key);
        return generations.isEmpty()
                ? Optional.empty()
                : StoredEnvironment.read(generation(key, last(generations)));
    }

    /** Completes a build and renames it into place; a twin of the newest generation is dropped. */
    StoredEnvironment publish(EnvironmentKey key, Path built, List<Path> classPath, Instant now)
            throws IOException {
        StoredEnvironment fresh = StoredEnvironment.complete(built, classPath);
        Optional<StoredEnvironment> newest = newest(key);
        if (newest.isPresent() && fresh.isSameAs(newest.get())) {
            delete(built);
            return newest.get();
        }
        List<Integer> generations = generations(key);
        Path place = generation(key, generations.isEmpty() ? 1 : last(generations) + 1);
        Files.createDirectories(place.getParent());
        Files.move(built, place, StandardCopyOption.ATOMIC_MOVE);
        prune(key, generations, now);
        return new StoredEnvironment(place, fresh.entries());
    }

    /** Returns the keys with builds under way or left over. */
    List<EnvironmentKey> keysInBuilding() throws IOException {
        try (Stream<Path> folders = Files.list(building)) {
            return folders.map(folder -> BUILD.matcher(folder.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> new EnvironmentKey(matcher.group(1)))
                    .distinct()
                    .toList();
        }
    }

    /** Deletes what earlier builds of a key left. */
    void sweep(EnvironmentKey key) throws IOException {
        List<Path> left;
        try (Stream<Path> folders = Files.list(building)) {
            left = folders.filter(f -> f.getFileName().toString().startsWith(key.hex())).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path folder : left) {
            delete(folder);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** Deletes generations superseded long ago; each was superseded when its successor was made. */
    private void prune(EnvironmentKey key, List<Integer> superseded, Instant now)
            throws IOException {
        for (int i = 0; i + 1 < superseded.size(); i++) {
            Path successor = generation(key, superseded.get(i + 1));
            Instant since = Files.getLastModifiedTime(successor).toInstant();
            if (since.plus(SUPERSEDED_FOR).isBefore(now)) {
                delete(generation(key, superseded.get(i)));
            }
        }
    }

    private List<Integer> generations(EnvironmentKey key) throws IOException {
        try (Stream<Path> folders = Files.list(environments.resolve(key.hex()))) {
            return new ArrayList<>(
                    folders.map(folder -> folder.getFileName().toString())
                            .filter(name -> GENERATION.matcher(name).matches())
                            .map(Integer::valueOf)
                            .sorted()
                            .toList());
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private Path generation(EnvironmentKey key, int number) {
        return environments.resolve(key.hex()).resolve(Integer.toString(number));
    }

    private static int last(List<Integer> generations) {
        return generations.get(generations.size() - 1);
    }
}
