package dev.athanor.schemas.keys;

import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Signature;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What signatures are made over. Part of the wire contract. */
final class SignedBytes {
    private static final byte[] SIGNATURE = "athanor signature 1".getBytes(StandardCharsets.UTF_8);
    private static final String SEAL = "athanor seal 1";

    private SignedBytes() {}

    static byte[] message(long at, byte[] content) {
        return ByteBuffer.allocate(SIGNATURE.length + Long.BYTES + content.length)
                .put(SIGNATURE)
                .putLong(at)
                .put(content)
                .array();
    }

    /**
     * All of an envelope but its seal; put together here, so that it stays the same when later
     * releases encode the record in another way.
     */
    static byte[] sealed(InvocationEnvelope envelope) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, SEAL);
            write(out, Bytes.copy(envelope.getInvocation()));
            Signature signature = envelope.getSignature();
            write(out, signature == null ? "" : signature.getKeyId());
            write(out, signature == null ? new byte[0] : Bytes.copy(signature.getSignature()));
            out.writeInt(envelope.getAttempt());
            write(out, envelope.getLostAgents());
            out.writeInt(envelope.getLossesBeforeStart());
            out.writeInt(envelope.getHops());
            write(out, envelope.getEscalatedFrom());
            write(out, envelope.getEscalatedTo());
            write(out, envelope.getTenant());
            out.writeInt(envelope.getReturns());
            out.writeInt(envelope.getRetries());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            write(out, text);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
