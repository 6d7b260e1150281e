package dev.athanor.runtime;

import java.io.OutputStream;
import java.util.Objects;

/** What lies behind System.out or System.err in a sandbox. */
final class CapturedStream extends OutputStream {

    private final CallOutput output;
    private final LineBuffer buffer;

    CapturedStream(CallOutput output, LineBuffer buffer) {
        this.output = output;
        this.buffer = buffer;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        output.print(buffer, bytes, offset, length);
    }
}
