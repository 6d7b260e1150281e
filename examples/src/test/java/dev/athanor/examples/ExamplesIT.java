package dev.athanor.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.api.Athanor;
import dev.athanor.api.Host;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the reference says of its examples, on a cluster and on this machine. */
class ExamplesIT {
    private static Places places;

    /** Where an example runs. */
    enum Place {
        CLOUD,
        LOCAL;

        Host host() {
            return this == CLOUD ? places.cloud() : places.local();
        }

        /** The function with the options of its definition, there. */
        <R> IsolatedFunction<R> place(IsolatedFunction<R> function) {
            return function.on(
                    host(),
                    Stream.of(
                                    Athanor.machineType(function.options().machineType()),
                                    Athanor.keepAlive(function.options().keepAlive()))
                            .toArray(Option[]::new));
        }
    }

    @BeforeAll
    static void open() {
        places = Places.open();
    }

    @AfterAll
    static void close() {
        places.close();
    }

    @ParameterizedTest
    @EnumSource
    void anIsolatedFunctionRunsElsewhereAndReturnsHere(Place place) {
        assertThat(place.place(IsolatedExample.MY_FUNCTION).call()).isEqualTo("Hello World");
    }

    @ParameterizedTest
    @EnumSource
    void aRequirementNeedNotBeInstalledHere(Place place) {
        assertThatThrownBy(() -> Class.forName("net.datafaker.Faker"))
                .isInstanceOf(ClassNotFoundException.class);

        assertThat(place.place(RequirementsExample.MY_FUNCTION).call()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionRunsOnTheMachineTypesItIsGiven(Place place) {
        assertThat(MachineTypesExample.MY_FUNCTION.options().machineType()).isEqualTo("M");
        assertThat(MachineTypesExample.MY_FUNCTION_L.options().machineType()).isEqualTo("L");
        assertThat(MachineTypesExample.MY_FUNCTION_L.options().requirements())
                .isEqualTo(MachineTypesExample.MY_FUNCTION.options().requirements());

        assertThat(place.place(MachineTypesExample.MY_FUNCTION).call()).isNotBlank();
        assertThat(place.place(MachineTypesExample.MY_FUNCTION_L).call()).isNotBlank();
        assertThat(place.place(MachineTypesExample.MY_FUNCTION_OR_NONE).call()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionMovesToALargerMachineTypeWhenItsOwnIsTooSmall(Place place) {
        List<String> lines = new CopyOnWriteArrayList<>();
        IsolatedFunction1<Integer, Integer> hold =
                MemoryExample.MY_FUNCTION.on(
                        place.host(),
                        Athanor.machineType("XS"),
                        Athanor.logs(line -> lines.add(line.text())));

        assertThat(hold.call(10)).isEqualTo(10 << 20);
        assertThat(lines).isEmpty();
        assertThat(hold.call(400)).isEqualTo(400 << 20);
        assertThat(lines).singleElement(STRING).contains("ran out of memory on XS");
    }

    @Test
    void localFunctionsAreDefinedInTwoWaysWithTheSameBehaviour() {
        assertThat(LocalExample.MY_FUNCTION_LOCAL.options().host()).isSameAs(Athanor.local());
        assertThat(LocalExample.MY_FUNCTION_LOCAL_2.options().host()).isSameAs(Athanor.local());
        assertThat(LocalExample.MY_FUNCTION_LOCAL.options().machineType())
                .isEqualTo(LocalExample.MY_FUNCTION_LOCAL_2.options().machineType());
        assertThat(LocalExample.MY_FUNCTION_LOCAL.options().requirements())
                .isEqualTo(LocalExample.MY_FUNCTION_LOCAL_2.options().requirements());
    }

    @ParameterizedTest
    @EnumSource
    void aLocalFunctionGoesBackToTheCloud(Place place) {
        assertThat(LocalExample.MY_FUNCTION_CLOUD.options().host()).isSameAs(Athanor.cloud());
        assertThat(LocalExample.MY_FUNCTION_CLOUD.options().machineType()).isEqualTo("M");

        assertThat(place.place(LocalExample.MY_FUNCTION_CLOUD).call()).isNotBlank();
        assertThat(place.place(LocalExample.MY_FUNCTION_LOCAL_2).call()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource
    void anEnvironmentIsKeptAlive(Place place) {
        assertThat(KeepAliveExample.GET_JOKE.options().keepAlive())
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(IsolatedExample.MY_FUNCTION.options().keepAlive())
                .isEqualTo(Duration.ofSeconds(10));

        assertThat(place.place(KeepAliveExample.GET_JOKE).call()).isNotBlank();
        assertThat(place.place(KeepAliveExample.GET_JOKE).call()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource
    void aCachedValueIsComputedOnce(Place place) {
        IsolatedFunction<String> function = place.place(CachedExample.MY_ISOLATED_FUNCTION);

        assertThat(List.of(function.call(), function.call()))
                .containsOnly("The result is: Hello, World!");
    }

    @ParameterizedTest
    @EnumSource
    void aSyncedFolderIsListedByAFunction(Place place) throws IOException {
        assumeTrue(places.agent().data().contains("functions see it as /data"));
        Path folder = Files.createDirectories(places.folder().resolve("to-sync-" + place));
        Files.writeString(folder.resolve("greeting.txt"), "Hello World");
        Files.writeString(folder.resolve("numbers.txt"), "1 2 3");
        Queue<String> printed = new ConcurrentLinkedQueue<>();

        String remoteDir = Athanor.syncDir(folder, "/data/remote_dir", Athanor.host(place.host()));
        SyncDirExample.TEST
                .on(place.host(), Athanor.logs(line -> printed.add(line.text())))
                .call(remoteDir);

        assertThat(remoteDir).isEqualTo("/data/remote_dir");
        assertThat(printed).containsExactly("greeting.txt", "numbers.txt");
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionCallsAnotherOne(Place place) {
        assertThat(
                        NestedExample.COUNT_ALL
                                .on(place.host(), Athanor.machineType(Athanor.M))
                                .call(List.of("to be", "or not to be")))
                .isEqualTo(6);
    }

    @Test
    void aFunctionFindsItsSecret() throws Exception {
        assertThatThrownBy(() -> SecretsExample.TOKEN_LENGTH.on(places.cloud()).call())
                .hasMessageContaining("athanor secrets set API_TOKEN");

        assertThat(
                        Program.run(
                                SecretsLocally.class,
                                Map.of(
                                        "API_TOKEN",
                                        "four",
                                        "ATHANOR_CACHE",
                                        places.folder().resolve("secrets-cache").toString())))
                .containsExactly("4");
    }

    /** The example on the local host. */
    static final class SecretsLocally {
        private SecretsLocally() {}

        public static void main(String[] args) {
            System.out.println(SecretsExample.TOKEN_LENGTH.on(Athanor.local()).call());
        }
    }

    @Test
    void theProgramsPrintWhatTheReferenceSays() throws Exception {
        Map<String, String> cluster =
                Map.of("ATHANOR_BOOTSTRAP_SERVERS", places.kafka().bootstrapServers());

        assertThat(Program.run(IsolatedExample.class, cluster)).containsExactly("Hello World");
        assertThat(Program.run(RequirementsExample.class, cluster))
                .singleElement(STRING)
                .isNotBlank();
        assertThat(Program.run(MachineTypesExample.class, cluster)).isEmpty();
        assertThat(Program.run(KeepAliveExample.class, cluster))
                .hasSize(2)
                .allMatch(line -> !line.isBlank());
        assertThat(Program.run(NestedExample.class, cluster)).containsExactly("6");
        assertThat(Program.run(CachedExample.class, cluster))
                .startsWith("The result is: Hello, World!", "The result is: Hello, World!");
        if (places.agent().data().contains("functions see it as /data")) {
            assertThat(Program.run(SyncDirExample.class, cluster))
                    .containsExactly("greeting.txt", "numbers.txt");
        }
    }

    @Test
    void theLocalProgramNeedsNoCluster() throws Exception {
        Map<String, String> none =
                Map.of(
                        "ATHANOR_BOOTSTRAP_SERVERS",
                        "localhost:1",
                        "ATHANOR_CACHE",
                        places.folder().resolve("program-cache").toString());

        assertThat(Program.run(LocalExample.class, none))
                .hasSize(2)
                .allMatch(line -> !line.isBlank());
    }
}
