package dev.athanor.agent.call;

import org.jspecify.annotations.Nullable;

/**
 * The step from preparing a call to calling its function, which is taken once or never, and is
 * written down first where others may have to judge by it. Safe for any number of threads.
 */
public final class CallStart {
    /** Writes down how far a call has come. */
    @FunctionalInterface
    public interface Note {
        /** Returns whether that is durable. */
        boolean write(boolean started) throws InterruptedException;
    }

    private enum State {
        PREPARING,
        STARTED,
        PREVENTED
    }

    private State state = State.PREPARING;
    private @Nullable Note note;

    /** That of a call which waits in a hot sandbox, and starts there without being asked. */
    public static CallStart begun() {
        CallStart start = new CallStart();
        start.state = State.STARTED;
        return start;
    }

    /**
     * Writes down how far the call has come, and from now on its start before that happens.
     *
     * @return whether that is durable; otherwise nothing is written down later either
     */
    public synchronized boolean note(Note newNote) throws InterruptedException {
        boolean written = newNote.write(state == State.STARTED);
        if (written) {
            note = newNote;
        }
        return written;
    }

    /**
     * Takes the step.
     *
     * @return false when it must not be taken: it was prevented, or could not be written down
     */
    public synchronized boolean start() throws InterruptedException {
        if (state == State.PREPARING && (note == null || note.write(true))) {
            state = State.STARTED;
        }
        return state == State.STARTED;
    }

    /** Keeps the step from being taken; false when that came too late. */
    synchronized boolean prevent() {
        if (state == State.PREPARING) {
            state = State.PREVENTED;
        }
        return state == State.PREVENTED;
    }
}
