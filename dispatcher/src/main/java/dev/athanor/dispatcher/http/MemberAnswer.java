package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.batch.MemberResult;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.Reply;
import org.jspecify.annotations.Nullable;

/**
 * How a member of a batch ended.
 *
 * @param job the id of the job that its latest run is
 * @param result what the function returned; left out where it returned nothing, or failed
 * @param failure why there is no result
 */
record MemberAnswer(
        int index,
        String job,
        Outcome outcome,
        ResultAnswer.@Nullable Result result,
        ResultAnswer.@Nullable FailureAnswer failure) {
    static MemberAnswer of(MemberResult member) {
        Reply reply = member.reply();
        Payload result = reply.getResult();
        Failure failure = reply.getFailure();
        return new MemberAnswer(
                member.index(),
                reply.getCorrelationId(),
                reply.getOutcome(),
                result == null ? null : ResultAnswer.Result.of(result),
                failure == null ? null : ResultAnswer.FailureAnswer.of(failure));
    }
}
