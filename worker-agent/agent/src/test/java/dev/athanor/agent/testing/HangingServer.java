package dev.athanor.agent.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server that takes connections, as its operating system does for it, and never answers. */
public final class HangingServer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final ServerSocket socket;
    private Socket caller = new Socket();

    public HangingServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    public String address() {
        return "https://localhost:%d/".formatted(socket.getLocalPort());
    }

    /** Returns when somebody has connected. */
    public void awaitCaller() throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        caller = socket.accept();
    }

    @Override
    public void close() throws IOException {
        caller.close();
        socket.close();
    }
}
