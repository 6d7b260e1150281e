package dev.athanor.agent.testing;

import java.time.Duration;

/** How long tests wait for what always happens, on machines that are busy with other things. */
final class Patience {
    static final Duration LONG = Duration.ofSeconds(60);

    private Patience() {}
}
