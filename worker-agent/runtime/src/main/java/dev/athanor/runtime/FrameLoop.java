package dev.athanor.runtime;

import dev.athanor.runtime.protocol.CancelFrame;
import dev.athanor.runtime.protocol.Frame;
import dev.athanor.runtime.protocol.FrameReader;
import dev.athanor.runtime.protocol.FrameWriter;
import dev.athanor.runtime.protocol.GrantFrame;
import dev.athanor.runtime.protocol.HelloFrame;
import dev.athanor.runtime.protocol.InvokeFrame;
import dev.athanor.runtime.protocol.LoadFailedFrame;
import dev.athanor.runtime.protocol.LoadFrame;
import dev.athanor.runtime.protocol.LoadedFrame;
import dev.athanor.runtime.protocol.MalformedFrameException;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.runtime.protocol.PingFrame;
import dev.athanor.runtime.protocol.PongFrame;
import dev.athanor.runtime.protocol.Protocol;
import dev.athanor.runtime.protocol.RejectedFrame;
import dev.athanor.runtime.protocol.RejectionKind;
import dev.athanor.runtime.protocol.WithdrawFrame;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Reads what the agent sends and sees to it. Runs on the process's main thread. */
final class FrameLoop {

    private final FrameReader reader;
    private final FrameWriter writer;
    private final NestedCalls nested;
    private @Nullable CallThread calls;

    FrameLoop(SocketChannel channel) {
        reader = new FrameReader(channel, Protocol.MAX_FRAME_BYTES);
        writer = new FrameWriter(channel, Protocol.MAX_FRAME_BYTES);
        nested = new NestedCalls(writer);
    }

    /** Returns when the agent has closed the socket or died. */
    void run() throws MalformedFrameException {
        try {
            writer.write(
                    new HelloFrame(
                            Protocol.VERSION,
                            ProcessHandle.current().pid(),
                            System.getProperty("java.version", "unknown")));
            for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                handle(frame);
            }
        } catch (MalformedFrameException e) {
            throw e;
        } catch (IOException e) {
            // The agent is gone, and with it everyone who could be told.
            return;
        }
    }

    private void handle(Frame frame) throws IOException {
        if (frame instanceof InvokeFrame invoke) {
            loaded().submit(invoke);
        } else if (frame instanceof CancelFrame cancel) {
            if (loaded().cancel(cancel.callId())) {
                notStarted(cancel.callId(), "it was cancelled before its turn");
            }
        } else if (frame instanceof WithdrawFrame) {
            for (long callId : loaded().withdraw()) {
                notStarted(callId, "it was withdrawn");
            }
        } else if (frame instanceof NestedReply reply) {
            nested.reply(reply);
        } else if (frame instanceof GrantFrame) {
            // Of a call that was refused, since functions here do not yield.
            return;
        } else if (frame instanceof PingFrame ping) {
            writer.write(new PongFrame(ping.nonce()));
        } else if (frame instanceof LoadFrame load && calls == null) {
            load(load);
        } else {
            throw new IllegalStateException("an agent does not send " + frame + " here");
        }
    }

    private void notStarted(long callId, String why) throws IOException {
        writer.write(new RejectedFrame(callId, RejectionKind.NOT_STARTED, why));
    }

    private CallThread loaded() {
        if (calls == null) {
            throw new IllegalStateException("a call came before its class path");
        }
        return calls;
    }

    private void load(LoadFrame load) throws IOException {
        URLClassLoader loader;
        try {
            loader = UserClassPath.open(load.classPath(), nested);
        } catch (InvalidClassPathException e) {
            writer.write(new LoadFailedFrame(e.getMessage()));
            return;
        }
        CallOutput output = new CallOutput(writer);
        output.start();
        calls = new CallThread(loader, output, nested, writer);
        calls.start();
        writer.write(new LoadedFrame());
    }
}
