package dev.athanor.api.data;

import java.util.List;

/**
 * A member of a tree. Its path is relative to the tree's root, with {@code /} between names; the
 * root's own is empty. No entry leads out of its tree, whoever made it.
 */
public sealed interface Entry {
    /** Permission bits of owner, group and others. */
    int MODES = 0777;

    String path();

    /** A folder. */
    record Folder(String path, int mode) implements Entry {
        public Folder {
            Names.of(path).forEach(Names::check);
            checkMode(mode);
        }
    }

    /**
     * A regular file.
     *
     * @param size in bytes
     * @param modified nanoseconds since the epoch
     * @param content digests of its chunks
     */
    record File(String path, int mode, long size, long modified, ChunkDigests content)
            implements Entry {
        public File {
            checkInner(path);
            checkMode(mode);
            if (size < 0 || content.count() != Chunks.count(size)) {
                throw new IllegalArgumentException(
                        "%s of %d bytes cannot have %d chunks"
                                .formatted(path, size, content.count()));
            }
        }

        /** Names the content: equal for equal bytes only. */
        ContentId id() {
            return ContentId.of(size, content);
        }
    }

    /**
     * A symbolic link.
     *
     * @param target relative, see {@link #leadsInside}
     */
    record Link(String path, String target) implements Entry {
        public Link {
            checkInner(path);
            if (!leadsInside(path, target)) {
                throw new IllegalArgumentException(
                        "the link %s leads out of its tree, to %s".formatted(path, target));
            }
        }
    }

    /**
     * Whether a link stays in its tree. The folders above a link are no links themselves, so that
     * each leading {@code ..} is one step up; after a name, which may be another link's, {@code ..}
     * could lead anywhere.
     */
    static boolean leadsInside(String path, String target) {
        if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0) {
            return false;
        }
        int depth = Names.of(path).size() - 1;
        boolean climbs = true;
        for (String name : List.of(target.split("/"))) {
            if (name.equals("..")) {
                depth--;
                if (!climbs || depth < 0) {
                    return false;
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                climbs = false;
            }
        }
        return true;
    }

    private static void checkInner(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the root of a tree is a folder");
        }
        Names.of(path).forEach(Names::check);
    }

    private static void checkMode(int mode) {
        if ((mode & ~MODES) != 0) {
            throw new IllegalArgumentException("mode %o has other bits".formatted(mode));
        }
    }
}
