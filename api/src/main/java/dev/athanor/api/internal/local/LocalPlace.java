package dev.athanor.api.internal.local;

import java.time.Duration;

/**
 * Where calls run on this machine.
 *
 * @param turns says when
 * @param sandboxes says in what
 * @param grace between the interrupt of a function and the end of its sandbox
 */
record LocalPlace(Turns turns, Sandboxes sandboxes, Duration grace) {
    /** Lets another call run in the place of one that waits for it. */
    void lend() {
        turns.lend();
        sandboxes.lendPlace();
    }

    /** Ends what {@link #lend} began. */
    void takeBack() {
        turns.takeBack();
        sandboxes.takePlaceBack();
    }
}
