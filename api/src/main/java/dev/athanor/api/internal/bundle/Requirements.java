package dev.athanor.api.internal.bundle;

import java.util.List;
import java.util.regex.Pattern;

/** Which jars hold requirements, which agents resolve themselves. */
final class Requirements {
    private final List<Pattern> fileNames;

    /**
     * @param coordinates as {@code group:artifact:…:version}
     */
    Requirements(List<String> coordinates) {
        this.fileNames = coordinates.stream().map(Requirements::fileName).toList();
    }

    /** Of any version: the one that the caller compiles with need not be the one that is run. */
    private static Pattern fileName(String coordinate) {
        return Pattern.compile(Pattern.quote(coordinate.split(":", -1)[1]) + "(-\\d.*)?\\.jar");
    }

    boolean provide(CodeLocation location) {
        String fileName = location.fileName();
        return fileNames.stream().anyMatch(pattern -> pattern.matcher(fileName).matches());
    }
}
