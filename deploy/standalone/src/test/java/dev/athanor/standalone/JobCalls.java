package dev.athanor.standalone;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobWriter;
import dev.athanor.schemas.blob.Blobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.apache.kafka.clients.producer.Producer;

/** Makes invocations of {@link JobErrands}, whose functions take one text each. */
final class JobCalls {
    static final String TENANT = "default";

    private static final long VERSION_7 = 0x7000;
    private static final int STATIC = 6;

    private final BlobAddress bundle;
    private final String machineType;
    private final AtomicLong ids = new AtomicLong(Long.MIN_VALUE | System.nanoTime());

    /** Sends the bundle. */
    JobCalls(Producer<byte[], byte[]> producer, String machineType) throws Exception {
        this.machineType = machineType;
        this.bundle =
                new BlobWriter(producer, Topics.blobs(TENANT), Blobs.DEFAULT_LIMIT).write(jar());
    }

    private static byte[] jar() throws IOException {
        String entry = JobErrands.class.getName().replace('.', '/') + ".class";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes);
                InputStream code = JobErrands.class.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new ZipEntry(entry));
            code.transferTo(jar);
            jar.closeEntry();
        }
        return bytes.toByteArray();
    }

    String newId() {
        long time = System.currentTimeMillis() << 16 | VERSION_7;
        return new UUID(time, ids.incrementAndGet()).toString();
    }

    /** A call of a function of that name and result, which can be changed further. */
    Invocation.Builder of(String function, Class<?> result, String argument) throws IOException {
        return Invocation.newBuilder()
                .setCorrelationId(newId())
                .setCreatedAt(System.currentTimeMillis())
                .setFunction(ByteBuffer.wrap(Codec.current().encode(spec(function, result))))
                .setArguments(
                        new Payload(PayloadCodec.JAVA, ByteBuffer.wrap(arguments(argument)), null))
                .setReplyPartition(-1)
                .setLimits(new Limits())
                .setJob(true);
    }

    private FunctionSpec spec(String function, Class<?> result) {
        String descriptor = "(Ljava/lang/String;)" + result.descriptorString();
        return FunctionSpec.newBuilder()
                .setName("JobErrands." + function)
                .setEntryPoint(
                        new EntryPoint(JobErrands.class.getName(), function, descriptor, STATIC))
                .setEnvironment(
                        new EnvironmentSpec(
                                EnvironmentKind.JVM, "", List.of(), List.of(), Map.of(), "", false))
                .setBundles(List.of(new Bundle(bundle)))
                .setMachineType(machineType)
                .build();
    }

    private static byte[] arguments(String argument) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Object[] {argument});
        }
        return bytes.toByteArray();
    }
}
