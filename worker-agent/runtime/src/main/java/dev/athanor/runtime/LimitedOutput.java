package dev.athanor.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Collects bytes up to a limit. */
final class LimitedOutput extends OutputStream {

    /** More was written than the limit allows. */
    static final class Exceeded extends IOException {
        private static final long serialVersionUID = 1L;

        Exceeded(long limit) {
            super("more than " + limit + " bytes");
        }
    }

    private static final int INITIAL_BYTES = 256;

    private final long limit;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;
    private boolean exceeded;

    LimitedOutput(long limit) {
        this.limit = Math.min(limit, Integer.MAX_VALUE - 8L);
    }

    @Override
    public void write(int value) throws IOException {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        ensure(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    byte[] toByteArray() throws Exceeded {
        if (exceeded) {
            // A writeObject of the user's may have caught the first one.
            throw new Exceeded(limit);
        }
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) throws Exceeded {
        long needed = (long) size + more;
        if (needed > limit) {
            exceeded = true;
            throw new Exceeded(limit);
        }
        if (needed > bytes.length) {
            long grown = Math.max(bytes.length * 2L, needed);
            bytes = Arrays.copyOf(bytes, (int) Math.min(grown, limit));
        }
    }
}
