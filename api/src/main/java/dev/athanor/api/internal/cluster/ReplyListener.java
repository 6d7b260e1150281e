package dev.athanor.api.internal.cluster;

import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;

/** Gets what the reply topic brings, on the thread that reads it: must not block. */
interface ReplyListener {
    void reply(Reply reply);

    void logLines(LogLines lines);

    /** Comes several times a second. */
    void tick();

    /** The topic can no longer be read; nothing comes after this. */
    void failed(Exception cause);
}
