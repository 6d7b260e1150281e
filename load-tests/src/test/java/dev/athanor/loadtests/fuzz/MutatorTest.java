package dev.athanor.loadtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.schemas.BlobChunk;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.UndecodableException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MutatorTest {
    private static final int MANY = 20_000;
    private static final byte[] CANCELLATION =
            Codec.current().encode(new Cancellation("some call", 7L, ""));
    private static final byte[] CHUNK =
            Codec.current()
                    .encode(
                            new BlobChunk(
                                    new Digest(new byte[32]),
                                    0,
                                    1,
                                    ByteBuffer.wrap(new byte[] {1, 2, 3})));
    private static final List<Sample> SAMPLES =
            List.of(new Sample("a", null, CANCELLATION), new Sample("b", null, CHUNK));

    @Test
    void seedDecidesOnEveryByte() {
        Mutator one = new Mutator(SAMPLES, new Random(3));
        Mutator same = new Mutator(SAMPLES, new Random(3));

        for (int i = 0; i < 100; i++) {
            assertThat(one.mutate(CHUNK)).isEqualTo(same.mutate(CHUNK));
        }
    }

    @Test
    void recordItselfStaysAsItIs() {
        byte[] value = CHUNK.clone();
        Mutator mutator = new Mutator(SAMPLES, new Random(3));

        for (int i = 0; i < 1_000; i++) {
            mutator.mutate(value);
        }

        assertThat(value).isEqualTo(CHUNK);
    }

    @Test
    void codecReadsOrRefusesWhateverComes() {
        Mutator mutator = new Mutator(SAMPLES, new Random(3));
        Set<String> ends = new HashSet<>();
        int read = 0;

        for (int i = 0; i < MANY; i++) {
            byte[] mutated = mutator.mutate(i % 2 == 0 ? CHUNK : CANCELLATION);
            try {
                Codec.current().decode(mutated);
                read++;
            } catch (UndecodableException e) {
                ends.add(String.valueOf(e.getMessage()).split("[:0-9]", 2)[0].strip());
            }
        }

        assertThat(read).isBetween(MANY / 20, MANY / 2);
        assertThat(ends)
                .contains(
                        "unknown schema",
                        "not in Avro's single-object encoding",
                        "bytes after the end of the record",
                        "the record ends too early",
                        "malformed record");
    }

    @Test
    void hostileRecordsAreWellFormedAndOthers() {
        Hostile hostile = new Hostile(new Random(3), envelope -> envelope);
        int changed = 0;

        for (int i = 0; i < 1_000; i++) {
            byte[] value = hostile.like(CHUNK);
            assertThat(Codec.current().decode(value)).isInstanceOf(BlobChunk.class);
            changed += Arrays.equals(value, CHUNK) ? 0 : 1;
        }

        assertThat(changed).isGreaterThan(900);
    }
}
