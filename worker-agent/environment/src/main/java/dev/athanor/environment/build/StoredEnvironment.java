package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One built environment on disk: a folder with its files and a manifest that lists them in class
 * path order with their sizes. The manifest is written before the folder is renamed into place, so
 * a folder without one was damaged later.
 */
record StoredEnvironment(Path folder, List<Entry> entries) {
    private static final String MANIFEST = "class-path.tsv";

    /** One file, or a folder, whose size is not kept. */
    record Entry(String name, long size) {
        private static final long FOLDER = -1;

        static Entry of(Path folder, Path file) throws IOException {
            String name = folder.relativize(file).toString();
            return new Entry(name, Files.isDirectory(file) ? FOLDER : Files.size(file));
        }

        boolean isIntact(Path folder) {
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
                return attributes.isDirectory() ? size == FOLDER : size == attributes.size();
            } catch (IOException e) {
                return false;
            }
        }
    }

    StoredEnvironment {
        entries = List.copyOf(entries);
    }

    /** Completes a folder that was just built. */
    static StoredEnvironment complete(Path folder, List<Path> classPath) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : classPath) {
            entries.add(Entry.of(folder, file));
        }
        List<String> lines =
                entries.stream().map(entry -> entry.size() + "\t" + entry.name()).toList();
        Files.write(folder.resolve(MANIFEST), lines, UTF_8);
        return new StoredEnvironment(folder, entries);
    }

    /** Reads a folder; empty where it is missing, damaged, or was never completed. */
    static Optional<StoredEnvironment> read(Path folder) throws IOException {
        try {
            List<Entry> entries = new ArrayList<>();
            for (String line : Files.readAllLines(folder.resolve(MANIFEST), UTF_8)) {
                int tab = line.indexOf('\t');
                if (tab < 0) {
                    return Optional.empty();
                }
                entries.add(new Entry(line.substring(tab + 1), Long.parseLong(line, 0, tab, 10)));
            }
            return Optional.of(new StoredEnvironment(folder, entries))
                    .filter(StoredEnvironment::isIntact);
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether manifest and files are all there, with their sizes. */
    boolean isIntact() {
        return Files.exists(folder.resolve(MANIFEST))
                && entries.stream().allMatch(entry -> entry.isIntact(folder));
    }

    /** Whether both hold the same files with the same content in the same order. */
    boolean isSameAs(StoredEnvironment other) throws IOException {
        if (!entries.equals(other.entries)) {
            return false;
        }
        for (Entry entry : entries) {
            Path mine = folder.resolve(entry.name());
            if (entry.size() == Entry.FOLDER
                    || Files.mismatch(mine, other.folder.resolve(entry.name())) >= 0) {
                return false;
            }
        }
        return true;
    }

    Environment toEnvironment(EnvironmentKey key) {
        return new Environment(
                key, entries.stream().map(entry -> folder.resolve(entry.name())).toList());
    }
}
