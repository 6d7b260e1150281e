package dev.athanor.api.internal.payload;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * Keeps bytes up to a limit, and counts those beyond it, so that a message can name the size; up to
 * {@value #COUNTED_LIMITS} times the limit, where it gives up. For one thread.
 */
final class LimitedOutput extends OutputStream {
    static final int COUNTED_LIMITS = 16;

    private static final int INITIAL_BYTES = 512;

    private final long limit;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
    private long size;

    LimitedOutput(long limit) {
        this.limit = limit;
    }

    @Override
    public void write(int b) throws LimitExceededException {
        if (fits(1)) {
            bytes.write(b);
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) throws LimitExceededException {
        if (fits(length)) {
            bytes.write(source, offset, length);
        }
    }

    private boolean fits(int length) throws LimitExceededException {
        size += length;
        if (size <= limit) {
            return true;
        }
        bytes = new ByteArrayOutputStream(0);
        if (size / COUNTED_LIMITS > limit) {
            throw new LimitExceededException("more than %,d".formatted(size));
        }
        return false;
    }

    byte[] toByteArray() throws LimitExceededException {
        if (size > limit) {
            throw new LimitExceededException("%,d".formatted(size));
        }
        return bytes.toByteArray();
    }
}
