package dev.athanor.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Collects bytes up to a limit, and counts those beyond it, so that a message can name the size; up
 * to {@value #COUNTED_LIMITS} times the limit, where it gives up.
 */
final class LimitedOutput extends OutputStream {

    /** More was written than the limit allows. */
    static final class Exceeded extends IOException {
        private static final long serialVersionUID = 1L;

        private final String size;

        Exceeded(String size, long limit) {
            super(size + " bytes, more than the limit of " + limit + " bytes");
            this.size = size;
        }

        /** Returns how many bytes were written, with "more than" where writing was given up. */
        String size() {
            return size;
        }
    }

    static final int COUNTED_LIMITS = 16;

    private static final int INITIAL_BYTES = 256;
    private static final byte[] NOTHING = {};

    private final long limit;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private long size;

    LimitedOutput(long limit) {
        this.limit = Math.min(limit, Integer.MAX_VALUE - 8L);
    }

    @Override
    public void write(int value) throws IOException {
        if (grow(1)) {
            bytes[(int) size] = (byte) value;
        }
        size++;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (grow(length)) {
            System.arraycopy(from, offset, bytes, (int) size, length);
        }
        size += length;
    }

    byte[] toByteArray() throws Exceeded {
        if (size > limit) {
            throw new Exceeded(Long.toString(size), limit);
        }
        return Arrays.copyOf(bytes, (int) size);
    }

    /** Makes room; returns false where the limit is passed, and nothing is kept any more. */
    private boolean grow(int more) throws Exceeded {
        long needed = size + more;
        if (needed > limit) {
            bytes = NOTHING;
            if (needed / COUNTED_LIMITS > limit) {
                size = needed;
                throw new Exceeded("more than " + needed, limit);
            }
            return false;
        }
        if (needed > bytes.length) {
            long grown = Math.max(bytes.length * 2L, needed);
            bytes = Arrays.copyOf(bytes, (int) Math.min(grown, limit));
        }
        return true;
    }
}
