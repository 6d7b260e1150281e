package dev.athanor.api.data;

/** How files are cut: into chunks of 2 MiB, the last one shorter. */
public final class Chunks {
    /** Bytes of a chunk. */
    public static final int BYTES = 2 << 20;

    private Chunks() {}

    /** How many chunks a file of that size has; 0 for an empty one. */
    public static int count(long size) {
        return Math.toIntExact((size + BYTES - 1) / BYTES);
    }

    /** Where a chunk begins. */
    public static long offset(int index) {
        return (long) index * BYTES;
    }

    /** How many bytes a chunk of a file of that size has. */
    public static int length(long size, int index) {
        return (int) Math.min(BYTES, size - offset(index));
    }
}
