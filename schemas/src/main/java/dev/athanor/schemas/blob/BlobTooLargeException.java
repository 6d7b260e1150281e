package dev.athanor.schemas.blob;

/** Bytes that exceed the limit of one blob; nothing was sent. */
public final class BlobTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BlobTooLargeException(long size, long limit) {
        super("%,d bytes exceed the limit of %,d bytes for one blob".formatted(size, limit));
    }
}
