package dev.athanor.runtime;

import dev.athanor.runtime.protocol.Protocol;
import java.io.IOException;

/** Sends lines while a function runs. */
final class SendingThread extends Thread {

    private final CallOutput output;

    SendingThread(CallOutput output) {
        super("athanor-output");
        this.output = output;
        setDaemon(true);
    }

    /** Does nothing: user code that interrupts all threads must not close the socket. */
    @Override
    public void interrupt() {}

    @Override
    public void run() {
        try {
            output.sendLoop();
        } catch (IOException e) {
            // The agent is gone.
            Runtime.getRuntime().halt(0);
        } catch (OutOfMemoryError e) {
            Runtime.getRuntime().halt(Protocol.EXIT_OUT_OF_MEMORY);
        }
    }
}
