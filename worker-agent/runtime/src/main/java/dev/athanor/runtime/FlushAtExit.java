package dev.athanor.runtime;

import java.io.IOException;

/** Sends what was printed before a System.exit. */
final class FlushAtExit extends Thread {

    private final CallOutput output;

    FlushAtExit(CallOutput output) {
        super("athanor-flush");
        this.output = output;
    }

    @Override
    public void run() {
        try {
            output.flush();
        } catch (IOException e) {
            // The agent is gone, and with it everyone who could be told.
            return;
        }
    }
}
