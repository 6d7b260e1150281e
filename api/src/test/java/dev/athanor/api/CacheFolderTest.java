package dev.athanor.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
    private static final Path HOME = Path.of("/home/ada");

    @Test
    void itIsInTheUsersCaches() {
        assertThat(CacheFolder.find(Map.of(), HOME)).isEqualTo(Path.of("/home/ada/.cache/athanor"));
        assertThat(CacheFolder.find(Map.of("XDG_CACHE_HOME", "/caches"), HOME))
                .isEqualTo(Path.of("/caches/athanor"));
    }

    @Test
    void aRelativeCacheHomeCountsAsNone() {
        assertThat(CacheFolder.find(Map.of("XDG_CACHE_HOME", "caches"), HOME))
                .isEqualTo(Path.of("/home/ada/.cache/athanor"));
        assertThat(CacheFolder.find(Map.of("XDG_CACHE_HOME", ""), HOME))
                .isEqualTo(Path.of("/home/ada/.cache/athanor"));
    }

    @Test
    void itsOwnVariableWins() {
        assertThat(
                        CacheFolder.find(
                                Map.of("ATHANOR_CACHE", "/own", "XDG_CACHE_HOME", "/caches"), HOME))
                .isEqualTo(Path.of("/own"));
    }
}
