package dev.athanor.dispatcher.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job of a Python function as clients send it that have neither Avro nor Kafka: the dispatcher
 * makes its invocation, and vouches for whose it is.
 *
 * @param id of the client's making, so that a request which is sent again is the same job
 * @param arguments pickled, and the function with them
 * @param limits what is left out is the agent's to say
 * @param streamWindow of a call whose function yields: how far ahead of its caller it may be; 0 by
 *     default, and then it returns one result
 * @param webhook address that is told of a job's end; none by default
 */
record JobRequest(
        String id,
        Function function,
        Arguments arguments,
        @Nullable Limits limits,
        @Nullable Integer streamWindow,
        @Nullable String webhook) {
    private static final int LARGEST_WINDOW = 256;

    private static final ObjectReader READER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .reader();

    JobRequest {
        Objects.requireNonNull(id, "id is missing");
        Objects.requireNonNull(function, "function is missing");
        Objects.requireNonNull(arguments, "arguments are missing");
        if (streamWindow != null && (streamWindow < 0 || streamWindow > LARGEST_WINDOW)) {
            throw new IllegalArgumentException("streamWindow is 0 to " + LARGEST_WINDOW);
        }
    }

    /**
     * What runs, and with what.
     *
     * @param name for people
     * @param version of Python, as 3.12
     * @param requirements as pip takes them; none by default
     * @param keepAliveMillis 10,000 by default
     * @param network whether it may connect to others; true by default
     * @param secrets none by default
     * @param retries not at all by default
     */
    record Function(
            String name,
            String version,
            @Nullable List<String> requirements,
            String machineType,
            @Nullable Long keepAliveMillis,
            @Nullable Boolean network,
            @Nullable List<String> secrets,
            @Nullable RetriesRequest retries) {
        private static final long KEEP_ALIVE_MILLIS = 10_000;

        Function {
            Objects.requireNonNull(name, "function.name is missing");
            Objects.requireNonNull(version, "function.version is missing");
            Objects.requireNonNull(machineType, "function.machineType is missing");
        }

        FunctionSpec spec() {
            return FunctionSpec.newBuilder()
                    .setName(name)
                    .setEntryPoint(new EntryPoint("", name, "", 0))
                    .setEnvironment(
                            new EnvironmentSpec(
                                    EnvironmentKind.PYTHON,
                                    version,
                                    orNone(requirements),
                                    List.of(),
                                    Map.of(),
                                    "",
                                    false))
                    .setBundles(List.of())
                    .setMachineType(machineType)
                    .setKeepAliveMillis(
                            Objects.requireNonNullElse(keepAliveMillis, KEEP_ALIVE_MILLIS))
                    .setNetwork(Objects.requireNonNullElse(network, true))
                    .setSecrets(orNone(secrets))
                    .setRetries(retries == null ? null : retries.policy())
                    .build();
        }

        private static List<String> orNone(@Nullable List<String> texts) {
            return texts == null ? List.of() : List.copyOf(texts);
        }
    }

    /**
     * Either is given.
     *
     * @param pickle the bytes, in Base64
     * @param blob where they were sent to before
     */
    record Arguments(@Nullable ByteBuffer pickle, @Nullable BlobAnswer blob) {
        Arguments {
            if ((pickle == null) == (blob == null)) {
                throw new IllegalArgumentException("arguments have either pickle or blob");
            }
        }

        Payload payload() {
            return pickle != null
                    ? new Payload(PayloadCodec.PICKLE, pickle, null)
                    : new Payload(
                            PayloadCodec.PICKLE,
                            ByteBuffer.allocate(0),
                            Objects.requireNonNull(blob).address());
        }
    }

    /** The place of a blob, as the client was told it. */
    record BlobAnswer(String digest, long size, int partition, long firstOffset, long lastOffset) {
        private static final int DIGEST_CHARACTERS = 64;

        BlobAnswer {
            if (digest == null || digest.length() != DIGEST_CHARACTERS) {
                throw new IllegalArgumentException("digest is no SHA-256 in hexadecimal");
            }
        }

        static BlobAnswer of(BlobAddress address) {
            return new BlobAnswer(
                    HexFormat.of().formatHex(address.getDigest().bytes()),
                    address.getSize(),
                    address.getPartition(),
                    address.getFirstOffset(),
                    address.getLastOffset());
        }

        BlobAddress address() {
            return new BlobAddress(
                    new Digest(HexFormat.of().parseHex(digest)),
                    size,
                    partition,
                    firstOffset,
                    lastOffset);
        }
    }

    /** In milliseconds; 0: the agent's default. */
    record Limits(long executionTimeoutMillis, long buildTimeoutMillis) {
        Limits {
            if (executionTimeoutMillis < 0 || buildTimeoutMillis < 0) {
                throw new IllegalArgumentException("a limit is below 0");
            }
        }
    }

    /**
     * Reads one.
     *
     * @throws ProblemException when it is none
     */
    static JobRequest read(byte[] body) {
        return read(body, JobRequest.class, "the body is no job");
    }

    /**
     * Reads one of the records here.
     *
     * @param problem what it is said to be when it is none
     * @throws ProblemException when it is none
     */
    static <T> T read(byte[] body, Class<T> type, String problem) {
        try {
            return READER.forType(type).readValue(body);
        } catch (JsonMappingException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            String message =
                    reason instanceof JsonProcessingException json
                            ? json.getOriginalMessage()
                            : String.valueOf(reason.getMessage());
            throw new ProblemException(ProblemType.BAD_REQUEST, problem + ": " + message, e);
        } catch (IOException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, problem + ": no JSON", e);
        }
    }

    /** As a job, which nobody waits for. */
    Invocation job(InstantSource clock) {
        if (streamWindow != null && streamWindow > 0) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "a job has one result, and nobody to take values one by one");
        }
        return invocation(clock)
                .setReplyPartition(-1)
                .setJob(true)
                .setWebhook(webhook == null ? "" : webhook)
                .build();
    }

    /**
     * As a call whose caller waits.
     *
     * @param replyPartition where
     */
    Invocation call(InstantSource clock, int replyPartition) {
        return invocation(clock)
                .setReplyPartition(replyPartition)
                .setStreamWindow(Objects.requireNonNullElse(streamWindow, 0))
                .build();
    }

    private Invocation.Builder invocation(InstantSource clock) {
        return invocation(id, function, arguments.payload(), limits, clock);
    }

    /** A call of a function, which nobody signed. */
    static Invocation.Builder invocation(
            String id,
            Function function,
            Payload arguments,
            @Nullable Limits limits,
            InstantSource clock) {
        Limits given = limits == null ? new Limits(0, 0) : limits;
        return Invocation.newBuilder()
                .setCorrelationId(id)
                .setCreatedAt(clock.millis())
                .setFunction(ByteBuffer.wrap(Codec.current().encode(function.spec())))
                .setArguments(arguments)
                .setLimits(
                        dev.athanor.schemas.Limits.newBuilder()
                                .setExecutionTimeoutMillis(given.executionTimeoutMillis())
                                .setBuildTimeoutMillis(given.buildTimeoutMillis())
                                .build());
    }
}
