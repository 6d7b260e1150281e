package dev.athanor.runtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FramesTest {

    private static final NestedOutcome OUTCOME =
            new NestedOutcome("id", 2, "agent", true, 1, 2, 3, 4, 5, List.of("XS", "S"));

    private static final NestedFunction FUNCTION =
            new NestedFunction(
                    "Jokes.tell",
                    new EntryPoint("a/B", "c", "()V", 6),
                    "M",
                    List.of("a:b:1", "c:d:2"),
                    List.of("id::https://host/"),
                    Map.of("a:b:1", "00", "c:d:2", "11"),
                    List.of("TOKEN"),
                    true,
                    false,
                    1,
                    2,
                    3,
                    4,
                    5,
                    6,
                    true,
                    false);

    static Stream<Frame> frames() {
        StackTraceElement frame = new StackTraceElement("a.B", "c", "B.java", 7);
        StackTraceElement bare = new StackTraceElement("a.B", "c", null, -2);
        return Stream.of(
                new HelloFrame(1, 42, "25.0.3"),
                new LoadedFrame(),
                new LoadFailedFrame("größer als Ω"),
                new RejectedFrame(3, RejectionKind.INVALID_INVOCATION, "no"),
                new RejectedFrame(3, RejectionKind.INVALID_RESULT, ""),
                new RejectedFrame(3, RejectionKind.TOO_LARGE, "too large"),
                new PongFrame(Long.MIN_VALUE),
                new LoadFrame(List.of()),
                new LoadFrame(List.of("/a/b.jar", "/c")),
                new CancelFrame(Long.MAX_VALUE),
                new PingFrame(-1),
                new WithdrawFrame(),
                new NestedCancelFrame(1, 2),
                new NestedLogFrame(
                        2,
                        List.of(
                                new NestedLogFrame.Line(
                                        LogSource.BUILD, LogStream.STDERR, 5, "größer"))),
                NestedFailedFrame.of(
                        2, NestedOutcome.unknown("id"), FailureKind.UNAVAILABLE, "why"),
                new NestedFailedFrame(
                        2,
                        OUTCOME,
                        FailureKind.OUT_OF_MEMORY,
                        "m",
                        "L",
                        List.of(new RemoteThrowable("X", "m", List.of(frame), -1, List.of())),
                        null),
                new ThrewFrame(
                        1,
                        2,
                        3,
                        List.of(
                                new RemoteThrowable("X", "m", List.of(frame, bare), 1, List.of()),
                                new RemoteThrowable("Y", null, List.of(), 0, List.of(0, 1))),
                        List.of("X", "Z"),
                        null));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void arriveAsTheyWereSent(Frame frame) throws IOException {
        assertThat(read(bytes(frame))).containsExactly(frame);
    }

    @Test
    void bytesArriveAsTheyWereSent() throws IOException {
        byte[] payload = {1, 2, 3};
        EntryPoint entryPoint = new EntryPoint("a/B", "c", "()V", 6);
        byte[] bytes =
                bytes(
                        new InvokeFrame(7, (byte) 2, entryPoint, "id", 3, 1L << 40, payload),
                        new ResultFrame(7, 11, 13, (byte) 1, payload),
                        new LogFrame(7, LogStream.STDOUT, payload),
                        new LogFrame(7, LogStream.STDERR, new byte[0]),
                        new ThrewFrame(7, 11, 13, List.of(), List.of("X"), payload),
                        new NestedCallFrame(7, 8, FUNCTION, payload),
                        new NestedResultFrame(8, OUTCOME, (byte) 1, payload));

        List<Frame> frames = read(bytes);

        assertThat(frames)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        new InvokeFrame(7, (byte) 2, entryPoint, "id", 3, 1L << 40, payload),
                        new ResultFrame(7, 11, 13, (byte) 1, payload),
                        new LogFrame(7, LogStream.STDOUT, payload),
                        new LogFrame(7, LogStream.STDERR, new byte[0]),
                        new ThrewFrame(7, 11, 13, List.of(), List.of("X"), payload),
                        new NestedCallFrame(7, 8, FUNCTION, payload),
                        new NestedResultFrame(8, OUTCOME, (byte) 1, payload));
    }

    @Test
    void theFormatIsWhatItsPageSays() throws IOException {
        byte[] bytes = bytes(new LogFrame(258, LogStream.STDERR, new byte[] {'h', 'i'}));

        assertThat(bytes)
                .containsExactly(0, 0, 0, 16, 7, 0, 0, 0, 0, 0, 0, 1, 2, 2, 0, 0, 0, 2, 'h', 'i');
    }

    @Test
    void framesLargerThanTheBufferArriveWhole() throws IOException {
        byte[] payload = new byte[3 * FrameWriter.BUFFER_BYTES + 17];
        Arrays.fill(payload, (byte) 9);
        payload[payload.length - 1] = 1;

        List<Frame> frames =
                read(bytes(new ResultFrame(1, 2, 3, (byte) 0, payload), new PongFrame(5)));

        assertThat(((ResultFrame) frames.get(0)).result()).isEqualTo(payload);
        assertThat(frames.get(1)).isEqualTo(new PongFrame(5));
    }

    @Test
    void aClassPathLargerThanTheBufferArrivesWhole() throws IOException {
        List<String> entries =
                Stream.iterate(0, i -> i + 1).limit(5_000).map(i -> "/some/jar-" + i).toList();

        assertThat(read(bytes(new LoadFrame(entries)))).containsExactly(new LoadFrame(entries));
    }

    @Test
    void bytesMayTrickleInOneByOne() throws IOException {
        byte[] bytes = bytes(new HelloFrame(1, 42, "25"), new PingFrame(3));
        ReadableByteChannel whole = Channels.newChannel(new ByteArrayInputStream(bytes));
        FrameReader reader = new FrameReader(new OneByteAtATime(whole), 1_000);

        assertThat(reader.read()).isEqualTo(new HelloFrame(1, 42, "25"));
        assertThat(reader.read()).isEqualTo(new PingFrame(3));
        assertThat(reader.read()).isNull();
    }

    static byte[] bytes(Frame... frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(Channels.newChannel(bytes), Protocol.MAX_FRAME_BYTES);
        for (Frame frame : frames) {
            writer.write(frame);
        }
        return bytes.toByteArray();
    }

    private static List<Frame> read(byte[] bytes) throws IOException {
        FrameReader reader =
                new FrameReader(
                        Channels.newChannel(new ByteArrayInputStream(bytes)),
                        Protocol.MAX_FRAME_BYTES);
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
            frames.add(frame);
        }
        return frames;
    }

    private static final class OneByteAtATime implements ReadableByteChannel {

        private final ReadableByteChannel whole;

        OneByteAtATime(ReadableByteChannel whole) {
            this.whole = whole;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            ByteBuffer one = ByteBuffer.allocate(1);
            int count = whole.read(one);
            target.put(one.flip());
            return count;
        }

        @Override
        public boolean isOpen() {
            return whole.isOpen();
        }

        @Override
        public void close() throws IOException {
            whole.close();
        }
    }
}
