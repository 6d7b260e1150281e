package dev.athanor.schemas.blob;

/** A blob that is not, or no longer, where its address says; the sender can send it again. */
public final class BlobGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BlobGoneException(String message) {
        super(message);
    }
}
