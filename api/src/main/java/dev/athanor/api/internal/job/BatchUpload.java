package dev.athanor.api.internal.job;

import dev.athanor.api.AthanorException;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnavailableException;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Sends the inputs of a batch while they are made, with less than 1 MiB and the largest of them in
 * memory. The dispatcher begins nothing before all have come. For one thread, which makes them;
 * another one of the HTTP client sends them.
 */
public final class BatchUpload implements AutoCloseable {
    private static final String FRAMED = "application/vnd.athanor.batch";
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int BLOCK = 64 * 1024;
    private static final int MOST_BLOCKS = 4;
    private static final int MOST_INPUTS = 1_000_000;
    private static final byte[] LAST = new byte[0];
    private static final byte[] BROKEN = new byte[0];

    /** While the inputs are long in coming, a part without content says that they still do. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final DispatcherClient dispatcher;
    private final String id;
    private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(MOST_BLOCKS);
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private final CompletableFuture<DispatcherClient.Answer> answer;
    private int inputs;
    private boolean finished;

    private BatchUpload(DispatcherClient dispatcher, String id) {
        this.dispatcher = dispatcher;
        this.id = id;
        this.answer =
                dispatcher.send(
                        dispatcher
                                .request("/v1/batches", LONGEST)
                                .header("Content-Type", FRAMED)
                                .POST(BodyPublishers.ofInputStream(() -> new Blocks(blocks))),
                        Long.MAX_VALUE);
    }

    /**
     * Begins to send a batch.
     *
     * @param id the batch's
     */
    public static BatchUpload begin(DispatcherClient dispatcher, String id) {
        return new BatchUpload(dispatcher, id);
    }

    /**
     * Sends what the inputs that follow are to be called with; blocks while the dispatcher is
     * slower.
     *
     * @throws AthanorException when it has refused the batch
     */
    public void template(Invocation call) {
        add(call);
    }

    /**
     * Sends an input, in the same way.
     *
     * @throws TooLargeException when it is one too many
     */
    public void input(Payload arguments) {
        if (inputs == MOST_INPUTS) {
            throw new TooLargeException(
                    "a batch has at most %,d inputs, and nothing of this one runs"
                            .formatted(MOST_INPUTS));
        }
        inputs++;
        add(arguments);
    }

    private void add(SpecificRecordBase record) {
        byte[] encoded = Codec.current().encode(record);
        block.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(encoded.length).array());
        block.writeBytes(encoded);
        if (block.size() >= BLOCK) {
            put(block.toByteArray());
            block.reset();
        }
    }

    private void put(byte[] bytes) {
        try {
            while (!blocks.offer(bytes, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                if (answer.isDone()) {
                    DispatcherClient.await(answer);
                    throw new UnavailableException(
                            "the dispatcher answered before it had the whole batch");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledCallException("interrupted while sending a batch", e);
        }
    }

    /**
     * That was all: returns once the batch has begun. Where the answer is lost, it is asked for.
     *
     * @throws AthanorException when it has not, or there is no saying
     */
    public void finish() {
        put(block.toByteArray());
        put(LAST);
        finished = true;
        try {
            DispatcherClient.await(answer);
        } catch (UnavailableException e) {
            if (!dispatcher.hasBatch(id)) {
                throw e;
            }
        }
    }

    /** What was not finished is broken off, so that the dispatcher forgets it. */
    @Override
    public void close() {
        if (!finished) {
            blocks.clear();
            // There is room: nobody else adds any.
            blocks.add(BROKEN);
        }
    }

    /** The blocks as the HTTP client reads them. */
    private static final class Blocks extends InputStream {
        private final BlockingQueue<byte[]> blocks;
        private ByteBuffer block = ByteBuffer.allocate(0);
        private boolean isAtEnd;

        Blocks(BlockingQueue<byte[]> blocks) {
            this.blocks = blocks;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (!block.hasRemaining() && !isAtEnd) {
                next();
            }
            if (isAtEnd) {
                return -1;
            }
            int count = Math.min(length, block.remaining());
            block.get(bytes, offset, count);
            return count;
        }

        @SuppressWarnings("ReferenceEquality") // Marks are told by their identity.
        private void next() throws IOException {
            try {
                byte[] next = blocks.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (next == BROKEN) {
                    throw new IOException("the batch is broken off");
                }
                isAtEnd = next == LAST;
                block = ByteBuffer.wrap(next == null ? new byte[Integer.BYTES] : next);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while sending a batch", e);
            }
        }
    }
}
