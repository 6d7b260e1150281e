package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.MalformedFrameException;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.runtime.protocol.Protocol;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the nested calls that one call has under way: a sandbox that has more of them than its
 * runtime lets through is not to be trusted. Safe for use by any thread.
 */
final class OpenNestedCalls {

    private final long maxBytes;

    // Guarded by this.
    private final Map<Long, Integer> sizes = new HashMap<>();
    private long bytes;

    OpenNestedCalls(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized void open(NestedCallFrame call) throws MalformedFrameException {
        int size = call.arguments().length;
        boolean isFull =
                sizes.size() >= Protocol.MAX_NESTED_CALLS
                        || (!sizes.isEmpty() && size > maxBytes - bytes);
        if (isFull || sizes.putIfAbsent(call.nestedId(), size) != null) {
            throw new MalformedFrameException(
                    "a nested call beyond the "
                            + sizes.size()
                            + " under way, of "
                            + bytes
                            + " bytes in all");
        }
        bytes += size;
    }

    /** Whether the reply is to be passed on; its call is not under way any more if it ends that. */
    synchronized boolean admits(NestedReply reply) {
        if (!reply.isEnd()) {
            return sizes.containsKey(reply.nestedId());
        }
        Integer size = sizes.remove(reply.nestedId());
        if (size == null) {
            return false;
        }
        bytes -= size;
        return true;
    }
}
