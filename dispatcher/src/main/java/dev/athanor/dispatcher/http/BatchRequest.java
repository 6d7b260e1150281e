package dev.athanor.dispatcher.http;

import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the members of a batch are calls of, as clients say it that have no Avro.
 *
 * @param id of the client's making, a UUID of version 7 that ends in 32 zero bits
 * @param limits of each member; what is left out is the agent's to say
 */
record BatchRequest(String id, JobRequest.Function function, JobRequest.@Nullable Limits limits) {
    BatchRequest {
        Objects.requireNonNull(id, "id is missing");
        Objects.requireNonNull(function, "function is missing");
    }

    Invocation template(InstantSource clock) {
        Payload none = new Payload(PayloadCodec.PICKLE, ByteBuffer.allocate(0), null);
        return JobRequest.invocation(id, function, none, limits, clock)
                .setReplyPartition(-1)
                .setJob(true)
                .build();
    }
}
