package dev.athanor.dispatcher.webhook;

/** What came of telling an address. */
sealed interface Delivery {
    /** It has taken the message. */
    record Delivered(int status) implements Delivery {}

    /**
     * It has not, and may later.
     *
     * @param status what HTTP answered; 0: nothing
     */
    record Failed(int status, String problem) implements Delivery {}

    /**
     * It has not, and is not to be told again.
     *
     * @param status what HTTP answered; 0: it was not asked
     */
    record Refused(int status, String problem) implements Delivery {}
}
