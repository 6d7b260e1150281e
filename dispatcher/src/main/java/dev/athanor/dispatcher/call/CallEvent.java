package dev.athanor.dispatcher.call;

import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StreamItem;

/** What comes for a call. */
public sealed interface CallEvent {
    /** Something was printed. */
    record Lines(LogLines lines) implements CallEvent {}

    /** Its function yielded something. */
    record Value(StreamItem item) implements CallEvent {}

    /**
     * It has ended; nothing comes after this.
     *
     * @param droppedLines how many lines were left out here, since their reader was too slow
     */
    record Ended(Reply reply, long droppedLines) implements CallEvent {}

    /** Its end will not be heard of here; nothing comes after this. */
    record Lost(String why) implements CallEvent {}
}
