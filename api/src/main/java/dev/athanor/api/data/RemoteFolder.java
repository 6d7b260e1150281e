package dev.athanor.api.data;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/** The far end of a sync. Each step can be taken any number of times. */
public interface RemoteFolder {
    /**
     * Takes a page of the tree's description and tells what is to be sent for it.
     *
     * @param session names this sync: 36 characters of a UUID
     * @param number of the page, from 0
     * @param page as {@link ManifestPage#encode} makes it
     * @return positions of the chunks that are not there, counted over all files of the page; where
     *     it is empty, all of the page is there and durable
     */
    BitSet lacking(String session, int number, byte[] page) throws IOException;

    /** Takes chunks, of any files. */
    void store(List<SentChunk> chunks) throws IOException;

    /**
     * Puts the tree of all pages in place.
     *
     * @return numbers of the pages of which something is no longer there; nothing has been changed
     *     where there is one
     */
    BitSet commit(String session, int pages) throws IOException;
}
