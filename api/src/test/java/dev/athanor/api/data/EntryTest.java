package dev.athanor.api.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {
    @ParameterizedTest
    @CsvSource({
        "l, a",
        "l, ./a/b",
        "l, .",
        "a/l, ..",
        "a/l, ../b",
        "a/b/l, ../../c/d",
        "a/b/l, ../../"
    })
    void linksWithinTheTreeAreWhatTheySay(String path, String target) {
        assertThat(new Entry.Link(path, target).target()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "l, ..",
        "l, /etc/passwd",
        "a/l, ../..",
        "a/l, ../../etc",
        // Where b is a link to c/d/e, this leads out of the tree.
        "a/l, ../b/../..",
        "a/l, b/.."
    })
    void linksThatLeadOrMayLeadOutAreRefused(String path, String target) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Entry.Link(path, target))
                .withMessageContaining("leads out of its tree");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "../etc", "a/../b", "a//b", "a/", ".", "..", "a\0", "a/./b"})
    void pathsThatAreNoneInTheTreeAreRefused(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Entry.Folder(path, 0755));
        assertThatIllegalArgumentException().isThrownBy(() -> new Entry.Link(path, "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Entry.File(path, 0644, 0, 0, ChunkDigests.of(new byte[0])));
    }

    @Test
    void aFileHasADigestForEachChunk() {
        ChunkDigests one = ChunkDigests.of(new byte[32]);

        assertThat(new Entry.File("a", 0, Chunks.BYTES, 0, one).content()).isEqualTo(one);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Entry.File("a", 0, Chunks.BYTES + 1, 0, one));
        assertThatIllegalArgumentException().isThrownBy(() -> new Entry.File("a", 0, -1, 0, one));
    }

    @Test
    void bitsThatGiveRightsOfOthersAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Entry.Folder("a", 04755));
    }
}
