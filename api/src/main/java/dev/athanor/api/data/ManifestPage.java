package dev.athanor.api.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a tree's description, small enough to be held in memory: folders before what is in
 * them, members of a folder by name.
 */
public record ManifestPage(List<Entry> entries) {
    private static final int FOLDER = 1;
    private static final int FILE = 2;
    private static final int LINK = 3;

    public ManifestPage {
        entries = List.copyOf(entries);
    }

    /** How many chunks all its files have. */
    public int chunks() {
        int chunks = 0;
        for (Entry entry : entries) {
            chunks += entry instanceof Entry.File file ? file.content().count() : 0;
        }
        return chunks;
    }

    /** Its bytes, about 100 for each entry and 16 for each MiB of its files. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(entries.size());
            for (Entry entry : entries) {
                write(entry, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(Entry entry, DataOutputStream out) throws IOException {
        if (entry instanceof Entry.Folder folder) {
            out.writeByte(FOLDER);
            out.writeUTF(folder.path());
            out.writeInt(folder.mode());
        } else if (entry instanceof Entry.File file) {
            out.writeByte(FILE);
            out.writeUTF(file.path());
            out.writeInt(file.mode());
            out.writeLong(file.size());
            out.writeLong(file.modified());
            out.write(file.content().bytes());
        } else if (entry instanceof Entry.Link link) {
            out.writeByte(LINK);
            out.writeUTF(link.path());
            out.writeUTF(link.target());
        }
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is something else, or describes no tree
     */
    public static ManifestPage decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int count = in.readInt();
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(read(in));
            }
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes are left");
            }
            return new ManifestPage(entries);
        } catch (IOException | ArithmeticException e) {
            throw new IllegalArgumentException("no page of a manifest: " + e, e);
        }
    }

    private static Entry read(DataInputStream in) throws IOException {
        int type = in.readByte();
        String path = in.readUTF();
        return switch (type) {
            case FOLDER -> new Entry.Folder(path, in.readInt());
            case FILE -> {
                int mode = in.readInt();
                long size = in.readLong();
                long modified = in.readLong();
                yield new Entry.File(path, mode, size, modified, digests(in, size));
            }
            case LINK -> new Entry.Link(path, in.readUTF());
            default -> throw new IOException("no entry is of type " + type);
        };
    }

    /** Allocates no more than is there. */
    private static ChunkDigests digests(DataInputStream in, long size) throws IOException {
        long length = size < 0 ? -1 : (long) Chunks.count(size) * ChunkDigests.DIGEST_BYTES;
        if (length < 0 || length > in.available()) {
            throw new IOException("a file of %d bytes has too few digests".formatted(size));
        }
        return ChunkDigests.of(in.readNBytes((int) length));
    }
}
