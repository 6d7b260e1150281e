package dev.athanor.api.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/** What a caller that syncs a folder has run in a sandbox, with the rights of its functions. */
public final class DataFunctions {
    /** The environment variable that names the folder which functions see as {@code /data}. */
    public static final String ROOT_VARIABLE = "ATHANOR_DATA";

    private DataFunctions() {}

    /** {@link RemoteFolder#lacking}. */
    public static byte[] lacking(String folder, String session, int number, byte[] page)
            throws IOException {
        return folder(folder).lacking(session, number, page).toByteArray();
    }

    /** {@link RemoteFolder#store}. */
    public static void store(String folder, List<SentChunk> chunks) throws IOException {
        folder(folder).store(chunks);
    }

    /** {@link RemoteFolder#commit}. */
    public static byte[] commit(String folder, String session, int pages) throws IOException {
        BitSet missing = folder(folder).commit(session, pages);
        return missing.toByteArray();
    }

    private static RemoteFolder folder(String folder) {
        String root = System.getenv(ROOT_VARIABLE);
        if (root == null) {
            throw new IllegalStateException("this sandbox has no " + DataPath.ROOT);
        }
        return new SyncedFolder(Path.of(root), DataPath.parse(folder));
    }
}
