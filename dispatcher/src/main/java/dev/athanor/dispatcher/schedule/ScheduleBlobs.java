package dev.athanor.dispatcher.schedule;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobReader;
import dev.athanor.schemas.blob.BlobWriter;
import dev.athanor.schemas.blob.Blobs;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/**
 * Keeps code and large arguments of schedules in the database, since Kafka keeps blobs for eight
 * days only. Safe for any number of threads.
 */
final class ScheduleBlobs {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private static final String ADD =
            "INSERT INTO schedule_blobs (tenant, name, digest, index, content)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String REMOVE = "DELETE FROM schedule_blobs WHERE tenant = ? AND name = ?";
    private static final String FIND =
            "SELECT content FROM schedule_blobs"
                    + " WHERE tenant = ? AND name = ? AND digest = ? ORDER BY index";

    private final Function<String, Consumer<byte[], byte[]>> readers;
    private final Producer<byte[], byte[]> producer;

    /**
     * @param readers makes a consumer without a group, for the blobs of a tenant
     * @param producer with {@code acks=all}; stays its giver's to close
     */
    ScheduleBlobs(
            Function<String, Consumer<byte[], byte[]>> readers, Producer<byte[], byte[]> producer) {
        this.readers = readers;
        this.producer = producer;
    }

    /**
     * Copies the blobs of a template into the database, chunk by chunk, in place of those that the
     * schedule had.
     *
     * @throws dev.athanor.schemas.blob.BlobGoneException when one is not there
     */
    void keep(Connection connection, ScheduleKey key, Invocation template) throws SQLException {
        try (PreparedStatement remove = connection.prepareStatement(REMOVE)) {
            remove.setString(1, key.tenant());
            remove.setString(2, key.name());
            remove.executeUpdate();
        }
        List<BlobAddress> addresses = addresses(template);
        if (addresses.isEmpty()) {
            return;
        }
        try (BlobReader reader =
                        new BlobReader(
                                readers.apply(key.tenant()),
                                Topics.blobs(key.tenant()),
                                Blobs.DEFAULT_LIMIT,
                                READ_TIMEOUT);
                PreparedStatement add = connection.prepareStatement(ADD)) {
            for (BlobAddress address : addresses) {
                reader.<SQLException>copy(
                        address,
                        (index, content) -> {
                            add.setString(1, key.tenant());
                            add.setString(2, key.name());
                            add.setBytes(3, address.getDigest().bytes());
                            add.setInt(4, index);
                            add.setBytes(5, Bytes.copy(content));
                            add.executeUpdate();
                        });
            }
        }
    }

    /** The template with its blobs written to Kafka anew. */
    Invocation renewed(Connection connection, ScheduleKey key, Invocation template)
            throws SQLException {
        Map<ByteBuffer, BlobAddress> renewed = new HashMap<>();
        BlobWriter writer =
                new BlobWriter(producer, Topics.blobs(key.tenant()), Blobs.DEFAULT_LIMIT);
        for (BlobAddress address : addresses(template)) {
            byte[] digest = address.getDigest().bytes();
            renewed.put(ByteBuffer.wrap(digest), write(writer, content(connection, key, digest)));
        }
        return readdressed(template, renewed);
    }

    private static BlobAddress write(BlobWriter writer, byte[] content) {
        try {
            return writer.write(content);
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka does not take a schedule's blob", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private static byte[] content(Connection connection, ScheduleKey key, byte[] digest)
            throws SQLException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setString(1, key.tenant());
            find.setString(2, key.name());
            find.setBytes(3, digest);
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    whole.writeBytes(row.getBytes(1));
                }
            }
        }
        return whole.toByteArray();
    }

    private static List<BlobAddress> addresses(Invocation template) {
        List<BlobAddress> addresses = new ArrayList<>();
        function(template).getBundles().forEach(bundle -> addresses.add(bundle.getAddress()));
        BlobAddress arguments = template.getArguments().getBlob();
        if (arguments != null) {
            addresses.add(arguments);
        }
        return addresses;
    }

    private static Invocation readdressed(
            Invocation template, Map<ByteBuffer, BlobAddress> addresses) {
        FunctionSpec function =
                FunctionSpec.newBuilder(function(template))
                        .setBundles(
                                function(template).getBundles().stream()
                                        .map(bundle ->
                                                new Bundle(renewed(bundle.getAddress(), addresses)))
                                        .toList())
                        .build();
        Payload arguments = template.getArguments();
        BlobAddress blob = arguments.getBlob();
        return Invocation.newBuilder(template)
                .setFunction(ByteBuffer.wrap(Codec.current().encode(function)))
                .setArguments(
                        blob == null
                                ? arguments
                                : new Payload(
                                        arguments.getCodec(),
                                        arguments.getContent(),
                                        renewed(blob, addresses)))
                .build();
    }

    private static BlobAddress renewed(
            BlobAddress address, Map<ByteBuffer, BlobAddress> addresses) {
        return addresses.getOrDefault(ByteBuffer.wrap(address.getDigest().bytes()), address);
    }

    static FunctionSpec function(Invocation template) {
        return Codec.current().decode(template.getFunction(), FunctionSpec.class);
    }
}
