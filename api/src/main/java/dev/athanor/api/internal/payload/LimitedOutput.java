package dev.athanor.api.internal.payload;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** Keeps bytes up to a limit. For one thread. */
final class LimitedOutput extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final long limit;

    LimitedOutput(long limit) {
        this.limit = limit;
    }

    @Override
    public void write(int b) throws LimitExceededException {
        require(1);
        bytes.write(b);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws LimitExceededException {
        require(length);
        bytes.write(source, offset, length);
    }

    private void require(int length) throws LimitExceededException {
        if (bytes.size() + (long) length > limit) {
            throw new LimitExceededException();
        }
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
