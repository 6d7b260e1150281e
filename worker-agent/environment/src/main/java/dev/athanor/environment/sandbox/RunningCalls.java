package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.Protocol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a sandbox has and has not answered, in their order: the first one runs, the others
 * wait. Safe for use by any thread.
 */
final class RunningCalls {

    private final Deque<RunningCall> calls = new ArrayDeque<>();

    synchronized void add(RunningCall call) {
        if (calls.size() >= Protocol.MAX_WAITING_CALLS) {
            throw new IllegalStateException("a sandbox takes at most " + calls.size() + " calls");
        }
        calls.add(call);
    }

    /** Whether calls wait behind the one that runs. */
    synchronized boolean areWaiting() {
        return calls.size() > 1;
    }

    /** Returns the call that runs; null if there is none. */
    synchronized @Nullable RunningCall running() {
        return calls.peek();
    }

    /** Removes the call that runs if it has that id; null if it has not. */
    synchronized @Nullable RunningCall removeRunning(long id) {
        RunningCall first = calls.peek();
        return first != null && first.id() == id ? calls.poll() : null;
    }

    /** Removes a call that has not started; null if there is none with that id. */
    synchronized @Nullable RunningCall removeWaiting(long id) {
        for (RunningCall call : calls) {
            if (call.id() == id) {
                calls.remove(call);
                return call;
            }
        }
        return null;
    }

    /** Returns the calls of an invocation, whether they run or wait: one, as a rule. */
    synchronized List<RunningCall> of(String correlationId) {
        return calls.stream().filter(call -> call.correlationId().equals(correlationId)).toList();
    }

    synchronized List<RunningCall> removeAll() {
        List<RunningCall> all = List.copyOf(calls);
        calls.clear();
        return all;
    }
}
