package dev.athanor.api.internal.bundle;

import dev.athanor.schemas.Digest;
import dev.athanor.schemas.blob.Blobs;
import java.util.Set;

/** A jar that travels with functions, addressed by its content. Immutable; bytes are not copied. */
public final class Bundle {
    private final byte[] bytes;
    private final Digest digest;
    private final Set<String> classNames;

    Bundle(byte[] bytes, Set<String> classNames) {
        this.bytes = bytes;
        this.digest = Blobs.digest(bytes);
        this.classNames = Set.copyOf(classNames);
    }

    /** The jar; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public Digest digest() {
        return digest;
    }

    /** Binary names of the classes in it. */
    public Set<String> classNames() {
        return classNames;
    }
}
