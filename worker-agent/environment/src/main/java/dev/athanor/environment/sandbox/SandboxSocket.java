package dev.athanor.environment.sandbox;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Listens for the one connection of a sandbox that is starting. */
final class SandboxSocket implements AutoCloseable {

    private final Path path;
    private final ServerSocketChannel server;

    private SandboxSocket(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    static SandboxSocket listen(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            server.configureBlocking(false);
            return new SandboxSocket(path, server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /**
     * Waits for the connection.
     *
     * @throws StartFailedException if the process ends first, or time runs out
     */
    SocketChannel accept(HostProcess process, Duration timeout)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Selector selector = Selector.open()) {
            CompletableFuture<Void> wakeup =
                    process.onExit().thenAccept(ended -> selector.wakeup());
            server.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                SocketChannel channel = server.accept();
                if (channel != null) {
                    wakeup.cancel(false);
                    return channel;
                }
                if (!process.isAlive()) {
                    throw StartFailedException.failed("it ended before it was ready", null);
                }
                Duration left = timeout.minusNanos(System.nanoTime() - start);
                if (left.isNegative() || left.toMillis() == 0) {
                    throw StartFailedException.timedOut("it was not ready within " + timeout, null);
                }
                selector.select(left.toMillis());
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while a sandbox was starting");
                }
            }
        }
    }

    /** Stops listening and removes the socket; a connection that was accepted lives on. */
    @Override
    public void close() throws IOException {
        try (server) {
            Files.deleteIfExists(path);
        }
    }
}
