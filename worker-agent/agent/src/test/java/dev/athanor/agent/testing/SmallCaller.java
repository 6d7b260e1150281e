package dev.athanor.agent.testing;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction1;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A program that calls more than its heap could hold at once. */
public final class SmallCaller {
    private static final int ENDLESS_RESULTS = 10_000;
    private static final int FLOOD = 2_000;
    private static final int PIECE = 20_000;
    private static final int LARGE_PIECE = 200_000;
    private static final int LARGEST = (64 << 20) - 1_024;

    private SmallCaller() {}

    /** Takes the broker's address and what to do. */
    public static void main(String[] args) throws InterruptedException {
        try (AthanorClient client = AthanorClient.builder().bootstrapServers(args[0]).build()) {
            IsolatedFunction1<byte[], byte[]> reversed =
                    isolated(Jobs::reversed, host(cloud(client)), machineType(M));
            System.out.println(
                    switch (args[1]) {
                        case "endless" -> endless(reversed) + " results";
                        case "flood" -> flood(reversed) + " results";
                        case "large" -> reversed.call(new byte[LARGEST]).length + " bytes";
                        default -> throw new IllegalArgumentException(args[1]);
                    });
        }
    }

    /** 200 MB each way, of an iterator that never ends. */
    private static long endless(IsolatedFunction1<byte[], byte[]> reversed) {
        Iterable<byte[]> inputs = () -> Stream.generate(() -> new byte[PIECE]).iterator();
        try (Stream<byte[]> results = reversed.map(inputs)) {
            return results.limit(ENDLESS_RESULTS).filter(r -> r.length == PIECE).count();
        }
    }

    /** 400 MB, as fast as they can be submitted; the results are not kept. */
    private static int flood(IsolatedFunction1<byte[], byte[]> reversed)
            throws InterruptedException {
        AtomicInteger results = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(FLOOD);
        for (int i = 0; i < FLOOD; i++) {
            CompletableFuture<byte[]> _ =
                    reversed.submit(new byte[LARGE_PIECE])
                            .whenComplete((result, failure) -> {
                                if (failure == null) {
                                    results.incrementAndGet();
                                }
                                left.countDown();
                            });
        }
        left.await();
        return results.get();
    }
}
