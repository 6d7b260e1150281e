package dev.athanor.api.data;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestOrderTest {
    private static void check(Entry... entries) {
        ManifestOrder order = new ManifestOrder();
        List.of(entries).forEach(order::next);
    }

    private static Entry.Folder folder(String path) {
        return new Entry.Folder(path, 0755);
    }

    private static Entry.Link link(String path) {
        return new Entry.Link(path, "x");
    }

    private static void refuses(Entry... entries) {
        assertThatIllegalArgumentException().isThrownBy(() -> check(entries));
    }

    @Test
    void membersComeAfterTheirFolderByName() {
        assertThatCode(() ->
                        check(
                                folder(""),
                                folder("a"),
                                folder("a/b"),
                                link("a/b/c"),
                                link("a/z"),
                                link("a.txt"),
                                folder("b")))
                .doesNotThrowAnyException();
    }

    @Test
    void whatDescribesNoTreeIsRefused() {
        refuses(link("a"));
        refuses(folder("a"));
        refuses(folder(""), folder(""));
        refuses(folder(""), link("b"), link("a"));
        refuses(folder(""), link("a"), link("a"));
        refuses(folder(""), folder("a"), folder("a"));
    }

    @Test
    void nothingIsBelowWhatIsNoFolderOrHasBeenLeft() {
        refuses(folder(""), link("a"), link("a/b"));
        refuses(folder(""), link("a/b"));
        refuses(folder(""), folder("a"), link("b"), link("a/c"));
    }
}
