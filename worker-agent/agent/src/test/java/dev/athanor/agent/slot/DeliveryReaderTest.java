package dev.athanor.agent.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.KnownFunction;
import dev.athanor.agent.call.KnownFunctions;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.keys.Caller;
import dev.athanor.schemas.keys.Refusal;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeliveryReaderTest {
    @Test
    void aDeliveryIsOfWhoVouchesForIt() {
        Delivery acmes = read(() -> new Caller("acme", Optional.empty()));
        Delivery others = read(() -> new Caller("other", Optional.empty()));

        assertThat(acmes.tenant()).isEqualTo("acme");
        assertThat(acmes.function()).isInstanceOf(KnownFunction.Runs.class);
        assertThat(((KnownFunction.Runs) acmes.function()).sandboxKey())
                .isNotEqualTo(((KnownFunction.Runs) others.function()).sandboxKey());
    }

    @Test
    void theFunctionOfARevokedKeyIsRefused() {
        Delivery delivery = read(() -> new Caller("acme", Optional.of("acme.1")));

        assertThat(delivery.tenant()).isEqualTo("acme");
        assertThat(delivery.function())
                .isInstanceOfSatisfying(
                        KnownFunction.Refused.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(FailureCode.UNAUTHORIZED);
                            assertThat(refused.message()).isEqualTo("the key acme.1 was revoked");
                        });
    }

    @Test
    void whatNobodyVouchesForIsNoDelivery() {
        assertThatThrownBy(() ->
                        read(() -> {
                            throw new RefusedException(Refusal.UNSIGNED, "nobody signed it");
                        }))
                .isInstanceOf(RefusedException.class);
    }

    private static Delivery read(Supplier<Caller> caller) {
        return new DeliveryReader(
                        "agent-1",
                        new FakeTrust(caller),
                        new KnownFunctions(
                                Map.of("M", MachineTypes.find("M").orElseThrow()),
                                (tenant, name) -> Optional.empty()))
                .read(Deliveries.record(1, 1, 1), Instant.EPOCH);
    }

    private record FakeTrust(Supplier<Caller> caller) implements Trust {
        @Override
        public Caller caller(
                ConsumerRecord<byte[], byte[]> record,
                InvocationEnvelope envelope,
                String correlationId) {
            assertThat(correlationId).isEqualTo("id-1");
            return caller.get();
        }

        @Override
        public String owner(InvocationEnvelope envelope) {
            throw new UnsupportedOperationException("nobody asks a reader");
        }

        @Override
        public Optional<String> canceller(
                ConsumerRecord<byte[], byte[]> record, SignedEnvelope envelope) {
            throw new UnsupportedOperationException("nobody asks a reader");
        }

        @Override
        public InvocationEnvelope sealed(InvocationEnvelope envelope) {
            throw new UnsupportedOperationException("nobody asks a reader");
        }

        @Override
        public SignedEnvelope signed(byte[] content) {
            throw new UnsupportedOperationException("nobody asks a reader");
        }
    }
}
