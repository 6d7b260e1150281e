package dev.athanor.schemas;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Encodes records in Avro's single-object encoding and decodes those of every released schema.
 *
 * <p>Ten bytes of header name the writer's schema by its fingerprint, so a reader resolves an older
 * writer's record to the present one without a registry. Safe for any number of threads.
 */
public final class Codec {
    private static final int HEADER_BYTES = 10;
    private static final short MAGIC = (short) 0xC301;

    private final WireData data = new WireData();

    /** Writes by generated code, which reading what others wrote must not be left to. */
    private final WireData ownData = new WireData();

    private final Map<String, Writer> writers = new HashMap<>();
    private final Map<Long, DatumReader<SpecificRecordBase>> readers = new HashMap<>();

    /** Writes records of one schema. */
    private static final class Writer {
        /**
         * More than most records of calls have, so that their bytes are not copied as they grow.
         */
        private static final int USUAL_BYTES = 1024;

        /** Writes into an array of its own first: streams are asked for every field else. */
        private static final EncoderFactory ENCODERS =
                new EncoderFactory().configureBufferSize(USUAL_BYTES);

        private final byte[] header;
        private final DatumWriter<SpecificRecordBase> datum;

        Writer(Schema schema, WireData data) {
            header =
                    ByteBuffer.allocate(HEADER_BYTES)
                            .putShort(MAGIC)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(SchemaNormalization.parsingFingerprint64(schema))
                            .array();
            datum = new SpecificDatumWriter<>(schema, data);
        }

        byte[] write(SpecificRecordBase record) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
            bytes.writeBytes(header);
            try {
                BinaryEncoder encoder = ENCODERS.binaryEncoder(bytes, null);
                datum.write(record, encoder);
                encoder.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }

    /**
     * Knows the present schemas, and the given ones that older writers still write.
     *
     * @param released earlier schemas of present records, matched by full name
     */
    Codec(List<Schema> released) {
        ownData.setCustomCoders(true);
        Map<String, Schema> present = new HashMap<>();
        for (Schema schema : Wire.PROTOCOL.getTypes()) {
            if (schema.getType() == Schema.Type.RECORD) {
                present.put(schema.getFullName(), schema);
                writers.put(schema.getFullName(), new Writer(schema, ownData));
                addReader(schema, schema);
            }
        }
        for (Schema older : released) {
            Schema schema = present.get(older.getFullName());
            if (schema == null) {
                throw new IllegalArgumentException(
                        "released schema of a record that is gone: " + older.getFullName());
            }
            addReader(older, schema);
        }
    }

    private void addReader(Schema writer, Schema reader) {
        readers.put(
                SchemaNormalization.parsingFingerprint64(writer),
                new SpecificDatumReader<>(writer, reader, data));
    }

    /** The codec of this release, one per process. */
    public static Codec current() {
        return Current.CODEC;
    }

    /** The record's header and binary form. */
    public byte[] encode(SpecificRecordBase record) {
        Writer writer = writers.get(record.getSchema().getFullName());
        if (writer == null) {
            throw new IllegalArgumentException("not a wire record: " + record.getClass().getName());
        }
        return writer.write(record);
    }

    /**
     * Reads a record of the given type.
     *
     * @throws UndecodableException when the bytes are anything else
     */
    public <T extends SpecificRecordBase> T decode(byte[] bytes, Class<T> type) {
        SpecificRecordBase record = decode(bytes);
        if (!type.isInstance(record)) {
            throw new UndecodableException(
                    "expected %s, got %s"
                            .formatted(type.getSimpleName(), record.getClass().getSimpleName()));
        }
        return type.cast(record);
    }

    /**
     * Reads a record of the given type from what is left in a buffer, which stays as it is.
     *
     * @throws UndecodableException when the bytes are anything else
     */
    public <T extends SpecificRecordBase> T decode(ByteBuffer buffer, Class<T> type) {
        return decode(Bytes.copy(buffer), type);
    }

    /**
     * Reads a record of any type.
     *
     * @throws UndecodableException when the bytes are no record of a known schema, or go on after
     *     its end
     */
    public SpecificRecordBase decode(byte[] bytes) {
        DatumReader<SpecificRecordBase> reader = readers.get(fingerprint(bytes));
        if (reader == null) {
            throw new UndecodableException(
                    "unknown schema %016x: written by a newer release?"
                            .formatted(fingerprint(bytes)));
        }
        try {
            BinaryDecoder decoder =
                    DecoderFactory.get()
                            .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
            SpecificRecordBase record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new UndecodableException("bytes after the end of the record");
            }
            return record;
        } catch (EOFException e) {
            throw new UndecodableException("the record ends too early", e);
        } catch (IOException
                | AvroRuntimeException
                | IndexOutOfBoundsException
                | UnsupportedOperationException e) {
            throw new UndecodableException("malformed record: " + e.getMessage(), e);
        }
    }

    private static long fingerprint(byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            throw new UndecodableException("too short for a record: " + bytes.length + " bytes");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (header.getShort() != MAGIC) {
            throw new UndecodableException("not in Avro's single-object encoding");
        }
        return header.order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /**
     * Avro's generated builders copy records by way of its list of trusted classes, which is global
     * to the process: our own are added to it, and nothing else changes.
     */
    private static final class Current {
        static {
            ClassSecurityValidator.setGlobal(
                    ClassSecurityValidator.composite(
                            ClassSecurityValidator.getGlobal(),
                            type -> type.getPackageName().equals(Wire.class.getPackageName())));
        }

        static final Codec CODEC = new Codec(ReleasedSchemas.load());
    }
}
