package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.util.List;

/**
 * Carries lines that came up while a nested call was served.
 *
 * @param nestedId of the NESTED_CALL
 * @param lines in their order
 */
public record NestedLogFrame(long nestedId, List<Line> lines) implements NestedReply {

    static final byte TYPE = 21;

    /** Copies the list. */
    public NestedLogFrame {
        lines = List.copyOf(lines);
    }

    /**
     * One line.
     *
     * @param source who wrote it
     * @param stream where it was written to
     * @param at milliseconds since the epoch
     * @param text without its line end
     */
    public record Line(LogSource source, LogStream stream, long at, String text) {
        static Line read(FrameInput in) throws IOException {
            return new Line(
                    LogSource.of(in.readByte()),
                    LogStream.of(in.readByte()),
                    in.readLong(),
                    in.readString());
        }
    }

    static NestedLogFrame read(FrameInput in) throws IOException {
        return new NestedLogFrame(in.readLong(), in.readList(Line::read));
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(nestedId);
        out.putInt(lines.size());
        for (Line line : lines) {
            out.putByte(line.source().code());
            out.putByte(line.stream().code());
            out.putLong(line.at());
            out.putString(line.text());
        }
    }
}
