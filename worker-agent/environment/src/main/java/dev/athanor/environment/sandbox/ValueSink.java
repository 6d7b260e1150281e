package dev.athanor.environment.sandbox;

/**
 * Takes the values of a function that yields, while it runs and in their order. Called on the
 * sandbox's reading thread, which it may hold up: the function is then held up as well. It must not
 * throw: that ends the sandbox.
 */
public interface ValueSink {

    /** How many values may come before more are granted; 0: none, the function has one result. */
    int window();

    /**
     * Takes a value.
     *
     * @param index from 0
     * @param codec how it is to be read, see {@link dev.athanor.runtime.protocol.PayloadCodec}
     */
    void value(long index, byte codec, byte[] bytes);

    /** For functions with one result. */
    static ValueSink none() {
        return new ValueSink() {
            @Override
            public int window() {
                return 0;
            }

            @Override
            public void value(long index, byte codec, byte[] bytes) {
                throw new IllegalStateException("a value where none is expected");
            }
        };
    }
}
