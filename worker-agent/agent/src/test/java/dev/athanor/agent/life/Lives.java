package dev.athanor.agent.life;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;

/** Lives for tests. */
public final class Lives {
    private Lives() {}

    /** A life that the cluster knows of; it is over 10 s of the ticker later. */
    public static Life announced(LongSupplier ticker, InstantSource clock) {
        Life life = new Life(Duration.ofSeconds(10), ticker, clock);
        life.current().beat(ticker.getAsLong(), Set.of());
        return life;
    }
}
