package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.batch.BatchUpload;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.UndecodableException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * A batch as it comes: its first part says what its members are calls of, each further one is an
 * input. One part is in memory at a time. For one thread.
 */
abstract sealed class BatchBody {
    private static final int LARGEST_PART = 1 << 20;
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final HttpLimits limits;
    private final LongSupplier ticker;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int end;
    private long read;

    /** When the part began that is being read, by the ticker. */
    private long partBegan;

    private BatchBody(InputStream in, HttpLimits limits, LongSupplier ticker) {
        this.in = in;
        this.limits = limits;
        this.ticker = ticker;
        this.partBegan = ticker.getAsLong();
    }

    /**
     * Records of Avro in single-object encoding, each after its length in 4 bytes, big endian: an
     * Invocation without arguments first, which may be replaced by a further one, then Payloads. A
     * length of 0 says that the sender still lives.
     */
    static final class Framed extends BatchBody {
        Framed(InputStream in, HttpLimits limits, LongSupplier ticker) {
            super(in, limits, ticker);
        }

        @Override
        Invocation template() throws IOException {
            SpecificRecordBase record = record();
            if (record instanceof Invocation invocation) {
                return invocation;
            }
            throw bad("it does not begin with an invocation");
        }

        @Override
        boolean addNext(BatchUpload upload) throws IOException {
            SpecificRecordBase record = record();
            if (record instanceof Payload payload) {
                upload.add(payload);
            } else if (record instanceof Invocation invocation) {
                upload.template(invocation);
            } else if (record != null) {
                throw bad("a %s is no input".formatted(record.getClass().getSimpleName()));
            }
            return record != null;
        }

        /** Null: it is at its end. */
        private @Nullable SpecificRecordBase record() throws IOException {
            int length = 0;
            while (length == 0) {
                if (isAtEnd()) {
                    return null;
                }
                length = ByteBuffer.wrap(bytes(Integer.BYTES)).getInt();
            }
            if (length < 0 || length > LARGEST_PART) {
                throw bad("a part says that it has %,d bytes".formatted(length));
            }
            try {
                return Codec.current().decode(bytes(length));
            } catch (UndecodableException e) {
                throw bad(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Lines of JSON: a {@link BatchRequest} first, then arguments. Empty ones are passed over. */
    static final class Lines extends BatchBody {
        private final InstantSource clock;

        Lines(InputStream in, HttpLimits limits, LongSupplier ticker, InstantSource clock) {
            super(in, limits, ticker);
            this.clock = clock;
        }

        @Override
        Invocation template() throws IOException {
            byte[] line = line().orElseThrow(() -> bad("it is empty"));
            return JobRequest.read(line, BatchRequest.class, "the first line is no batch")
                    .template(clock);
        }

        @Override
        boolean addNext(BatchUpload upload) throws IOException {
            Optional<byte[]> line = line();
            line.map(each -> JobRequest.read(each, JobRequest.Arguments.class, "no arguments"))
                    .map(JobRequest.Arguments::payload)
                    .ifPresent(upload::add);
            return line.isPresent();
        }

        private Optional<byte[]> line() throws IOException {
            byte[] line = new byte[0];
            while (isBlank(line)) {
                if (isAtEnd()) {
                    return Optional.empty();
                }
                line = bytesTo((byte) '\n');
            }
            return Optional.of(line);
        }

        private static boolean isBlank(byte[] line) {
            for (byte each : line) {
                if (each != ' ' && each != '\r') {
                    return false;
                }
            }
            return true;
        }
    }

    /** What the members are calls of; to be read first. */
    abstract Invocation template() throws IOException;

    /** Reads on by one part; false: there was none. */
    abstract boolean addNext(BatchUpload upload) throws IOException;

    /** Whether nothing more comes; else a part begins. */
    final boolean isAtEnd() throws IOException {
        partBegan = ticker.getAsLong();
        return position == end && !fill();
    }

    final byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int filled = 0;
        while (filled < count) {
            if (position == end && !fill()) {
                throw new EOFException("the batch ends within a part");
            }
            int step = Math.min(count - filled, end - position);
            System.arraycopy(buffer, position, bytes, filled, step);
            filled += step;
            position += step;
        }
        return bytes;
    }

    /** What comes before that byte, which is passed over, or the end. */
    final byte[] bytesTo(byte last) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (position < end || fill()) {
            int from = position;
            while (position < end && buffer[position] != last) {
                position++;
            }
            bytes.write(buffer, from, position - from);
            if (bytes.size() > LARGEST_PART) {
                throw new ProblemException(
                        ProblemType.TOO_LARGE,
                        "a line has at most %,d bytes".formatted(LARGEST_PART));
            }
            if (position < end) {
                position++;
                break;
            }
        }
        return bytes.toByteArray();
    }

    private boolean fill() throws IOException {
        int count = in.read(buffer);
        Duration took = Duration.ofNanos(ticker.getAsLong() - partBegan);
        if (took.compareTo(limits.blob()) > 0) {
            throw new ProblemException(
                    ProblemType.TIMEOUT,
                    "an input did not come within %d s".formatted(limits.blob().toSeconds()));
        }
        position = 0;
        end = Math.max(0, count);
        read += end;
        if (read > limits.maxBatchBytes()) {
            throw new ProblemException(
                    ProblemType.TOO_LARGE,
                    "a batch has at most %,d bytes".formatted(limits.maxBatchBytes()));
        }
        return count >= 0;
    }

    static ProblemException bad(String why) {
        return new ProblemException(ProblemType.BAD_REQUEST, "the body is no batch: " + why);
    }
}
