package dev.athanor.runtime;

import dev.athanor.runtime.protocol.Protocol;
import java.io.IOException;

/** Sends the nested calls of functions. */
final class NestedSender extends Thread {

    private final NestedCalls calls;

    NestedSender(NestedCalls calls) {
        super("athanor-nested");
        this.calls = calls;
        setDaemon(true);
    }

    /** Does nothing: user code that interrupts all threads must not close the socket. */
    @Override
    public void interrupt() {}

    @Override
    public void run() {
        try {
            calls.sendLoop();
        } catch (IOException e) {
            // The agent is gone.
            Runtime.getRuntime().halt(0);
        } catch (OutOfMemoryError e) {
            Runtime.getRuntime().halt(Protocol.EXIT_OUT_OF_MEMORY);
        }
    }
}
