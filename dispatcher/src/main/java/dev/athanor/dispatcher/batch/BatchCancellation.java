package dev.athanor.dispatcher.batch;

/**
 * What came of the wish to cancel a batch.
 *
 * @param progress as it is now
 */
public record BatchCancellation(Answer answer, BatchProgress progress) {
    /** The kinds of answers. */
    public enum Answer {
        /** Nothing of it runs any more, or ever will. */
        CANCELLED,
        /** Nothing more of it is queued; what agents have they were told to stop. */
        REQUESTED,
        /** It had ended otherwise. */
        ALREADY_FINISHED
    }
}
