package dev.athanor.runtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameWriterTest {

    private final RecordedWrites channel = new RecordedWrites();

    @Test
    void aSmallFrameTakesOneWrite() throws IOException {
        FrameWriter writer = new FrameWriter(channel, 1_000);

        writer.write(new ResultFrame(1, 2, 3, (byte) 0, new byte[100]));
        writer.write(new PongFrame(1));

        assertThat(channel.sizes).containsExactly(4 + 1 + 3 * 8 + 1 + 4 + 100, 4 + 1 + 8);
    }

    @Test
    void appendedFramesGoTogetherWithTheNextOneOrAFlush() throws IOException {
        FrameWriter writer = new FrameWriter(channel, 1000);

        writer.append(new PongFrame(1));
        writer.append(new PongFrame(2));
        assertThat(channel.sizes).isEmpty();

        writer.write(new PongFrame(3));
        writer.append(new PongFrame(4));
        writer.flush();
        writer.flush();

        assertThat(channel.sizes).containsExactly(3 * 13, 13);
    }

    @Test
    void aFrameOverTheMaximumIsRefusedAndLeavesTheChannelClean() throws IOException {
        FrameWriter writer = new FrameWriter(channel, 100);

        assertThatExceptionOfType(FrameTooLargeException.class)
                .isThrownBy(() -> writer.write(new LogFrame(1, LogStream.STDOUT, new byte[87])))
                .withMessageContaining("101 bytes")
                .withMessageContaining("100 bytes");
        assertThat(channel.sizes).isEmpty();

        writer.write(new LogFrame(1, LogStream.STDOUT, new byte[86]));
        assertThat(channel.sizes).containsExactly(104);
    }

    @Test
    @SuppressWarnings("Interruption") // The flag is what is tested.
    void aSetInterruptFlagNeitherReachesTheChannelNorGetsLost() throws IOException {
        FrameWriter writer = new FrameWriter(channel, 100);
        Thread.currentThread().interrupt();

        writer.write(new PongFrame(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(channel.interrupted).isFalse();
    }

    private static final class RecordedWrites implements WritableByteChannel {

        private final List<Integer> sizes = new ArrayList<>();
        private boolean interrupted;

        @Override
        public int write(ByteBuffer source) {
            interrupted |= Thread.currentThread().isInterrupted();
            int size = source.remaining();
            sizes.add(size);
            source.position(source.limit());
            return size;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
