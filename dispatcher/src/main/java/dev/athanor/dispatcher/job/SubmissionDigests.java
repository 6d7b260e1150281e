package dev.athanor.dispatcher.job;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Tells whether two submissions are the same. */
final class SubmissionDigests {
    private SubmissionDigests() {}

    /** Of a key, which is one function's. */
    static byte[] key(String function, String key) {
        byte[] name = function.getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
        digest.update(name);
        return digest.digest(key.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Of the function, its code and arguments, but not of when and by whom it was made, nor of
     * where its blobs lie: who sends it again may have sent them again as well.
     */
    static byte[] body(Invocation invocation) {
        byte[] bytes = new byte[invocation.getFunction().remaining()];
        invocation.getFunction().duplicate().get(bytes);
        FunctionSpec function = Codec.current().decode(bytes, FunctionSpec.class);
        FunctionSpec placeless =
                FunctionSpec.newBuilder(function)
                        .setBundles(
                                function.getBundles().stream()
                                        .map(bundle -> new Bundle(placeless(bundle.getAddress())))
                                        .toList())
                        .build();
        Payload arguments = invocation.getArguments();
        BlobAddress blob = arguments.getBlob();
        Invocation same =
                Invocation.newBuilder()
                        .setCorrelationId("")
                        .setCreatedAt(0)
                        .setFunction(ByteBuffer.wrap(Codec.current().encode(placeless)))
                        .setArguments(
                                new Payload(
                                        arguments.getCodec(),
                                        arguments.getContent(),
                                        blob == null ? null : placeless(blob)))
                        .setReplyPartition(-1)
                        .setLimits(new Limits())
                        .build();
        return sha256().digest(Codec.current().encode(same));
    }

    private static BlobAddress placeless(BlobAddress address) {
        return new BlobAddress(address.getDigest(), address.getSize(), 0, 0L, 0L);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
