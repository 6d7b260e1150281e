package dev.athanor.dispatcher;

import dev.athanor.dispatcher.call.Calls;
import dev.athanor.dispatcher.call.PayloadBlobs;
import dev.athanor.schemas.keys.Trust;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/** What a dispatcher with a door makes calls by. */
final class CallService implements AutoCloseable {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final Admin admin;
    private final Calls calls;
    private final PayloadBlobs blobs;

    private CallService(
            Producer<byte[], byte[]> producer, Admin admin, Calls calls, PayloadBlobs blobs) {
        this.producer = producer;
        this.admin = admin;
        this.calls = calls;
        this.blobs = blobs;
    }

    static CallService start(ClientSettings clients, Trust trust, InstantSource clock) {
        Producer<byte[], byte[]> producer = clients.promptProducer("calls");
        Admin admin = clients.admin("calls");
        Calls calls = new Calls(producer, admin, trust, () -> clients.follower("replies"), clock);
        return new CallService(producer, admin, calls, new PayloadBlobs(producer, clients::blobs));
    }

    Calls calls() {
        return calls;
    }

    PayloadBlobs blobs() {
        return blobs;
    }

    /** Ends the calls that are waited for, so that those who wait can be told. */
    void endCalls() {
        calls.close();
    }

    /** Is closed after what makes calls. */
    @Override
    public void close() {
        calls.close();
        producer.close(CLOSE_PATIENCE);
        admin.close(CLOSE_PATIENCE);
    }
}
