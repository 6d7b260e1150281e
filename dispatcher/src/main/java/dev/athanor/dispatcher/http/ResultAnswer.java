package dev.athanor.dispatcher.http;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.athanor.dispatcher.job.Job;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StackFrame;
import dev.athanor.schemas.ThrowableData;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job ended.
 *
 * @param hot whether its sandbox had served before
 * @param logLines how many log lines its last attempt had
 * @param result what the function returned; left out where it returned nothing, or failed
 * @param failure why there is no result
 */
record ResultAnswer(
        JobAnswer job,
        boolean hot,
        Times times,
        long logLines,
        @Nullable Result result,
        @Nullable FailureAnswer failure) {
    /** Where its time went, in microseconds. */
    record Times(long queueMicros, long buildMicros, long startMicros, long runMicros) {
        static Times of(PhaseTimes times) {
            return new Times(times.getQueue(), times.getBuild(), times.getStart(), times.getRun());
        }
    }

    /**
     * A result.
     *
     * @param codec how its bytes are to be read
     * @param value of a result in JSON, that; left out where it is large
     * @param content of any other, its bytes in Base64; left out where it is large
     * @param blob where a large one lies
     */
    record Result(
            PayloadCodec codec,
            long size,
            @JsonRawValue @Nullable String value,
            @Nullable ByteBuffer content,
            JobRequest.@Nullable BlobAnswer blob) {
        static Result of(Payload payload) {
            if (payload.getBlob() != null) {
                return new Result(
                        payload.getCodec(),
                        payload.getBlob().getSize(),
                        null,
                        null,
                        JobRequest.BlobAnswer.of(payload.getBlob()));
            }
            ByteBuffer content = payload.getContent();
            boolean isJson = payload.getCodec() == PayloadCodec.JSON;
            return new Result(
                    payload.getCodec(),
                    content.remaining(),
                    isJson ? StandardCharsets.UTF_8.decode(content.duplicate()).toString() : null,
                    isJson ? null : content.duplicate(),
                    null);
        }
    }

    /**
     * Why a job did not succeed.
     *
     * @param throwables what the function threw, the outermost first
     * @param original that itself, for who can read it
     * @param largerMachineType the next larger machine type, where memory was short
     */
    record FailureAnswer(
            FailureCode code,
            String message,
            List<Thrown> throwables,
            @Nullable Result original,
            @Nullable String largerMachineType) {
        static FailureAnswer of(Failure failure) {
            String larger = failure.getLargerMachineType();
            return new FailureAnswer(
                    failure.getCode(),
                    failure.getMessage(),
                    failure.getThrowables().stream().map(Thrown::of).toList(),
                    failure.getOriginal() == null ? null : Result.of(failure.getOriginal()),
                    larger.isEmpty() ? null : larger);
        }
    }

    /**
     * A throwable.
     *
     * @param cause the index of its cause among all; left out where it has none
     */
    record Thrown(
            String className,
            @Nullable String message,
            List<String> frames,
            @Nullable Integer cause) {
        static Thrown of(ThrowableData data) {
            return new Thrown(
                    data.getClassName(),
                    data.getMessage(),
                    data.getFrames().stream().map(Thrown::text).toList(),
                    data.getCause() < 0 ? null : data.getCause());
        }

        private static String text(StackFrame frame) {
            String file = frame.getFileName().isEmpty() ? null : frame.getFileName();
            return new StackTraceElement(
                            frame.getClassName(),
                            frame.getMethodName(),
                            file,
                            frame.getLineNumber())
                    .toString();
        }
    }

    static ResultAnswer of(Job job, Reply reply) {
        Payload result = reply.getResult();
        Failure failure = reply.getFailure();
        return new ResultAnswer(
                JobAnswer.of(job),
                reply.getHot(),
                Times.of(reply.getPhases()),
                reply.getLogLines(),
                result == null ? null : Result.of(result),
                failure == null ? null : FailureAnswer.of(failure));
    }
}
