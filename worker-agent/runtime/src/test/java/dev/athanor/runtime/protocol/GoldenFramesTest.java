package dev.athanor.runtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the format against bytes that the tests of the Python sandbox read as well. */
class GoldenFramesTest {

    private static final byte[] PAYLOAD = {1, 2, 3};

    private static Map<String, Frame> frames() {
        StackTraceElement line = new StackTraceElement("a.B", "c", "B.java", 7);
        StackTraceElement bare = new StackTraceElement("a.B", "c", null, -2);
        Map<String, Frame> frames = new LinkedHashMap<>();
        frames.put("hello", new HelloFrame(1, 42, "3.14.0"));
        frames.put("loaded", new LoadedFrame());
        frames.put("load-failed", new LoadFailedFrame("größer als Ω"));
        frames.put("result", new ResultFrame(7, 11, 13, PayloadCodec.PICKLE, PAYLOAD));
        frames.put(
                "threw",
                new ThrewFrame(
                        1,
                        2,
                        3,
                        List.of(
                                new RemoteThrowable("X", "m", List.of(line, bare), 1, List.of()),
                                new RemoteThrowable("Y", null, List.of(), 0, List.of(0, 1))),
                        List.of("X", "Z"),
                        new byte[] {9}));
        frames.put("threw-without-original", new ThrewFrame(1, 2, 3, List.of(), List.of(), null));
        frames.put("rejected", new RejectedFrame(3, RejectionKind.TOO_LARGE, "too large"));
        frames.put("log", new LogFrame(258, LogStream.STDERR, new byte[] {'h', 'i', '\n'}));
        frames.put("pong", new PongFrame(Long.MIN_VALUE));
        frames.put("value", new ValueFrame(7, 1L << 33, PayloadCodec.PICKLE, PAYLOAD));
        frames.put("grant", new GrantFrame(7, 1L << 34));
        frames.put("load", new LoadFrame(List.of("/a/b", "/c")));
        EntryPoint entryPoint = new EntryPoint("a/B", "c", "()V", 6);
        frames.put(
                "invoke",
                new InvokeFrame(7, PayloadCodec.PICKLE, entryPoint, "id", 3, 1L << 40, 8, PAYLOAD));
        frames.put("cancel", new CancelFrame(Long.MAX_VALUE));
        frames.put("ping", new PingFrame(-1));
        frames.put("withdraw", new WithdrawFrame());
        return frames;
    }

    static List<String> names() {
        return List.copyOf(frames().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void framesAreWrittenAndReadAsPythonDoes(String name) throws IOException {
        String bytes = golden().get(name);
        Frame frame = frames().get(name);

        assertThat(HexFormat.of().formatHex(FramesTest.bytes(frame))).isEqualTo(bytes);
        assertThat(read(HexFormat.of().parseHex(bytes)))
                .usingRecursiveComparison()
                .isEqualTo(frame);
    }

    @Test
    void everyFrameHasGoldenBytes() throws IOException {
        assertThat(golden()).containsOnlyKeys(names());
    }

    private static Map<String, String> golden() throws IOException {
        try (InputStream in = GoldenFramesTest.class.getResourceAsStream("golden-frames.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        }
    }

    private static Frame read(byte[] bytes) throws IOException {
        return new FrameReader(
                        Channels.newChannel(new ByteArrayInputStream(bytes)),
                        Protocol.MAX_FRAME_BYTES)
                .read();
    }
}
