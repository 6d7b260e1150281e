package dev.athanor.api;

import static dev.athanor.api.Athanor.L;
import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.allowResult;
import static dev.athanor.api.Athanor.buildTimeout;
import static dev.athanor.api.Athanor.checksums;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.idempotencyKey;
import static dev.athanor.api.Athanor.include;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.maxInFlight;
import static dev.athanor.api.Athanor.name;
import static dev.athanor.api.Athanor.queueTimeout;
import static dev.athanor.api.Athanor.repositories;
import static dev.athanor.api.Athanor.requirements;
import static dev.athanor.api.Athanor.secrets;
import static dev.athanor.api.Athanor.startTimeout;
import static dev.athanor.api.Athanor.timeout;
import static dev.athanor.api.Athanor.waitAtMost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @Test
    void defaultsAreThoseOfTheDocumentation() {
        Options options = isolated(() -> "x").options();

        assertThat(options.machineType()).isEqualTo("XS");
        assertThat(options.keepAlive()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.timeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.queueTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(options.whenUnserved()).isEqualTo(WhenUnserved.WAIT);
        assertThat(options.startTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(options.buildTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(options.maxInFlight()).isEqualTo(256);
        assertThat(options.waitAtMost()).isEmpty();
        assertThat(options.name()).isEmpty();
        assertThat(options.requirements()).isEmpty();
        assertThat(options.host()).isSameAs(cloud());
        assertThat(options.logs()).isSameAs(LogListener.console());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A-B", "A=B", "PATH", "HOME", "LD_PRELOAD", "_JAVA_OPTIONS"})
    void namesThatNoSecretCanHaveAreRefused(String name) {
        assertRefused("secrets", () -> secrets("FINE", name));
    }

    @Test
    void secretsAreNamed() {
        assertThat(isolated(() -> "x", secrets("TOKEN", "LDAP_PASSWORD")).options().secrets())
                .containsExactly("TOKEN", "LDAP_PASSWORD");
        assertThat(isolated(() -> "x").options().secrets()).isEmpty();
    }

    @Test
    void laterOptionsWin() {
        IsolatedFunction<String> first =
                isolated(() -> "x", machineType(S), requirements("a:b:1"), machineType(M));
        IsolatedFunction<String> second =
                first.on(machineType(L), keepAlive(60), requirements("c:d:2"));

        assertThat(first.options().machineType()).isEqualTo("M");
        assertThat(second.options().machineType()).isEqualTo("L");
        assertThat(second.options().keepAlive()).isEqualTo(Duration.ofMinutes(1));
        assertThat(second.options().requirements()).containsExactly("c:d:2");
        assertThat(first.options().requirements()).containsExactly("a:b:1");
    }

    @Test
    void anotherKindOfHostForgetsTheMachineOfTheFormer() {
        Host other = FakeHost.keeping();
        IsolatedFunction<String> first =
                isolated(() -> "x", machineType(M), keepAlive(60), requirements("a:b:1"));

        Options there = first.on(other).options();
        Options back = first.on(other, machineType(S)).on(cloud(), machineType(M)).options();

        assertThat(there.host()).isSameAs(other);
        assertThat(there.machineType()).isEqualTo("XS");
        assertThat(there.keepAlive()).isEqualTo(Duration.ofSeconds(10));
        assertThat(there.requirements()).containsExactly("a:b:1");
        assertThat(back.machineType()).isEqualTo("M");
        assertThat(back.host()).isSameAs(cloud());
        assertThat(first.options().machineType()).isEqualTo("M");
        assertThat(first.options().host()).isSameAs(cloud());
    }

    @Test
    void anotherClusterIsNoOtherKindOfHost() {
        try (AthanorClient client = AthanorClient.builder().build()) {
            assertThat(
                            isolated(() -> "x", machineType(M))
                                    .on(cloud(client))
                                    .on(host(cloud()))
                                    .options()
                                    .machineType())
                    .isEqualTo("M");
        }
    }

    @Test
    void optionsThatContradictEachOtherAreRefusedAtOnce() {
        Option pinned = checksums(Map.of("a:b:2", "0".repeat(64)));

        assertContradicts(
                "one version of a:b, not both 1 and 2",
                () -> isolated(() -> "x", requirements("a:b:1", "a:b:2")));
        assertContradicts(
                "one address of \"mine\"",
                () ->
                        isolated(
                                () -> "x",
                                repositories("mine::https://a.com", "mine::https://b.com")));
        assertContradicts("a:b:1", () -> isolated(() -> "x", requirements("a:b:1"), pinned));
        assertContradicts("a:b:1", () -> isolated(() -> "x").on(requirements("a:b:1"), pinned));
        assertContradicts("requirements", () -> isolated(() -> "x", pinned));
        assertThat(isolated(() -> "x", requirements("a:b:2"), pinned).options().checksums())
                .hasSize(1);
    }

    private static void assertContradicts(String expected, ThrowingCallable definition) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(definition)
                .withMessageContaining(expected);
    }

    @Test
    void malformedChecksumsAreRefused() {
        assertRefused("checksums", () -> checksums(Map.of("a:b:1", "0")));
        assertRefused("checksums", () -> checksums(Map.of("a:b", "0".repeat(64))));
    }

    @Test
    void includedClassesAndPathsStandBesideEachOther() {
        Options options =
                isolated(() -> "x", include(String.class), include(Path.of("lib.jar"))).options();

        assertThat(options.includedClasses()).containsExactly(String.class);
        assertThat(options.includedPaths()).containsExactly(Path.of("lib.jar"));
    }

    @Test
    void optionsArePrintedAsTheyAreWritten() {
        assertThat(isolated(() -> "x", keepAlive(90), machineType(M)).options())
                .hasToString("[keepAlive(90 s), machineType(M)]");
    }

    @Test
    void refusalsNameOptionValueAndLegalValues() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> keepAlive(-1))
                .withMessage("keepAlive(-1 s) is not possible: expected 0 s to 31,536,000 s")
                .satisfies(refusal -> assertThat(refusal.option()).isEqualTo("keepAlive"))
                .satisfies(refusal -> assertThat(refusal.isRetriable()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.commons:commons-text",
                "commons-text",
                "a:b:c:d:e:f",
                "a::1",
                "a:b: 1",
                ""
            })
    void malformedCoordinatesAreRefused(String coordinate) {
        assertRefused("requirements", () -> requirements("a:b:1", coordinate));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b:1", "a:b:jar:1", "a:b:jar:tests:1", "a.b:c-d:[1,2)"})
    void coordinatesOfEveryFormAreAccepted(String coordinate) {
        assertThat(isolated(() -> "x", requirements(coordinate)).options().requirements())
                .containsExactly(coordinate);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "repo.example.com",
                "ftp://repo.example.com",
                "https://user:secret@repo.example.com",
                "a b::https://repo.example.com",
                "https://",
                ""
            })
    void malformedRepositoriesAreRefused(String address) {
        assertRefused("repositories", () -> repositories(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://repo.example.com/maven2",
                "mine::https://repo.example.com",
                "file:///tmp/repository"
            })
    void repositoriesOfEveryFormAreAccepted(String address) {
        assertThat(isolated(() -> "x", repositories(address)).options().repositories())
                .containsExactly(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "a.b", "-a"})
    void impossibleMachineTypesAreRefused(String name) {
        assertRefused("machineType", () -> machineType(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "com acme", "com.acme.***", "**"})
    void impossibleClassPatternsAreRefused(String pattern) {
        assertRefused("allowResult", () -> allowResult(pattern));
    }

    @Test
    void machineTypesOfAnOperatorAreAccepted() {
        assertThat(isolated(() -> "x", machineType("H100-x8")).options().machineType())
                .isEqualTo("H100-x8");
    }

    @Test
    void limitsOutsideOfTheirRangeAreRefused() {
        assertRefused("timeout", () -> timeout(Duration.ZERO));
        assertRefused("timeout", () -> timeout(Duration.ofDays(8)));
        assertRefused("idempotencyKey", () -> idempotencyKey("two words"));
        assertRefused("queueTimeout", () -> queueTimeout(Duration.ofSeconds(-1)));
        assertRefused("startTimeout", () -> startTimeout(Duration.ZERO));
        assertRefused("buildTimeout", () -> buildTimeout(Duration.ZERO));
        assertRefused("waitAtMost", () -> waitAtMost(Duration.ZERO));
        assertRefused("keepAlive", () -> keepAlive(Duration.ofSeconds(Long.MAX_VALUE)));
        assertRefused("maxInFlight", () -> maxInFlight(0));
        assertRefused("maxInFlight", () -> maxInFlight(100_001));
        assertRefused("name", () -> name(" "));
    }

    @Test
    void nullsAreRefused() {
        assertRefused("machineType", () -> machineType(null));
        assertRefused("keepAlive", () -> keepAlive(null));
        assertRefused("requirements", () -> requirements("a:b:1", null));
        assertRefused("include", () -> include((Class<?>) null));
        assertRefused("logs", () -> logs(null));
        assertRefused("host", () -> host(null));
        assertRefused("name", () -> name(null));
        assertRefused("waitAtMost", () -> waitAtMost(null));
    }

    @Test
    void clientsRefuseImpossibleSettings() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> AthanorClient.builder().tenant("a/b").build())
                .withMessageStartingWith("tenant(a/b) is not possible");
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> AthanorClient.builder().bootstrapServers(" ").build())
                .withMessageStartingWith("bootstrapServers( )");
    }

    private static void assertRefused(String name, Supplier<Option> option) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(option::get)
                .withMessageStartingWith(name + "(")
                .withMessageContaining("expected");
    }
}
