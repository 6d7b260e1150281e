package dev.athanor.api.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Entries and pages for tests. */
final class Pages {
    private Pages() {}

    static Entry.Folder root() {
        return new Entry.Folder("", 0755);
    }

    /** A file with a text that is shorter than a chunk. */
    static Entry.File file(String path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Entry.File(
                path,
                0644,
                bytes.length,
                1_700_000_000_000_000_000L,
                ChunkDigests.of(bytes.length == 0 ? bytes : Sha256.of(ByteBuffer.wrap(bytes))));
    }

    static SentChunk chunk(Entry.File file, String text) {
        return SentChunk.of(file, 0, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] page(Entry... entries) {
        return new ManifestPage(List.of(entries)).encode();
    }

    /** Sends one file, in a tree of its own. */
    static void sync(RemoteFolder folder, String session, String path, String text)
            throws IOException {
        Entry.File file = file(path, text);
        byte[] page = page(root(), file);
        if (!folder.lacking(session, 0, page).isEmpty()) {
            folder.store(List.of(chunk(file, text)));
        }
        if (!folder.lacking(session, 0, page).isEmpty() || !folder.commit(session, 1).isEmpty()) {
            throw new AssertionError("not there: " + path);
        }
    }
}
