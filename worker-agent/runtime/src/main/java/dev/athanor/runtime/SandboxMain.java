package dev.athanor.runtime;

import dev.athanor.runtime.protocol.Protocol;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * The process of a sandbox. Its one argument is the path of the socket on which the agent listens;
 * when that socket closes, the process halts, whatever user code is doing.
 */
public final class SandboxMain {

    private static final int EXIT_USAGE = 64;

    private SandboxMain() {}

    /**
     * Runs until the agent closes the socket.
     *
     * @param args the path of the socket
     */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: java " + SandboxMain.class.getName() + " <socket path>");
            System.exit(EXIT_USAGE);
        }
        System.setIn(InputStream.nullInputStream());
        System.setProperty("athanor.sandbox", "true");
        System.setProperty(
                "java.util.concurrent.ForkJoinPool.common.threadFactory",
                CommonPoolThreads.class.getName());
        Runtime.getRuntime().halt(serve(args[0], System.err));
    }

    private static int serve(String socket, PrintStream stderr) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            new FrameLoop(channel).run();
            return 0;
        } catch (OutOfMemoryError e) {
            stderr.println("out of memory while receiving a call");
            return Protocol.EXIT_OUT_OF_MEMORY;
        } catch (Throwable e) {
            stderr.println("the sandbox's runtime failed: " + e);
            return Protocol.EXIT_RUNTIME_FAILED;
        }
    }
}
