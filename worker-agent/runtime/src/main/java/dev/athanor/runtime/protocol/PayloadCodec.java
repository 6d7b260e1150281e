package dev.athanor.runtime.protocol;

/** How the bytes of arguments and results are to be read; the numbers are on the wire. */
public final class PayloadCodec {

    /**
     * Java serialization: of an {@code Object[]} for arguments, of the object for a result; or
     * {@link PlainValues}.
     */
    public static final byte JAVA = 0;

    /** JSON. */
    public static final byte JSON = 1;

    /** Python's pickle. */
    public static final byte PICKLE = 2;

    private PayloadCodec() {}
}
