package dev.athanor.api.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder below {@code /data}, as functions name it. Whatever it came from, it leads nowhere else.
 *
 * @param names from the first below {@code /data} on, one at least
 */
public record DataPath(List<String> names) {
    /** Where the persistent folder is, as functions see it. */
    public static final String ROOT = "/data";

    /** Its first name is for what is under way, and cannot be synced to. */
    static final String RESERVED = ".athanor";

    public DataPath {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a folder below " + ROOT + " needs a name");
        }
        names.forEach(Names::check);
        if (names.get(0).equals(RESERVED)) {
            throw new IllegalArgumentException(
                    ROOT + "/" + RESERVED + " is where folders under way are kept");
        }
    }

    /**
     * Reads a path such as {@code /data/models}.
     *
     * @throws IllegalArgumentException when it is not absolute, not below {@code /data}, or has
     *     {@code ..} in it
     */
    public static DataPath parse(String path) {
        if (!path.startsWith(ROOT + "/")) {
            throw new IllegalArgumentException("it is not below " + ROOT);
        }
        List<String> names = new ArrayList<>();
        for (String name : path.substring(ROOT.length()).split("/", -1)) {
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return new DataPath(names);
    }

    /** The folder itself, below the one that is seen as {@code /data}. */
    Path in(Path root) {
        Path path = root;
        for (String name : names) {
            path = path.resolve(name);
        }
        return path;
    }

    @Override
    public String toString() {
        return ROOT + "/" + String.join("/", names);
    }
}
