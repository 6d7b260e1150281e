package dev.athanor.api.internal.cluster;

import dev.athanor.api.CancelledCallException;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.blob.BlobTooLargeException;
import dev.athanor.schemas.blob.BlobWriter;
import dev.athanor.schemas.blob.Blobs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;

/**
 * Puts code and large arguments where agents find them; the same code once. Thread-safe; blocks.
 */
final class Uploads {
    private final BlobWriter writer;
    private final Map<Digest, CompletableFuture<BlobAddress>> addresses = new ConcurrentHashMap<>();

    Uploads(BlobWriter writer) {
        this.writer = writer;
    }

    List<BlobAddress> addresses(List<Bundle> bundles) {
        return bundles.stream().map(this::address).toList();
    }

    private BlobAddress address(Bundle bundle) {
        CompletableFuture<BlobAddress> own = new CompletableFuture<>();
        CompletableFuture<BlobAddress> first = addresses.putIfAbsent(bundle.digest(), own);
        if (first != null) {
            return joined(first);
        }
        try {
            own.complete(write(bundle.bytes()));
        } catch (RuntimeException | Error e) {
            addresses.remove(bundle.digest(), own);
            own.completeExceptionally(e);
        }
        return joined(own);
    }

    private static BlobAddress joined(CompletableFuture<BlobAddress> address) {
        try {
            return address.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Has what lies there written again when it is next needed. */
    void forget(List<BlobAddress> gone) {
        for (BlobAddress address : gone) {
            addresses.computeIfPresent(
                    address.getDigest(), (digest, known) -> isAt(known, address) ? null : known);
        }
    }

    private static boolean isAt(CompletableFuture<BlobAddress> known, BlobAddress address) {
        return known.isDone() && !known.isCompletedExceptionally() && known.join().equals(address);
    }

    /** Small ones travel in the invocation itself. */
    Payload payload(byte[] arguments) {
        return arguments.length <= Blobs.INLINE_LIMIT
                ? new Payload(PayloadCodec.JAVA, ByteBuffer.wrap(arguments), null)
                : new Payload(PayloadCodec.JAVA, ByteBuffer.allocate(0), write(arguments));
    }

    private BlobAddress write(byte[] bytes) {
        try {
            return writer.write(bytes);
        } catch (BlobTooLargeException e) {
            throw new TooLargeException("not uploaded: " + e.getMessage(), e);
        } catch (ExecutionException | KafkaException e) {
            throw KafkaFailures.of("uploading to Kafka failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledCallException("interrupted while uploading", e);
        }
    }
}
