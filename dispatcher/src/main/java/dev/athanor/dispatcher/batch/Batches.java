package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.batch.BatchRefusedException.Reason;
import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.job.Canceller;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.ledger.JobId;
import dev.athanor.dispatcher.ledger.Ledger;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.agents.MachineTypesServed;
import dev.athanor.schemas.keys.Trust;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Batches of all tenants, each of which sees its own only; and what feeds them into the queues.
 * Methods block; safe for any number of threads, of which virtual ones do.
 *
 * <p>Every method throws {@link dev.athanor.dispatcher.database.DatabaseException} when the
 * database does not answer.
 */
public final class Batches implements AutoCloseable {
    private static final int LONGEST_PAGE = 1_000;
    private static final int MOST_UNDER_WAY = 100;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(3);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    /** Above every id. */
    private static final UUID END = new UUID(-1L, -1L);

    private final Ledger ledger;
    private final Jobs jobs;
    private final BatchTables tables;
    private final UploadStore uploads;
    private final BatchQueries queries;
    private final BatchResults results;
    private final Feeder feeder;
    private final Thread thread;
    private final LongSupplier ticker;
    private final InstantSource clock;

    /**
     * Begins to feed what there is. What is given stays its giver's to close, after this.
     *
     * @param producer with {@code acks=all}
     * @param transactional makes a producer of a transactional id
     * @param calls makes a producer with {@code acks=all} that gives up after so long
     * @param followers makes a consumer without a group
     * @param agents who is there to run calls
     * @param patience for how long a live agent may be silent
     * @param ticker nanoseconds of a clock that never goes back
     */
    public Batches(
            Database database,
            Ledger ledger,
            Jobs jobs,
            Trust trust,
            Producer<byte[], byte[]> producer,
            Function<String, Producer<byte[], byte[]>> transactional,
            Function<Duration, Producer<byte[], byte[]>> calls,
            Supplier<Consumer<byte[], byte[]>> followers,
            Supplier<AgentView> agents,
            Duration patience,
            LongSupplier ticker,
            InstantSource clock) {
        this.ledger = ledger;
        this.jobs = jobs;
        this.tables = new BatchTables(database);
        this.uploads = new UploadStore(database);
        this.queries = new BatchQueries(database);
        MemberQueries members = new MemberQueries(database);
        this.results = new BatchResults(queries, members, new ReplyQueries(database), clock);
        this.ticker = ticker;
        this.clock = clock;
        FeederParts parts =
                new FeederParts(
                        new BatchStore(database),
                        members,
                        uploads,
                        tables,
                        () ->
                                MemberPublisher.takeOver(
                                        transactional.apply(MemberPublisher.TRANSACTIONAL_ID),
                                        calls.apply(MemberPublisher.DELIVERED),
                                        trust,
                                        ticker,
                                        clock),
                        new QueueScan(followers, ticker),
                        jobs::catchUp,
                        () -> slots(agents.get(), patience));
        this.feeder =
                new Feeder(parts, ledger, new Canceller(producer, trust, clock), ticker, clock);
        this.thread = Thread.ofPlatform().name("batches").start(feeder);
    }

    private static ToIntFunction<String> slots(AgentView view, Duration patience) {
        Map<String, MachineTypeStatus> served =
                MachineTypesServed.by(
                        view.agents(), agent -> view.silence(agent).compareTo(patience) < 0);
        return machineType -> {
            MachineTypeStatus status = served.get(machineType);
            return status == null ? 0 : status.getSlots();
        };
    }

    /** Whether the thread that feeds is alive. */
    public boolean isWorking() {
        return thread.isAlive();
    }

    /**
     * Begins a batch, whose inputs are to come. Where inputs of a batch with this id came before
     * and not all of them, these count no more.
     *
     * @param template a job without arguments, whose id is the batch's: a UUID of version 7 that
     *     ends in 32 zero bits
     * @throws BatchRefusedException when it may not begin
     */
    public BatchUpload begin(String tenant, Invocation template) throws InterruptedException {
        BatchKey key =
                BatchKey.of(tenant, template.getCorrelationId())
                        .filter(each -> ledger.holds(JobId.day(each.id())))
                        .orElseThrow(() ->
                                new BatchRefusedException(
                                        Reason.INVALID,
                                        ("its id '%s' is no UUID of version 7 that ends in 00000000, or of"
                                                        + " a day long ago or yet to come")
                                                .formatted(template.getCorrelationId())));
        BatchFunction function = BatchFunction.of(template);
        if (!jobs.hasQueue(function.machineType())) {
            throw new BatchRefusedException(
                    Reason.UNKNOWN_MACHINE_TYPE,
                    "no agent has ever served the machine type '%s'"
                            .formatted(function.machineType()));
        }
        LocalDate day = JobId.day(key.id());
        UUID upload = UUID.randomUUID();
        tables.make(day);
        uploads.begin(
                key,
                upload,
                function.name(),
                function.machineType(),
                clock.millis(),
                MOST_UNDER_WAY);
        return new BatchUpload(uploads, key, function, template, upload, clock);
    }

    /** The batch of that id, and how it fares; empty when the tenant has none that was begun. */
    public Optional<BatchProgress> find(String tenant, String id) {
        return BatchKey.of(tenant, id).flatMap(queries::progress);
    }

    /**
     * The tenant's batches, the newest first.
     *
     * @param after the id of the last one of the page before; empty: from the beginning
     * @param limit how many at most, 1 to 1,000
     * @throws IllegalArgumentException when the limit or the id is none
     */
    public List<Batch> list(String tenant, Optional<String> after, int limit) {
        checkLimit(limit);
        UUID before =
                after.map(text ->
                                MemberId.parseBatch(text)
                                        .orElseThrow(() ->
                                                new IllegalArgumentException(
                                                        "'%s' is no cursor".formatted(text))))
                        .orElse(END);
        return queries.list(tenant, before, limit);
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new IllegalArgumentException(
                    "the limit must be 1 to %,d, got %,d".formatted(LONGEST_PAGE, limit));
        }
    }

    /**
     * Has a batch stopped as a whole, and waits a moment for that.
     *
     * @return empty: there is no such batch
     */
    public Optional<BatchCancellation> cancel(String tenant, String id)
            throws InterruptedException {
        Optional<BatchKey> key = BatchKey.of(tenant, id);
        Optional<Batch> before = key.flatMap(queries::find);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        boolean isFinished =
                !queries.cancel(key.get(), clock.millis()) && !before.get().isCancelled();
        long deadline = ticker.getAsLong() + CANCEL_PATIENCE.toNanos();
        while (!isFinished && deadline - ticker.getAsLong() > 0) {
            long seen = ledger.news();
            if (queries.find(key.get()).flatMap(Batch::endedAt).isPresent()) {
                break;
            }
            ledger.awaitNews(seen, LOOK_EVERY);
        }
        return queries.progress(key.get())
                .map(progress -> new BatchCancellation(answer(isFinished, progress), progress));
    }

    private static BatchCancellation.Answer answer(boolean isFinished, BatchProgress progress) {
        if (isFinished) {
            return BatchCancellation.Answer.ALREADY_FINISHED;
        }
        return progress.batch().endedAt().isPresent()
                ? BatchCancellation.Answer.CANCELLED
                : BatchCancellation.Answer.REQUESTED;
    }

    /**
     * Has those members run again that have failed by now; others go on. Where none has, nothing
     * happens. A member that fails while this begins may be run again as well, and none twice.
     *
     * @return empty: there is no such batch
     * @throws BatchRefusedException when it was cancelled, or has run as often as it may
     */
    public Optional<BatchProgress> runFailedAgain(String tenant, String id) {
        Optional<BatchKey> key = BatchKey.of(tenant, id);
        Optional<BatchProgress> progress = key.flatMap(queries::progress);
        if (progress.isEmpty() || progress.get().failed() + progress.get().cancelled() == 0) {
            return progress;
        }
        Batch batch = progress.get().batch();
        if (batch.isCancelled() || batch.run() == MemberId.MOST_RUNS) {
            throw new BatchRefusedException(
                    Reason.CONFLICT,
                    batch.isCancelled()
                            ? "the batch %s was cancelled".formatted(id)
                            : "the batch %s has run %d times".formatted(id, batch.run() + 1));
        }
        // Where another request was faster, those run again as it is.
        boolean _ = queries.runAgain(key.get(), batch.run());
        return key.flatMap(queries::progress);
    }

    /**
     * Results after a cursor, as soon as there is one.
     *
     * @param failedOnly leaves out those of members that returned
     * @param after the cursor of the page before; empty: from the beginning
     * @param limit how many at most, 1 to 1,000; fewer where they are large
     * @param wait for how long at most, where there is none
     * @return empty: there is no such batch
     * @throws IllegalArgumentException when the limit or the cursor is none
     */
    public Optional<ResultPage> results(
            String tenant,
            String id,
            ResultOrder order,
            boolean failedOnly,
            Optional<String> after,
            int limit,
            Duration wait)
            throws InterruptedException {
        checkLimit(limit);
        ResultCursor cursor = after.map(ResultCursor::parse).orElseGet(ResultCursor::start);
        Optional<BatchKey> key = BatchKey.of(tenant, id);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        long deadline = ticker.getAsLong() + wait.toNanos();
        while (true) {
            long seen = ledger.news();
            Optional<BatchResults.Page> page =
                    results.page(key.get(), order, failedOnly, cursor, limit);
            long left = deadline - ticker.getAsLong();
            if (page.isEmpty()
                    || !page.get().results().isEmpty()
                    || page.get().isLast()
                    || left <= 0) {
                return page.map(each ->
                        new ResultPage(
                                each.results(),
                                each.isLast()
                                        ? Optional.empty()
                                        : Optional.of(each.next().text())));
            }
            boolean hasMoved = page.get().hasMoved();
            cursor = page.get().next();
            if (!hasMoved) {
                ledger.awaitNews(seen, shorter(Duration.ofNanos(left), LOOK_EVERY));
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        feeder.stop();
        try {
            thread.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
