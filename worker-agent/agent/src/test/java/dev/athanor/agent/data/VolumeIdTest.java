package dev.athanor.agent.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeIdTest {
    @TempDir private Path volume;

    @Test
    void aVolumeKeepsTheIdThatItGets() throws IOException {
        assertThat(VolumeId.read(volume)).isEmpty();

        String id = VolumeId.readOrMake(volume);

        assertThat(id).hasSize(36);
        assertThat(VolumeId.readOrMake(volume)).isEqualTo(id);
        assertThat(VolumeId.read(volume)).isEqualTo(Optional.of(id));
        try (Stream<Path> files = Files.list(volume)) {
            assertThat(files).containsExactly(volume.resolve(".athanor-volume"));
        }
    }

    @Test
    void allThatMakeItGetTheSame() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> made = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                made.add(threads.submit(() -> VolumeId.readOrMake(volume)));
            }
            Set<String> ids = new HashSet<>();
            for (Future<String> id : made) {
                ids.add(id.get());
            }
            assertThat(ids).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "../x", "\0"})
    void aFileThatHoldsNoIdIsRefused(String text) throws IOException {
        Files.writeString(volume.resolve(".athanor-volume"), text);

        assertThatExceptionOfType(DataVolumeException.class)
                .isThrownBy(() -> VolumeId.readOrMake(volume))
                .withMessageContaining("holds no volume id");
    }

    @Test
    void tenantsHaveFoldersThatOnlyTheAgentsUserReads() throws IOException {
        DataVolume data = new DataVolume(volume, "id", Optional.empty());

        Path folder = data.folder("acme");

        assertThat(folder).isEqualTo(volume.resolve("acme")).isDirectory();
        assertThat(data.folder("acme")).isEqualTo(folder);
        assertThat(Files.getPosixFilePermissions(folder)).hasSize(3);
        for (String name : List.of("", ".", "..", "a/b", "../a", ".athanor-volume")) {
            assertThatIllegalArgumentException().isThrownBy(() -> data.folder(name));
        }
    }
}
