package dev.athanor.runtime.protocol;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedFramesTest {

    private static final int MAX_BYTES = 1_000;

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, MAX_BYTES + 1, Integer.MAX_VALUE})
    void lengthsOutOfRangeAreRefusedBeforeAnythingIsRead(int length) {
        assertRefused(ByteBuffer.allocate(4).putInt(length).array(), "claims " + length);
    }

    @Test
    void unknownTypesAreRefused() {
        assertRefused(frame(99), "unknown type of frame 99");
    }

    @Test
    void aFieldThatReachesBeyondItsFrameIsRefused() {
        assertRefused(frame(PingFrame.TYPE, 0, 0, 0), "8 bytes of the 3 left");
        assertRefused(
                frame(LoadFailedFrame.TYPE, 0x7F, 0, 0, 0, 'x'), "2130706432 bytes of the 1 left");
        assertRefused(frame(LoadFailedFrame.TYPE, -1, -1, -1, -1), "-1 bytes");
    }

    @Test
    void aListThatCannotFitIsRefused() {
        assertRefused(frame(LoadFrame.TYPE, 0x7F, -1, -1, -1), "2147483647 elements");
        assertRefused(frame(LoadFrame.TYPE, -1, -1, -1, -1), "-1 elements");
    }

    @Test
    void bytesAfterTheLastFieldAreRefused() {
        assertRefused(frame(LoadedFrame.TYPE, 1, 2), "2 bytes too many");
    }

    @Test
    void aStreamThatEndsWithinAFrameIsRefused() {
        byte[] whole = frame(PingFrame.TYPE, 0, 0, 0, 0, 0, 0, 0, 1);
        for (int length = 1; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "ended within a frame");
        }
    }

    @Test
    void numbersThatStandForNothingAreRefused() {
        byte[] rejected = frame(RejectedFrame.TYPE, 0, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0);
        byte[] log = frame(LogFrame.TYPE, 0, 0, 0, 0, 0, 0, 0, 1, 3, 0, 0, 0, 0);

        assertRefused(rejected, "unknown kind of rejection 4");
        assertRefused(log, "unknown log stream 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 1, Integer.MAX_VALUE})
    void throwablesThatReferToNoneAreRefused(int index) throws IOException {
        RemoteThrowable cause = new RemoteThrowable("X", null, List.of(), index, List.of());
        RemoteThrowable suppressed = new RemoteThrowable("X", null, List.of(), -1, List.of(index));

        for (RemoteThrowable throwable : List.of(cause, suppressed)) {
            byte[] bytes =
                    FramesTest.bytes(new ThrewFrame(1, 1, 1, List.of(throwable), List.of(), null));
            assertRefused(bytes, "refers to one beyond");
        }
    }

    @Test
    void noiseIsRefusedOrReadButNeverMore() {
        Random random = new Random(20_261_122);
        for (int i = 0; i < 5_000; i++) {
            byte[] body = new byte[1 + random.nextInt(60)];
            random.nextBytes(body);
            body[0] = (byte) (1 + random.nextInt(23));
            try {
                read(withLength(body));
            } catch (IOException e) {
                assertThatExceptionOfType(MalformedFrameException.class)
                        .isThrownBy(() -> {
                            throw e;
                        });
            }
        }
    }

    private static byte[] frame(int type, int... body) {
        byte[] bytes = new byte[1 + body.length];
        bytes[0] = (byte) type;
        for (int i = 0; i < body.length; i++) {
            bytes[i + 1] = (byte) body[i];
        }
        return withLength(bytes);
    }

    private static byte[] withLength(byte[] body) {
        return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
    }

    private static void read(byte[] bytes) throws IOException {
        FrameReader reader =
                new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes)), MAX_BYTES);
        Frame frame;
        do {
            frame = reader.read();
        } while (frame != null);
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(() -> read(bytes))
                .withMessageContaining(message);
    }
}
