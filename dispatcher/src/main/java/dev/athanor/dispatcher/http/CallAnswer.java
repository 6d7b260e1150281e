package dev.athanor.dispatcher.http;

import dev.athanor.schemas.Failure;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.Reply;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended.
 *
 * @param hot whether its sandbox had served before
 * @param logLines how many log lines its last attempt had
 * @param droppedLogLines how many of them were left out, since they came too fast
 * @param values how many the function yielded
 * @param result what the function returned; left out where it failed
 * @param failure why there is no result
 */
record CallAnswer(
        String id,
        Outcome outcome,
        int attempt,
        String agent,
        boolean hot,
        ResultAnswer.Times times,
        long logLines,
        long droppedLogLines,
        long values,
        ResultAnswer.@Nullable Result result,
        ResultAnswer.@Nullable FailureAnswer failure) {
    static CallAnswer of(Reply reply, long droppedLines) {
        Payload result = reply.getResult();
        Failure failure = reply.getFailure();
        return new CallAnswer(
                reply.getCorrelationId(),
                reply.getOutcome(),
                reply.getAttempt(),
                reply.getAgent(),
                reply.getHot(),
                ResultAnswer.Times.of(reply.getPhases()),
                reply.getLogLines(),
                reply.getDroppedLogLines() + droppedLines,
                reply.getStreamItems(),
                result == null ? null : ResultAnswer.Result.of(result),
                failure == null ? null : ResultAnswer.FailureAnswer.of(failure));
    }
}
