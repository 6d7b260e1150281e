package dev.athanor.dispatcher.batch;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Where a reader of results is. As text: the base64url form of the differences between the open
 * indexes and then to {@code from}, each as a number of variable length.
 *
 * @param from the first index that it has not come to
 * @param open those before that had not ended, and are to be given yet
 */
record ResultCursor(int from, NavigableSet<Integer> open) {
    /** What lies open besides is not read before some of these have ended. */
    static final int MOST_OPEN = 4_000;

    private static final int MOST_CHARACTERS = 14_000;
    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;
    private static final int MOST_BYTES = 4;

    /** Above every index, and so small that adding to it overflows nothing. */
    private static final int LARGEST = 1 << 23;

    static ResultCursor start() {
        return new ResultCursor(0, new TreeSet<>());
    }

    static ResultCursor of(int from, Collection<Integer> open) {
        return new ResultCursor(from, new TreeSet<>(open));
    }

    String text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last = 0;
        for (int index : open) {
            write(bytes, index - last);
            last = index;
        }
        write(bytes, from - last);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static void write(ByteArrayOutputStream bytes, int number) {
        int left = number;
        for (; left >= MORE; left >>>= BITS) {
            bytes.write((left & (MORE - 1)) | MORE);
        }
        bytes.write(left);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none
     */
    static ResultCursor parse(String text) {
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("that is no cursor");
        }
        List<Integer> indexes = new ArrayList<>();
        int last = 0;
        int number = 0;
        int count = 0;
        for (byte each : Base64.getUrlDecoder().decode(text)) {
            number |= (each & (MORE - 1)) << (BITS * count);
            count++;
            if (each >= 0) {
                last += number;
                if (last > LARGEST) {
                    throw new IllegalArgumentException("'%s' is no cursor".formatted(text));
                }
                indexes.add(last);
                number = 0;
                count = 0;
            } else if (count == MOST_BYTES) {
                throw new IllegalArgumentException("'%s' is no cursor".formatted(text));
            }
        }
        if (count > 0 || indexes.isEmpty() || indexes.size() > MOST_OPEN + 1) {
            throw new IllegalArgumentException("'%s' is no cursor".formatted(text));
        }
        return of(indexes.removeLast(), indexes);
    }
}
