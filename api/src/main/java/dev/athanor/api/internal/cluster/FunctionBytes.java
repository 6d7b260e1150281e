package dev.athanor.api.internal.cluster;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A function as its invocations carry it; a key that is hashed once. Immutable. */
final class FunctionBytes {
    private final ByteBuffer bytes;
    private final int hash;

    /**
     * @param bytes a FunctionSpec in single-object encoding; not to be changed
     */
    FunctionBytes(ByteBuffer bytes) {
        this.bytes = bytes.asReadOnlyBuffer();
        this.hash = bytes.hashCode();
    }

    /** Read-only, at a position of its own for each caller. */
    ByteBuffer bytes() {
        return bytes.duplicate();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof FunctionBytes that
                        && hash == that.hash
                        && bytes.equals(that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
