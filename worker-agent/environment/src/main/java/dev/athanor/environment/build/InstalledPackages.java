package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** Writes down what a virtual environment holds: each package, its version and its files' hash. */
final class InstalledPackages {
    private static final String METADATA = ".dist-info";

    private InstalledPackages() {}

    static Path write(Path environment, Path list) throws IOException {
        List<String> lines = new ArrayList<>();
        try (DirectoryStream<Path> pythons =
                Files.newDirectoryStream(environment.resolve("lib"), "python*")) {
            for (Path python : pythons) {
                lines.addAll(lines(python.resolve("site-packages")));
            }
        }
        Collections.sort(lines);
        return Files.write(list, lines, UTF_8);
    }

    private static List<String> lines(Path packages) throws IOException {
        List<String> lines = new ArrayList<>();
        try (DirectoryStream<Path> installed = Files.newDirectoryStream(packages, "*" + METADATA)) {
            for (Path metadata : installed) {
                String name = String.valueOf(metadata.getFileName());
                // The record has the hash of every file that came with the package.
                Path files = metadata.resolve("RECORD");
                byte[] hash =
                        KeyHash.sha256()
                                .digest(
                                        Files.exists(files)
                                                ? Files.readAllBytes(files)
                                                : name.getBytes(UTF_8));
                lines.add(
                        name.substring(0, name.length() - METADATA.length())
                                + "\t"
                                + HexFormat.of().formatHex(hash));
            }
        }
        return lines;
    }
}
