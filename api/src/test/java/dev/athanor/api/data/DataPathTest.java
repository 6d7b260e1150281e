package dev.athanor.api.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"/data/a/b", "/data/a/b/", "/data//a/./b"})
    void aFolderBelowDataIsOneAndTheSameHoweverItIsWritten(String path) {
        DataPath parsed = DataPath.parse(path);

        assertThat(parsed.toString()).isEqualTo("/data/a/b");
        assertThat(parsed.in(Path.of("/srv/t"))).isEqualTo(Path.of("/srv/t/a/b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "data/a",
                "/data",
                "/data/",
                "/data/.",
                "/database/a",
                "/etc/data/a",
                "/data/../etc",
                "/data/a/..",
                "/data/a/../../etc",
                "/data/..",
                "/data/.athanor/sync",
                "/data/./.athanor",
                "/data/a\0b"
            })
    void whatLeadsElsewhereIsRefused(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> DataPath.parse(path));
    }
}
