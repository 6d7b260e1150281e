package dev.athanor.schemas.keys;

import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.SignedEnvelope;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A cluster without credentials: everything is believed, and of one tenant. */
public final class OneTenant implements Trust {
    private final Caller caller;

    public OneTenant(String tenant) {
        this.caller = new Caller(tenant, Optional.empty());
    }

    @Override
    public Caller caller(
            ConsumerRecord<byte[], byte[]> record,
            InvocationEnvelope envelope,
            String correlationId) {
        return caller;
    }

    @Override
    public String owner(InvocationEnvelope envelope) {
        return caller.tenant();
    }

    @Override
    public Optional<String> canceller(
            ConsumerRecord<byte[], byte[]> record, SignedEnvelope envelope) {
        return Optional.of(caller.tenant());
    }

    @Override
    public InvocationEnvelope sealed(InvocationEnvelope envelope) {
        return envelope;
    }

    @Override
    public SignedEnvelope signed(byte[] content) {
        return new SignedEnvelope(ByteBuffer.wrap(content), null);
    }
}
