package dev.athanor.dispatcher.http;

import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.LogSource;
import dev.athanor.schemas.LogStream;
import java.time.Instant;
import java.util.List;

/**
 * Lines that came together.
 *
 * @param firstIndex number of the first in its attempt, from 0
 */
record LinesAnswer(int attempt, long firstIndex, List<Line> lines) {
    /**
     * A line.
     *
     * @param at in ISO 8601
     */
    record Line(LogSource source, LogStream stream, String at, String text) {
        private static Line of(LogLine line) {
            return new Line(
                    line.getSource(),
                    line.getStream(),
                    Instant.ofEpochMilli(line.getAt()).toString(),
                    line.getText());
        }
    }

    static LinesAnswer of(LogLines lines) {
        return new LinesAnswer(
                lines.getAttempt(),
                lines.getFirstIndex(),
                lines.getLines().stream().map(Line::of).toList());
    }
}
