package dev.athanor.runtime;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Gives the threads of the common pool the class loader of the thread that needs them. By default
 * they would see the runtime's own classes and not the user's. Public because the JDK creates it.
 */
public final class CommonPoolThreads implements ForkJoinWorkerThreadFactory {

    /** Creates the factory. */
    public CommonPoolThreads() {}

    @Override
    public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
        return new UserWorkerThread(pool);
    }

    private static final class UserWorkerThread extends ForkJoinWorkerThread {
        UserWorkerThread(ForkJoinPool pool) {
            super(pool);
            setContextClassLoader(Thread.currentThread().getContextClassLoader());
        }
    }
}
