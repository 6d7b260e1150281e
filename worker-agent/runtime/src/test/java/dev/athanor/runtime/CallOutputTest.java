package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.runtime.protocol.Frame;
import dev.athanor.runtime.protocol.FrameReader;
import dev.athanor.runtime.protocol.FrameWriter;
import dev.athanor.runtime.protocol.LogFrame;
import dev.athanor.runtime.protocol.LogStream;
import dev.athanor.runtime.protocol.Protocol;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallOutputTest {

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final CallOutput output =
            new CallOutput(new FrameWriter(Channels.newChannel(sent), Protocol.MAX_FRAME_BYTES));

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void sendsBothStreamsOfACallAtItsEnd() throws IOException {
        output.begin(3);
        System.out.println("one");
        System.err.print("twö");

        assertThat(output.end()).isZero();

        assertThat(sentText(3, LogStream.STDOUT)).isEqualTo("one" + System.lineSeparator());
        assertThat(sentText(3, LogStream.STDERR)).isEqualTo("twö");
    }

    @Test
    void dropsWhatIsPrintedBetweenCalls() throws IOException {
        output.begin(3);
        output.end();
        System.out.println("late");
        output.begin(4);
        output.end();

        assertThat(sent.size()).isZero();
    }

    @Test
    void takesTheStreamsBackForEveryCall() throws IOException {
        output.begin(3);
        System.setOut(out);
        output.end();
        output.begin(4);
        System.out.write('x');
        output.end();

        assertThat(sentText(4, LogStream.STDOUT)).isEqualTo("x");
    }

    private String sentText(long callId, LogStream stream) throws IOException {
        FrameReader reader =
                new FrameReader(
                        Channels.newChannel(new ByteArrayInputStream(sent.toByteArray())),
                        Protocol.MAX_FRAME_BYTES);
        StringBuilder text = new StringBuilder();
        for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
            LogFrame log = (LogFrame) frame;
            assertThat(log.callId()).isEqualTo(callId);
            if (log.stream() == stream) {
                text.append(new String(log.lines(), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }
}
