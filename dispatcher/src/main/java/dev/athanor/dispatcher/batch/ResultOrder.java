package dev.athanor.dispatcher.batch;

/** In which order results are given. */
public enum ResultOrder {
    /** That of the inputs: each waits for those before it. */
    INDEX,
    /** About that in which they ended: none waits for another one. */
    COMPLETION
}
