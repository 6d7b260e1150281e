package dev.athanor.api.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbacksTest {
    private final Callbacks callbacks = new Callbacks();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void close() {
        released.countDown();
        callbacks.close();
    }

    @Test
    void aTaskThatBlocksHoldsUpNoOther() {
        int tasks = 200;
        for (int i = 0; i < tasks; i++) {
            callbacks.execute(this::block);
            callbacks.execute(ran::incrementAndGet);
        }

        await().until(() -> ran.get() == tasks);
    }

    private void block() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void everyTaskRunsOnceWhoeverBringsIt() throws InterruptedException {
        int bringers = 4;
        int each = 20_000;
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Thread[] started = new Thread[bringers];
        for (int i = 0; i < bringers; i++) {
            started[i] =
                    new Thread(() -> {
                        for (int task = 0; task < each; task++) {
                            callbacks.execute(() -> {
                                threads.add(Thread.currentThread());
                                ran.incrementAndGet();
                            });
                        }
                    });
            started[i].start();
        }
        for (Thread thread : started) {
            thread.join();
        }

        await().until(() -> ran.get() == bringers * each);
        assertThat(threads).doesNotContain(started);
    }

    @Test
    void aTaskThatFailsHarmsNoOther() {
        callbacks.execute(() -> {
            throw new IllegalStateException("of the caller's code");
        });
        callbacks.execute(ran::incrementAndGet);

        await().dontCatchUncaughtExceptions().until(() -> ran.get() == 1);
    }

    @Test
    void tasksOfAClosedOneRunWhereTheyCome() {
        callbacks.close();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        callbacks.execute(() -> {
            callbacks.execute(() -> threads.add(Thread.currentThread()));
            threads.add(Thread.currentThread());
        });

        assertThat(threads).containsExactly(Thread.currentThread());
    }
}
