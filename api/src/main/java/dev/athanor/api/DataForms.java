package dev.athanor.api;

import dev.athanor.api.data.DataPath;
import java.nio.file.Path;

/** What callers do with the persistent data of their functions, as {@link Athanor} offers it. */
abstract sealed class DataForms permits OptionForms {
    DataForms() {}

    /**
     * Makes a folder below {@code /data} the same as a local one: files, folders, their permissions
     * and symbolic links. Only what differs is sent; what the local folder does not have is
     * deleted. {@code /data} is the caller's tenant's own; it outlasts sandboxes and agents, and
     * functions see it there.
     *
     * {@snippet :
     * String models = syncDir(Path.of("models"), "/data/models");
     * isolated(() -> new File(models).list()).call();
     * }
     *
     * <p>Files appear whole: each takes the place of the former one by a rename, once all of them
     * have arrived. When callers sync to one folder at the same time, the last one's files stay. A
     * sync that was interrupted goes on where it was when it is made again within a day. A progress
     * bar is shown on a terminal.
     *
     * <p>Any number of files of up to 3 TB is synced with some MiB of memory, 16 MiB more for each
     * TB of the largest file, and the names of the members of one folder of each depth.
     *
     * @param localDir the folder, whose symbolic links lead to places inside of it
     * @param remoteDir absolute, below {@code /data}
     * @param options of the functions that receive it, such as {@code host(local())} or {@code
     *     machineType(M)}
     * @return the remote folder, as functions name it
     * @throws InvalidOptionException when a folder cannot be used, or has something in it that
     *     cannot be synced
     * @throws SyncFailedException when files cannot be read, or change meanwhile
     */
    public static String syncDir(Path localDir, String remoteDir, Option... options) {
        DataPath target = Legal.dataPath(remoteDir);
        LocalTree tree = LocalTree.open(localDir);
        try (SyncProgress progress = SyncProgress.onTerminal(target.toString(), tree.bytes())) {
            new FolderSync(tree, new SyncCalls(target, options), progress).run();
        }
        return target.toString();
    }
}
