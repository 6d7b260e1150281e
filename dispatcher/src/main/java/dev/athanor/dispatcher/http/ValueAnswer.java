package dev.athanor.dispatcher.http;

import dev.athanor.schemas.StreamItem;

/**
 * One value of a function that yields.
 *
 * @param run names the run of the function: values of two are not to be mixed
 * @param index from 0
 */
record ValueAnswer(int attempt, String run, long index, ResultAnswer.Result value) {
    static ValueAnswer of(StreamItem item) {
        return new ValueAnswer(
                item.getAttempt(),
                item.getRun(),
                item.getIndex(),
                ResultAnswer.Result.of(item.getValue()));
    }
}
