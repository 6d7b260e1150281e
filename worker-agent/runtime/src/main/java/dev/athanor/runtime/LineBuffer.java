package dev.athanor.runtime;

import dev.athanor.runtime.protocol.LineQuota;
import dev.athanor.runtime.protocol.LogStream;
import java.util.Arrays;

/**
 * Gathers what is printed to one stream into lines, of which it drops those beyond the quota. A
 * line longer than {@value #MAX_LINE_BYTES} bytes becomes several. Not thread-safe.
 */
final class LineBuffer {

    static final int MAX_LINE_BYTES = 16 << 10;
    static final int CAPACITY = 128 << 10;

    private static final byte LINE_FEED = '\n';
    private static final byte[] NOTHING = {};

    private final LogStream stream;
    private final LineQuota quota;
    private final byte[] bytes = new byte[CAPACITY];

    /** Lines end here, and an incomplete one begins. */
    private int lineStart;

    private int size;
    private long dropped;

    LineBuffer(LogStream stream, LineQuota quota) {
        this.stream = stream;
        this.quota = quota;
    }

    LogStream stream() {
        return stream;
    }

    boolean hasLines() {
        return lineStart > 0;
    }

    /** Takes bytes up to the end of a line; returns how many, 0 only if the buffer is full. */
    int append(byte[] from, int offset, int length) {
        int room = Math.min(CAPACITY - 1, lineStart + MAX_LINE_BYTES) - size;
        int limit = Math.min(length, room);
        int count = 0;
        boolean ended = false;
        while (count < limit && !ended) {
            ended = from[offset + count++] == LINE_FEED;
        }
        System.arraycopy(from, offset, bytes, size, count);
        size += count;
        if (ended) {
            endLine();
        } else if (size - lineStart == MAX_LINE_BYTES) {
            splitLine();
        }
        return count;
    }

    /** Returns the lines, and if asked the incomplete one as well, and forgets them. */
    byte[] take(boolean partialToo) {
        if (partialToo && size > lineStart) {
            endLine();
        }
        if (lineStart == 0) {
            return NOTHING;
        }
        byte[] lines = Arrays.copyOf(bytes, lineStart);
        System.arraycopy(bytes, lineStart, bytes, 0, size - lineStart);
        size -= lineStart;
        lineStart = 0;
        return lines;
    }

    /** Empties the buffer; returns how many lines have been dropped since this was last called. */
    long clear() {
        size = 0;
        lineStart = 0;
        long count = dropped;
        dropped = 0;
        return count;
    }

    /** Ends a line in the middle, but not within a character. */
    private void splitLine() {
        int cut = size;
        while (size - cut < 4 && (bytes[cut - 1] & 0xC0) == 0x80) {
            cut--;
        }
        if ((bytes[cut - 1] & 0xC0) == 0xC0) {
            cut--;
        }
        int rest = size - cut;
        System.arraycopy(bytes, cut, bytes, cut + 1, rest);
        bytes[cut] = LINE_FEED;
        size = cut + 1;
        boolean kept = endLine();
        if (!kept) {
            System.arraycopy(bytes, cut + 1, bytes, size, rest);
        }
        size += rest;
    }

    private boolean endLine() {
        boolean kept = quota.admits(size - lineStart);
        if (kept) {
            lineStart = size;
        } else {
            size = lineStart;
            dropped++;
        }
        return kept;
    }
}
