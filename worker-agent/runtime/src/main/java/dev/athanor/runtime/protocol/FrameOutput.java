package dev.athanor.runtime.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A growing buffer in which the head of a frame is put together. For one thread. */
public final class FrameOutput {

    static final byte[] NOTHING = {};

    private static final int INITIAL_BYTES = 1024;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    FrameOutput() {}

    /**
     * Puts one byte.
     *
     * @param value the byte
     */
    public void putByte(byte value) {
        ensure(1);
        bytes[size++] = value;
    }

    /**
     * Puts 1 for true and 0 for false.
     *
     * @param value the boolean
     */
    public void putBoolean(boolean value) {
        putByte(value ? (byte) 1 : (byte) 0);
    }

    /**
     * Puts four bytes.
     *
     * @param value the number
     */
    public void putInt(int value) {
        ensure(Integer.BYTES);
        setInt(size, value);
        size += Integer.BYTES;
    }

    /**
     * Puts eight bytes.
     *
     * @param value the number
     */
    public void putLong(long value) {
        putInt((int) (value >>> Integer.SIZE));
        putInt((int) value);
    }

    /**
     * Puts a length and UTF-8.
     *
     * @param value the string
     */
    public void putString(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        putInt(encoded.length);
        ensure(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
    }

    /** Puts a list. */
    void putStrings(List<String> values) {
        putInt(values.size());
        for (String value : values) {
            putString(value);
        }
    }

    void clear() {
        size = 0;
        if (bytes.length > FrameWriter.BUFFER_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
    }

    void setInt(int position, int value) {
        bytes[position] = (byte) (value >>> 24);
        bytes[position + 1] = (byte) (value >>> 16);
        bytes[position + 2] = (byte) (value >>> 8);
        bytes[position + 3] = (byte) value;
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }
}
