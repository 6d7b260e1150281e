package dev.athanor.loadtests.fuzz;

import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Functions that are called before and after, in a class that needs nothing but the JDK. */
final class Probe {
    private static final InstantSource CLOCK = InstantSource.system();

    private static final long NAP_MILLIS = 1_500;

    private Probe() {}

    static byte[] echo(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("nothing to echo");
        }
        System.out.println(bytes.length + " bytes");
        return bytes;
    }

    /**
     * Goes on for longer than a record is held, and for no longer whatever it is given. Returns its
     * beginning and its end.
     */
    static String nap(Integer number) throws InterruptedException {
        long begin = CLOCK.millis();
        boolean _ = new CountDownLatch(1).await(NAP_MILLIS, TimeUnit.MILLISECONDS);
        return begin + " " + CLOCK.millis();
    }
}
