package dev.athanor.api;

import dev.athanor.api.data.DataFunctions;
import dev.athanor.api.data.DataPath;
import dev.athanor.api.data.RemoteFolder;
import dev.athanor.api.data.SentChunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The far end of a sync as isolated functions, in a sandbox of the caller's tenant. */
final class SyncCalls implements RemoteFolder {
    /** To put a large tree in place, on a small machine type, takes its time. */
    private static final Duration TIMEOUT = Duration.ofDays(1);

    private final String folder;
    private final IsolatedFunction4<String, String, Integer, byte[], byte[]> lacking;
    private final IsolatedFunction2<String, List<SentChunk>, ?> store;
    private final IsolatedFunction3<String, String, Integer, byte[]> commit;

    SyncCalls(DataPath folder, Option... options) {
        List<Option> all = new ArrayList<>();
        all.add(Athanor.name("syncDir"));
        all.add(Athanor.timeout(TIMEOUT));
        all.addAll(List.of(options));
        Option[] given = all.toArray(Option[]::new);
        this.folder = folder.toString();
        lacking = Athanor.isolated4(DataFunctions::lacking, given);
        store = Athanor.isolatedVoid2(DataFunctions::store, given);
        commit = Athanor.isolated3(DataFunctions::commit, given);
    }

    @Override
    public BitSet lacking(String session, int number, byte[] page) {
        return BitSet.valueOf(lacking.call(folder, session, number, page));
    }

    @Override
    public void store(List<SentChunk> chunks) {
        store.call(folder, chunks);
    }

    @Override
    public BitSet commit(String session, int pages) {
        return BitSet.valueOf(commit.call(folder, session, pages));
    }
}
