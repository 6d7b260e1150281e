package dev.athanor.schemas.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class BlobTest {
    private static final String TOPIC = "athanor.blobs.default";
    private static final long LIMIT = 4 * 1024 * 1024;

    private final MockProducer<byte[], byte[]> producer = producer();
    private final BlobWriter writer = new BlobWriter(producer, TOPIC, LIMIT);

    @Test
    void blobsOfAllSizesComeBackWhole() throws Exception {
        for (int size : new int[] {0, 1, Blobs.CHUNK_BYTES, Blobs.CHUNK_BYTES + 1, 3_000_000}) {
            byte[] bytes = random(size);
            BlobAddress address = writer.write(bytes);

            assertThat(reader(producer.history()).read(address)).isEqualTo(bytes);
        }
    }

    @Test
    void aBlobOverTheLimitIsRefusedWithSizeAndLimit() {
        assertThatThrownBy(() -> writer.write(new byte[(int) LIMIT + 1]))
                .isInstanceOf(BlobTooLargeException.class)
                .hasMessage("4,194,305 bytes exceed the limit of 4,194,304 bytes for one blob");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void anAddressThatClaimsMoreThanTheLimitIsRefusedUnread() throws Exception {
        BlobAddress address = writer.write(random(10));
        address = new BlobAddress(address.getDigest(), LIMIT + 1, address.getPartition(), 0L, 0L);
        BlobAddress claimed = address;

        assertThatThrownBy(() -> reader(producer.history()).read(claimed))
                .isInstanceOf(BlobTooLargeException.class);
    }

    @Test
    void aChangedByteIsFound() throws Exception {
        BlobAddress address = writer.write(random(100));
        List<ProducerRecord<byte[], byte[]>> damaged = producer.history();
        damaged.get(0).value()[60] ^= 1;

        assertThatThrownBy(() -> reader(damaged).read(address))
                .isInstanceOf(BlobGoneException.class)
                .hasMessageContaining("digest");
    }

    @Test
    void aMissingChunkIsGone() throws Exception {
        BlobAddress address = writer.write(random(Blobs.CHUNK_BYTES + 1));

        assertThatThrownBy(() -> reader(producer.history().subList(0, 1)).read(address))
                .isInstanceOf(BlobGoneException.class)
                .hasMessageContaining("it ends at 1");
    }

    @Test
    void aSizeThatIsNotTheBlobsIsFound() throws Exception {
        BlobAddress a = writer.write(random(100));

        for (long size : new long[] {99, 101}) {
            BlobAddress wrong =
                    new BlobAddress(a.getDigest(), size, a.getPartition(), 0L, a.getLastOffset());
            assertThatThrownBy(() -> reader(producer.history()).read(wrong))
                    .isInstanceOf(BlobGoneException.class);
        }
    }

    @Test
    void anAddressOfNoPlaceIsRefusedWithoutWaiting() throws Exception {
        BlobAddress a = writer.write(random(100));
        Digest digest = a.getDigest();

        for (BlobAddress nowhere :
                List.of(
                        new BlobAddress(digest, 100L, -1, 0L, 0L),
                        new BlobAddress(digest, 100L, 1, 0L, 0L),
                        new BlobAddress(digest, 100L, Integer.MAX_VALUE, 0L, 0L),
                        new BlobAddress(digest, 100L, 0, -1L, 0L),
                        new BlobAddress(digest, 100L, 0, 0L, -1L),
                        new BlobAddress(digest, 100L, 0, 0L, 1L),
                        new BlobAddress(digest, 100L, 0, Long.MAX_VALUE, Long.MAX_VALUE))) {
            assertThatThrownBy(() -> reader(producer.history()).read(nowhere))
                    .isInstanceOf(BlobGoneException.class)
                    .hasMessageContaining("no blob at");
        }
    }

    @Test
    void anAddressOfAnotherBlobIsRefusedAtItsEnd() throws Exception {
        BlobAddress a = writer.write(random(100));
        BlobAddress other =
                new BlobAddress(
                        Blobs.digest(random(7)), 100L, 0, a.getFirstOffset(), a.getLastOffset());

        assertThatThrownBy(() -> reader(producer.history()).read(other))
                .isInstanceOf(BlobGoneException.class)
                .hasMessageContaining("ends before its chunk 0");
    }

    private static MockProducer<byte[], byte[]> producer() {
        Node node = new Node(1, "localhost", 1);
        Cluster cluster =
                new Cluster(
                        "cluster",
                        List.of(node),
                        List.of(new PartitionInfo(TOPIC, 0, node, new Node[0], new Node[0])),
                        Set.of(),
                        Set.of());
        return new MockProducer<>(
                cluster, true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static BlobReader reader(List<ProducerRecord<byte[], byte[]>> records) {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, (long) records.size()));
        consumer.schedulePollTask(() -> {
            long offset = 0;
            for (ProducerRecord<byte[], byte[]> record : records) {
                consumer.addRecord(
                        new ConsumerRecord<>(TOPIC, 0, offset++, record.key(), record.value()));
            }
        });
        return new BlobReader(consumer, TOPIC, LIMIT, Duration.ofMillis(10));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
