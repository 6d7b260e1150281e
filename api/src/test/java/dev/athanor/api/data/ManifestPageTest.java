package dev.athanor.api.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestPageTest {
    private final ManifestPage page =
            new ManifestPage(
                    List.of(
                            Pages.root(),
                            Pages.file("größe.txt", "text"),
                            Pages.file("leer", ""),
                            new Entry.Folder("sub", 0700),
                            new Entry.Link("sub/up", "../leer")));

    @Test
    void itsBytesSayItAll() {
        assertThat(ManifestPage.decode(page.encode())).isEqualTo(page);
        assertThat(page.chunks()).isEqualTo(1);
    }

    @Test
    void cutLengthenedAndChangedBytesAreAPageOrRefused() {
        byte[] bytes = page.encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().isThrownBy(() -> ManifestPage.decode(cut));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManifestPage.decode(Arrays.copyOf(bytes, bytes.length + 1)));
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            byte[] changed = bytes.clone();
            changed[random.nextInt(bytes.length)] = (byte) random.nextInt();
            assertThatCode(() -> decodeOrRefuse(changed)).doesNotThrowAnyException();
        }
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            assertThat(ManifestPage.decode(bytes).entries()).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Test
    void aHostileCountOrSizeAllocatesNothing() {
        byte[] count = ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array();
        byte[] size =
                ByteBuffer.allocate(28)
                        .putInt(1)
                        .put((byte) 2)
                        .putShort((short) 1)
                        .put((byte) 'a')
                        .putInt(0644)
                        .putLong(1L << 51)
                        .putLong(0)
                        .array();

        assertThatIllegalArgumentException().isThrownBy(() -> ManifestPage.decode(count));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManifestPage.decode(size))
                .withMessageContaining("too few digests");
    }
}
