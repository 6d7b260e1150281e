package dev.athanor.agent.call;

import dev.athanor.runtime.protocol.RemoteThrowable;
import dev.athanor.schemas.StackFrame;
import dev.athanor.schemas.ThrowableData;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a function threw into records, cut to what fits well into one Kafka record whatever
 * the function made of its exception: at most 32 throwables, of each 200 frames and 4,096
 * characters of message, and of all together {@value #MAX_CHARACTERS} characters.
 */
final class ThrowableRecords {
    private static final int MAX_THROWABLES = 32;
    private static final int MAX_FRAMES = 200;
    private static final int MAX_TEXT = 4_096;
    private static final int MAX_NAME = 512;

    /** What is beyond becomes empty: three bytes each in UTF-8 still fit into a record. */
    private static final int MAX_CHARACTERS = 200_000;

    private int charactersLeft = MAX_CHARACTERS;

    private ThrowableRecords() {}

    static List<ThrowableData> of(List<RemoteThrowable> throwables) {
        return new ThrowableRecords().records(throwables);
    }

    private List<ThrowableData> records(List<RemoteThrowable> throwables) {
        List<ThrowableData> records = new ArrayList<>();
        int count = Math.min(throwables.size(), MAX_THROWABLES);
        for (RemoteThrowable throwable : throwables.subList(0, count)) {
            records.add(
                    new ThrowableData(
                            cut(throwable.className(), MAX_NAME),
                            throwable.message() == null ? null : cut(throwable.message(), MAX_TEXT),
                            frames(throwable.frames()),
                            throwable.cause() < count ? throwable.cause() : -1,
                            throwable.suppressed().stream().filter(i -> i < count).toList()));
        }
        return records;
    }

    private List<StackFrame> frames(List<StackTraceElement> frames) {
        return frames.stream()
                .limit(MAX_FRAMES)
                .takeWhile(frame -> charactersLeft > 0)
                .map(frame ->
                        new StackFrame(
                                cut(frame.getClassName(), MAX_NAME),
                                cut(frame.getMethodName(), MAX_NAME),
                                cut(orEmpty(frame.getFileName()), MAX_NAME),
                                frame.getLineNumber()))
                .toList();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private String cut(String text, int max) {
        int most = Math.min(max, charactersLeft);
        String kept = text.length() <= most ? text : text.substring(0, most) + "…";
        charactersLeft = Math.max(0, charactersLeft - kept.length());
        return kept;
    }
}
