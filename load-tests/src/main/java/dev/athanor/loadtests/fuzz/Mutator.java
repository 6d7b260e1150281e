package dev.athanor.loadtests.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages records. What it does to which is decided by the random numbers it is given. For one
 * thread.
 */
final class Mutator {
    /** The magic bytes and the schema's fingerprint. */
    private static final int HEADER_BYTES = 10;

    private static final int MAX_NOISE = 512;

    /** Variable-length numbers, as Avro writes lengths: huge, negative, or longer than any is. */
    private static final List<byte[]> LENGTHS =
            List.of(
                    number(Long.MAX_VALUE),
                    number(Long.MIN_VALUE),
                    number(Integer.MAX_VALUE),
                    number(Integer.MIN_VALUE),
                    number(-1),
                    number(1 << 24),
                    new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});

    private final List<Sample> samples;
    private final Random random;

    /**
     * @param samples real records of all topics, at least one
     */
    Mutator(List<Sample> samples, Random random) {
        this.samples = List.copyOf(samples);
        this.random = random;
    }

    /** What becomes of a record's value; another array, and nearly always other bytes. */
    byte[] mutate(byte[] value) {
        return switch (random.nextInt(8)) {
            case 0 -> noise();
            case 1 -> any().value().clone();
            case 2 -> Arrays.copyOf(value, random.nextInt(value.length + 1));
            case 3 -> extended(value);
            case 4 -> withHeaderOf(any().value(), value);
            case 5 -> withLength(value);
            case 6 -> flipped(value, 1);
            default -> flipped(value, 1 + random.nextInt(8));
        };
    }

    /** Bytes that mean nothing. */
    byte[] noise() {
        byte[] bytes = new byte[random.nextInt(MAX_NOISE)];
        random.nextBytes(bytes);
        return bytes;
    }

    private Sample any() {
        return samples.get(random.nextInt(samples.size()));
    }

    private byte[] extended(byte[] value) {
        byte[] longer = Arrays.copyOf(value, value.length + 1 + random.nextInt(16));
        for (int i = value.length; i < longer.length; i++) {
            longer[i] = (byte) random.nextInt();
        }
        return longer;
    }

    private static byte[] withHeaderOf(byte[] header, byte[] value) {
        byte[] swapped = value.clone();
        System.arraycopy(
                header,
                0,
                swapped,
                0,
                Math.min(HEADER_BYTES, Math.min(header.length, swapped.length)));
        return swapped;
    }

    /** Any byte of a record may be where a length begins. */
    private byte[] withLength(byte[] value) {
        if (value.length <= HEADER_BYTES) {
            return noise();
        }
        int at = HEADER_BYTES + random.nextInt(value.length - HEADER_BYTES);
        byte[] length = LENGTHS.get(random.nextInt(LENGTHS.size()));
        return ByteBuffer.allocate(value.length - 1 + length.length)
                .put(value, 0, at)
                .put(length)
                .put(value, at + 1, value.length - at - 1)
                .array();
    }

    private byte[] flipped(byte[] value, int bits) {
        byte[] damaged = value.clone();
        for (int i = 0; i < bits && damaged.length > 0; i++) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return damaged;
    }

    private static byte[] number(long value) {
        long rest = (value << 1) ^ (value >> 63);
        ByteBuffer bytes = ByteBuffer.allocate(10);
        while ((rest & ~0x7FL) != 0) {
            bytes.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
