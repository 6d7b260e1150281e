package dev.athanor.runtime.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Strings, numbers, booleans, characters and null in a form of their own, which costs a tenth of
 * what Java serialization takes for them: it describes and looks up a class for each. It is told
 * from a serialized object by its first byte.
 */
public final class PlainValues {
    private static final byte ONE = 1;
    private static final byte ALL = 2;

    // What begins a value.
    private static final byte NULL = 0;
    private static final byte FALSE = 1;
    private static final byte TRUE = 2;
    private static final byte BYTE = 3;
    private static final byte SHORT = 4;
    private static final byte CHARACTER = 5;
    private static final byte INTEGER = 6;
    private static final byte LONG = 7;
    private static final byte FLOAT = 8;
    private static final byte DOUBLE = 9;
    private static final byte STRING = 10;

    private static final int MOST_VALUES = 255;

    /** Its encoding counts its bytes, up to three a character, in two bytes. */
    private static final int LONGEST_STRING = 20_000;

    private static final int INITIAL_BYTES = 64;

    private PlainValues() {}

    /**
     * Writes a value.
     *
     * @param value any object
     * @return null where the object is no plain value
     */
    public static byte @Nullable [] write(@Nullable Object value) {
        return isPlain(value) ? encode(ONE, value) : null;
    }

    /**
     * Writes several values.
     *
     * @param values any objects
     * @return null where one of them is no plain value, or where they are too many
     */
    public static byte @Nullable [] writeAll(@Nullable Object... values) {
        if (values.length > MOST_VALUES) {
            return null;
        }
        for (Object value : values) {
            if (!isPlain(value)) {
                return null;
            }
        }
        return encode(ALL, values);
    }

    private static boolean isPlain(@Nullable Object value) {
        return value == null
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean
                || value instanceof Float
                || value instanceof Short
                || value instanceof Byte
                || value instanceof Character
                || (value instanceof String text && text.length() <= LONGEST_STRING);
    }

    private static byte[] encode(byte form, @Nullable Object... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(form);
            if (form == ALL) {
                out.writeByte(values.length);
            }
            for (Object value : values) {
                write(out, value);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory takes all bytes", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof Boolean bool) {
            out.writeByte(bool ? TRUE : FALSE);
        } else if (value instanceof String text) {
            out.writeByte(STRING);
            out.writeUTF(text);
        } else if (value instanceof Integer number) {
            out.writeByte(INTEGER);
            out.writeInt(number);
        } else if (value instanceof Long number) {
            out.writeByte(LONG);
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte(DOUBLE);
            out.writeLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof Float number) {
            out.writeByte(FLOAT);
            out.writeInt(Float.floatToRawIntBits(number));
        } else if (value instanceof Short number) {
            out.writeByte(SHORT);
            out.writeShort(number);
        } else if (value instanceof Byte number) {
            out.writeByte(BYTE);
            out.writeByte(number);
        } else {
            out.writeByte(CHARACTER);
            out.writeChar((Character) value);
        }
    }

    /**
     * Tells plain values from a serialized object.
     *
     * @param bytes a payload in codec {@link PayloadCodec#JAVA}
     * @return true if {@link #read} reads them
     */
    public static boolean arePlain(byte[] bytes) {
        return bytes.length > 0 && (bytes[0] == ONE || bytes[0] == ALL);
    }

    /**
     * Reads what was written here; takes no more memory than a few times the bytes.
     *
     * @param bytes plain values
     * @return the value, or an {@code Object[]} of several
     * @throws IOException if they are malformed
     */
    public static @Nullable Object read(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Object value = in.readByte() == ONE ? readValue(in) : readAll(in);
            if (in.available() > 0) {
                throw new IOException("bytes after the end of plain values");
            }
            return value;
        }
    }

    private static @Nullable Object[] readAll(DataInputStream in) throws IOException {
        @Nullable Object[] values = new Object[in.readUnsignedByte()];
        for (int i = 0; i < values.length; i++) {
            values[i] = readValue(in);
        }
        return values;
    }

    private static @Nullable Object readValue(DataInputStream in) throws IOException {
        byte tag = in.readByte();
        return switch (tag) {
            case NULL -> null;
            case FALSE -> false;
            case TRUE -> true;
            case BYTE -> in.readByte();
            case SHORT -> in.readShort();
            case CHARACTER -> in.readChar();
            case INTEGER -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> Float.intBitsToFloat(in.readInt());
            case DOUBLE -> Double.longBitsToDouble(in.readLong());
            case STRING -> in.readUTF();
            default -> throw new IOException("no plain value has tag " + tag);
        };
    }
}
