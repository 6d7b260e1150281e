package dev.athanor.dispatcher.function;

import dev.athanor.dispatcher.call.PayloadBlobs;
import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.job.Submission;
import dev.athanor.dispatcher.ledger.JobId;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.blob.Blobs;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Functions that are registered under names, of all tenants, each of which sees its own only. A
 * version never changes; what a name stands for is one of its versions. Safe for any number of
 * threads.
 *
 * <p>Every method throws {@link FunctionException} when it cannot do what it was asked for, and
 * {@link dev.athanor.dispatcher.database.DatabaseException} when the database does not answer.
 */
public final class Functions {
    private static final int LONGEST_PAGE = 1_000;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** An attempt may be lost with its agent, twice at most. */
    private static final int MOST_ATTEMPTS = 3;

    private static final long MARGIN_MILLIS = 120_000;

    private final FunctionStore store;
    private final BundleStore bundles;
    private final Jobs jobs;
    private final PayloadBlobs blobs;
    private final InstantSource clock;

    /** What is given stays its giver's to close. */
    public Functions(Database database, Jobs jobs, PayloadBlobs blobs, InstantSource clock) {
        this.store = new FunctionStore(database, clock);
        this.bundles = new BundleStore(database, blobs, clock);
        this.jobs = jobs;
        this.blobs = blobs;
        this.clock = clock;
    }

    /**
     * Keeps code, for a version that is to come within a day.
     *
     * @param digest SHA-256 of the bytes, in hexadecimal
     */
    public void keepBundle(String tenant, String digest, byte[] bytes) {
        bundles.keep(tenant, checkedDigest(digest), bytes);
    }

    /** The size of a bundle that is kept, which is kept for a day from now on at least. */
    public OptionalLong bundleSize(String tenant, String digest) {
        return bundles.size(tenant, checkedDigest(digest));
    }

    private static String checkedDigest(String digest) {
        if (!DIGEST.matcher(digest).matches()) {
            throw FunctionException.invalid(
                    "a bundle is named by its SHA-256, in 64 lower-case hexadecimal digits");
        }
        return digest;
    }

    /**
     * Makes a deployment the current version of a function, unless it is that already.
     *
     * @param deployment in JSON
     */
    public Deployed deploy(String tenant, String name, byte[] deployment) {
        FunctionName.checked(name);
        Deployed deployed = store.deploy(tenant, name, DeploymentJson.read(deployment));
        bundles.forgetUnused(tenant);
        return deployed;
    }

    /** Makes a version current. */
    public void rollBack(String tenant, String name, int version) {
        store.rollBack(tenant, FunctionName.checked(name), version);
    }

    /** Forgets a function with all versions. Calls that were accepted before run all the same. */
    public void delete(String tenant, String name) {
        store.delete(tenant, FunctionName.checked(name));
        bundles.forgetUnused(tenant);
    }

    /** Forgets a version, which must not be the current one. */
    public void delete(String tenant, String name, int version) {
        store.delete(tenant, FunctionName.checked(name), version);
        bundles.forgetUnused(tenant);
    }

    /**
     * A version of a function.
     *
     * @param version empty: the current one
     */
    public FunctionVersion find(String tenant, String name, OptionalInt version) {
        return store.find(tenant, FunctionName.checked(name), version);
    }

    /**
     * A part of the tenant's functions, by name.
     *
     * @param after the cursor of the page before; empty: from the beginning
     * @param limit how many at most, 1 to 1,000
     */
    public FunctionPage list(String tenant, Optional<String> after, int limit) {
        checkLimit(limit);
        String cursor = after.map(FunctionName::checked).orElse("");
        List<FunctionVersion> found = store.list(tenant, cursor, limit);
        return new FunctionPage(
                found,
                found.size() < limit ? Optional.empty() : Optional.of(found.getLast().name()));
    }

    /** A part of a function's versions, the newest first; as {@link #list} in all else. */
    public FunctionPage versions(String tenant, String name, Optional<String> after, int limit) {
        checkLimit(limit);
        int before = after.map(Functions::cursor).orElse(Integer.MAX_VALUE);
        List<FunctionVersion> found =
                store.versions(tenant, FunctionName.checked(name), before, limit);
        if (found.isEmpty() && after.isEmpty()) {
            throw FunctionException.notFound("there is no function " + name);
        }
        return new FunctionPage(
                found,
                found.size() < limit
                        ? Optional.empty()
                        : Optional.of(String.valueOf(found.getLast().version())));
    }

    private static int cursor(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw FunctionException.invalid("'%s' is no cursor".formatted(text));
        }
        return Integer.parseInt(text);
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw FunctionException.invalid(
                    "the limit must be 1 to %,d, got %,d".formatted(LONGEST_PAGE, limit));
        }
    }

    /**
     * Calls a function as a job. Arguments that do not fit it are refused before anything is
     * written.
     *
     * @param version empty: the current one
     * @param arguments in JSON: an array by position, or an object by name
     * @param key as {@link Jobs#submit(String, Invocation, Optional)} has it
     */
    public Submission submit(
            String tenant, String name, OptionalInt version, byte[] arguments, Optional<String> key)
            throws InterruptedException {
        FunctionVersion function = find(tenant, name, version);
        function.deployment().signature().check(DeploymentJson.tree(arguments));
        List<BlobAddress> code = new ArrayList<>();
        for (String bundle : function.deployment().bundles()) {
            code.add(bundles.place(tenant, bundle));
        }
        Payload payload =
                arguments.length <= Blobs.INLINE_LIMIT
                        ? new Payload(PayloadCodec.JSON, ByteBuffer.wrap(arguments), null)
                        : new Payload(
                                PayloadCodec.JSON,
                                ByteBuffer.allocate(0),
                                blobs.write(tenant, arguments));
        return jobs.submit(tenant, invocation(function, code, payload), key);
    }

    private Invocation invocation(
            FunctionVersion function, List<BlobAddress> code, Payload arguments) {
        Deployment deployment = function.deployment();
        Deployment.Times times = deployment.limits();
        long now = clock.millis();
        long attempt =
                times.buildTimeoutMillis()
                        + times.startTimeoutMillis()
                        + times.executionTimeoutMillis();
        long attempts = MOST_ATTEMPTS + (long) deployment.maxEscalations();
        return Invocation.newBuilder()
                .setCorrelationId(JobId.of(clock.instant()).toString())
                .setCreatedAt(now)
                .setFunction(
                        ByteBuffer.wrap(
                                Codec.current().encode(deployment.spec(function.name(), code))))
                .setArguments(arguments)
                .setReplyPartition(-1)
                .setLimits(
                        new Limits(
                                now + times.queueTimeoutMillis(),
                                now
                                        + times.queueTimeoutMillis()
                                        + attempt * attempts
                                        + MARGIN_MILLIS,
                                times.executionTimeoutMillis(),
                                times.startTimeoutMillis(),
                                times.buildTimeoutMillis()))
                .setJob(true)
                .setKeepResultMillis(deployment.keepResultMillis())
                .build();
    }
}
