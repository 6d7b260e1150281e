package dev.athanor.loadtests.fuzz;

import org.jspecify.annotations.Nullable;

/** A real record that mutations start from. Whoever gets its bytes must not change them. */
final class Sample {
    private final String topic;
    private final byte @Nullable [] key;
    private final byte[] value;

    Sample(String topic, byte @Nullable [] key, byte[] value) {
        this.topic = topic;
        this.key = key;
        this.value = value;
    }

    String topic() {
        return topic;
    }

    byte @Nullable [] key() {
        return key;
    }

    byte[] value() {
        return value;
    }
}
