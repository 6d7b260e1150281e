package dev.athanor.api.internal.bundle;

/** A class file and where it comes from. Bytes are not copied. */
final class ClassFile {
    private final CodeLocation location;
    private final byte[] bytes;

    ClassFile(CodeLocation location, byte[] bytes) {
        this.location = location;
        this.bytes = bytes;
    }

    CodeLocation location() {
        return location;
    }

    byte[] bytes() {
        return bytes;
    }
}
