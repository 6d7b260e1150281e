package dev.athanor.environment.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands before an engine, and goes away when it is told to. */
final class EngineProxy implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final Path path;
    private final UnixDomainSocketAddress engine;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
    private ServerSocketChannel server;

    EngineProxy(Path path, String engine) throws IOException {
        this.path = path;
        this.engine = UnixDomainSocketAddress.of(engine.substring("unix://".length()));
        comeBack();
    }

    String host() {
        return "unix://" + path;
    }

    void comeBack() throws IOException {
        ServerSocketChannel next = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        next.bind(UnixDomainSocketAddress.of(path));
        server = next;
        start(() -> accept(next));
    }

    void goAway() throws IOException {
        server.close();
        Files.deleteIfExists(path);
        for (SocketChannel each : open) {
            each.close();
        }
        open.clear();
    }

    private void accept(ServerSocketChannel listening) {
        try {
            while (true) {
                SocketChannel client = listening.accept();
                SocketChannel there = SocketChannel.open(engine);
                open.addAll(List.of(client, there));
                start(() -> copy(client, there));
                start(() -> copy(there, client));
            }
        } catch (IOException e) {
            // It has gone away.
            return;
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            // One of the two has closed it.
            return;
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "engine-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        goAway();
    }
}
