package dev.athanor.dispatcher.schedule;

/** What becomes of the times at which no dispatcher was there to fire. */
public enum MissedFirings {
    /** One job for all of them, for the last of them, as soon as one is there. */
    ONCE,
    /** Nothing: those more than a minute ago are passed over. */
    SKIP
}
