package dev.athanor.dispatcher.deadletter;

import java.util.List;
import java.util.OptionalLong;

/**
 * Some dead letters, the newest first.
 *
 * @param next before which letter the list goes on; empty: there are no more. A page may be short,
 *     or empty, and there be more all the same
 */
public record LetterPage(List<FoundLetter> letters, OptionalLong next) {
    /** Makes the list unmodifiable. */
    public LetterPage {
        letters = List.copyOf(letters);
    }
}
