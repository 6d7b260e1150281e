package dev.athanor.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
    private final Codec codec = Codec.current();

    static Stream<SpecificRecordBase> samples() {
        return Samples.all().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void goldenBytesOfRelease01Decode(SpecificRecordBase sample) throws IOException {
        byte[] golden = golden("0.1", sample);

        assertThat(codec.decode(golden)).isEqualTo(sample);
        assertThat(HexFormat.of().formatHex(codec.encode(sample)))
                .isEqualTo(HexFormat.of().formatHex(golden));
    }

    @Test
    void everyTopLevelRecordHasASample() {
        List<String> covered =
                Samples.all().stream().map(record -> record.getSchema().getName()).toList();

        assertThat(covered)
                .contains("Invocation", "InvocationEnvelope", "Reply", "LogLines", "StreamItem")
                .contains("BlobChunk", "Cancellation", "SignedEnvelope", "Lease", "AgentStatus")
                .contains("DeadLetter", "FunctionSpec", "KeyRecord", "VolumeClaim")
                .contains("Secret", "SecretsKey", "MachineTypeStatus", "JobEvent")
                .doesNotHaveDuplicates();
    }

    @Test
    void anOlderWritersRecordGetsTheDefaultsOfLaterFields() throws IOException {
        Schema older = withoutField(StreamItem.getClassSchema(), "attempt");
        GenericData.Record record =
                new GenericRecordBuilder(older)
                        .set("correlationId", "id")
                        .set("index", 3L)
                        .set("value", new Payload(PayloadCodec.JAVA, ByteBuffer.allocate(0), null))
                        .build();
        ByteBuffer bytes = new BinaryMessageEncoder<>(GenericData.get(), older).encode(record);

        StreamItem item = new Codec(List.of(older)).decode(array(bytes), StreamItem.class);

        assertThat(item.getAttempt()).isEqualTo(1);
        assertThat(item.getIndex()).isEqualTo(3);
    }

    @Test
    void aNewerWritersRecordIsRefusedByName() {
        byte[] bytes = codec.encode(new Cancellation("id", 1L, ""));
        bytes[4] ^= 1;

        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("unknown schema")
                .hasMessageContaining("newer release");
    }

    @Test
    void anotherRecordThanExpectedIsRefused() {
        byte[] bytes = codec.encode(new Cancellation("id", 1L, ""));

        assertThatThrownBy(() -> codec.decode(bytes, Reply.class))
                .isInstanceOf(UndecodableException.class)
                .hasMessage("expected Reply, got Cancellation");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void cutAndLengthenedBytesAreRefused(SpecificRecordBase sample) {
        byte[] bytes = codec.encode(sample);

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(UndecodableException.class);
        }
        assertThatThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(UndecodableException.class);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void mutatedBytesDecodeOrAreRefusedAndNothingElse(SpecificRecordBase sample) {
        byte[] bytes = codec.encode(sample);
        Random random = new Random(42);

        for (int round = 0; round < 2_000; round++) {
            byte[] mutated = bytes.clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                mutated[10 + random.nextInt(bytes.length - 10)] = (byte) random.nextInt();
            }
            decodeOrRefuse(mutated);
        }
    }

    @Test
    void aHostileLengthIsRefusedBeforeAnythingIsAllocated() {
        byte[] header = Arrays.copyOf(codec.encode(new Cancellation("", 0L, "")), 10);
        // A zig-zag length of 2^31 - 10, the longest that an array could have.
        byte[] length = HexFormat.of().parseHex("ecffffff0f");
        byte[] hostile = Arrays.copyOf(header, header.length + length.length);
        System.arraycopy(length, 0, hostile, header.length, length.length);

        assertThatThrownBy(() -> codec.decode(hostile)).isInstanceOf(UndecodableException.class);
    }

    private void decodeOrRefuse(byte[] bytes) {
        try {
            assertThat(codec.decode(bytes)).isNotNull();
        } catch (UndecodableException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    private static Schema withoutField(Schema schema, String name) {
        List<Schema.Field> fields =
                schema.getFields().stream()
                        .filter(field -> !field.name().equals(name))
                        .map(field -> new Schema.Field(field, field.schema()))
                        .toList();
        Schema older =
                Schema.createRecord(
                        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
        assertThat(SchemaNormalization.parsingFingerprint64(older))
                .isNotEqualTo(SchemaNormalization.parsingFingerprint64(schema));
        return older;
    }

    private static byte[] golden(String release, SpecificRecordBase sample) throws IOException {
        String resource = "golden/" + release + "/" + sample.getSchema().getName() + ".hex";
        try (InputStream in = CodecTest.class.getResourceAsStream(resource)) {
            assertThat(in)
                    .as(
                            "%s, to hold %s",
                            resource, HexFormat.of().formatHex(Codec.current().encode(sample)))
                    .isNotNull();
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
