package dev.athanor.dispatcher.http;

import dev.athanor.schemas.blob.Blobs;
import java.time.Duration;

/**
 * What clients may ask of the door.
 *
 * @param maxBodyBytes size of the largest body of a request; 1 MiB by default. What is larger
 *     travels as blobs
 * @param maxConnections how many connections there are at once; 2,000 by default
 * @param idle how long a connection may say nothing; 30 s by default
 * @param body how long the body of a request may take to come; 30 s by default
 * @param maxBlobBytes size of the largest blob that is sent by HTTP; 64 MiB by default
 * @param blob how long a blob may take to come, and one input of a batch; 5 min by default
 * @param maxBatchBytes size of the largest batch; 4 GiB by default
 */
public record HttpLimits(
        int maxBodyBytes,
        int maxConnections,
        Duration idle,
        Duration body,
        int maxBlobBytes,
        Duration blob,
        long maxBatchBytes) {
    /** Everything at its default. */
    public static HttpLimits defaults() {
        return new HttpLimits(
                1 << 20,
                2_000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                (int) Blobs.DEFAULT_LIMIT,
                Duration.ofMinutes(5),
                4L << 30);
    }
}
