package dev.athanor.api.data;

import java.util.List;

/** The names that files can have on the way: those of every Unix. */
final class Names {
    private static final int LONGEST = 255;
    private static final char UNREADABLE = '\ufffd';

    private Names() {}

    /**
     * Refuses a name that leads elsewhere, or is none.
     *
     * @throws IllegalArgumentException saying which
     */
    static void check(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a file");
        }
        if (name.length() > LONGEST
                || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0
                || name.indexOf(UNREADABLE) >= 0) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' cannot be the name of a file: it is longer than 255 characters, or"
                            + " has some that no file name has, or that this process cannot read"
                            + " (is its locale, LANG, one of UTF-8?)");
        }
    }

    /** The names that make a path, outermost first; none for the empty path. */
    static List<String> of(String path) {
        return path.isEmpty() ? List.of() : List.of(path.split("/", -1));
    }

    /** The last name of a path. */
    static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The path without its last name; empty for a single name. */
    static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
