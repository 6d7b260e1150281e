package dev.athanor.api;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UnreachableClusterIT {
    @Test
    void aClosedPortIsReportedAtOnceWithWhatToDo() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertUnavailable(
                "localhost:" + port,
                "no Kafka at localhost:" + port,
                "./athanor up",
                "ATHANOR_BOOTSTRAP_SERVERS");
    }

    @Test
    void aHostThatDoesNotExistIsReported() {
        assertUnavailable("no-such-host.invalid:9092", "no Kafka at no-such-host.invalid:9092");
    }

    @Test
    void anAddressWithoutPortIsReported() {
        assertUnavailable("localhost", "no Kafka at localhost");
    }

    @Test
    void whatIsNotKafkaIsReportedInTime() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertUnavailable(
                    "127.0.0.1:" + socket.getLocalPort(),
                    "Kafka at 127.0.0.1:" + socket.getLocalPort() + " does not answer");
        }
    }

    @Test
    void impossibleKafkaSettingsAreReported() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                AthanorClient client =
                        AthanorClient.builder()
                                .bootstrapServers("127.0.0.1:" + socket.getLocalPort())
                                .kafkaProperty("security.protocol", "NONSENSE")
                                .build()) {
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> isolated(() -> "x", host(cloud(client))).call())
                    .withMessageContaining("NONSENSE");
        }
    }

    private static void assertUnavailable(String address, String... messageParts) {
        try (AthanorClient client =
                AthanorClient.builder()
                        .bootstrapServers(address)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build()) {
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> isolated(() -> "x", host(cloud(client))).call())
                    .satisfies(e -> assertThat(e.getMessage()).contains(messageParts))
                    .satisfies(e -> assertThat(e.isRetriable()).isTrue());
        }
    }
}
