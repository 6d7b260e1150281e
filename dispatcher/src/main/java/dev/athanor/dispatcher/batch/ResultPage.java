package dev.athanor.dispatcher.batch;

import java.util.List;
import java.util.Optional;

/**
 * Results of a batch.
 *
 * @param next the cursor that they go on after; empty: these were the last
 */
public record ResultPage(List<MemberResult> results, Optional<String> next) {
    public ResultPage {
        results = List.copyOf(results);
    }
}
